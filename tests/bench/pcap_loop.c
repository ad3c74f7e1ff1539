/* pcap_loop.c: the least that reading a capture can cost, to measure others by
 *
 * Counts packets and bytes with libpcap's own loop and does nothing with them.
 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>

struct count {
    uint64_t packets, bytes;
};

static void count_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct count *count = (struct count *)(void *)user;

    (void)bytes;
    count->packets++;
    count->bytes += header->caplen;
}

int main(int argc, char **argv)
{
    char problem[PCAP_ERRBUF_SIZE];
    struct count count = { 0 };

    if (argc != 2) {
        fprintf(stderr, "usage: pcap_loop FILE\n");
        return 2;
    }
    pcap_t *capture = pcap_open_offline(argv[1], problem);
    if (capture == NULL) {
        fprintf(stderr, "%s\n", problem);
        return 2;
    }
    if (pcap_loop(capture, -1, count_packet, (u_char *)&count) != 0)
        fprintf(stderr, "%s\n", pcap_geterr(capture));
    pcap_close(capture);
    printf("%llu packets, %llu bytes\n", (unsigned long long)count.packets,
           (unsigned long long)count.bytes);
    return 0;
}
