/* live.c: packets from an interface, through libpcap
 *
 * Normal (not immediate) mode with a large ring: the kernel hands packets over
 * in blocks, at the latest after the time-out.  Each packet is copied out of
 * the ring, for libpcap may give a block back before its last packet is used.
 */
#include <net/if.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "lyncscope/text.h"
#include "source.h"

enum {
    RING_BYTES = 64 << 20,
    RING_BYTES_MIN = 2 << 20,
    TIMEOUT_MS = 100,
    DRAIN_MS = 2 * TIMEOUT_MS, /* after a stop: until the last block has been handed over */
    CHECK_EVERY_NS = 500000000,
    NS_PER_S = 1000000000,
    NS_PER_MS = 1000000,
};

struct live {
    struct input *input;
    pcap_t *handle;
    struct buffer bytes;   /* of the packet given out */
    struct packet *packet; /* being filled in */
    int link_type;
    int fraction_ns;
    int64_t drained_ns;    /* when to end after a stop; 0: not stopped */
    int64_t stopped_ns;    /* on the packets' clock: later ones are not given out */
    int64_t next_check_ns; /* on the monotonic clock */
};

static int64_t read_clock(clockid_t clock)
{
    struct timespec now = { 0 };

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

/* ---- reading ---- */

static void take_packet(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
    struct live *live = (struct live *)(void *)user;
    struct packet *packet = live->packet;

    live->bytes.length = 0;
    if (!buffer_append(&live->bytes, slice_of(bytes, header->caplen)))
        return; /* no memory: given out as a packet of which nothing was captured */
    packet->time_ns =
        (int64_t)header->ts.tv_sec * NS_PER_S + (int64_t)header->ts.tv_usec * live->fraction_ns;
    packet->link_type = live->link_type;
    packet->bytes = buffer_slice(&live->bytes);
    packet->wire_length = header->len;
}

static void read_statistics(struct live *live)
{
    struct pcap_stat statistics;

    if (pcap_stats(live->handle, &statistics) == 0)
        live->input->info.drops = (uint64_t)statistics.ps_drop + statistics.ps_ifdrop;
}

/* Asked where nothing comes: libpcap waits on without a word for an interface that went down. */
static bool is_up(const struct live *live)
{
    struct ifreq request = { 0 };
    int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool up = true; /* where it cannot be told, as of `any` */

    snprintf(request.ifr_name, sizeof request.ifr_name, "%s", live->input->info.path);
    if (control >= 0 && ioctl(control, SIOCGIFFLAGS, &request) == 0)
        up = request.ifr_flags & IFF_UP;
    if (control >= 0)
        close(control);
    return up;
}

/* `why` is NULL when it was to end. */
static enum status end_live(struct live *live, const char *why)
{
    read_statistics(live);
    if (why)
        input_warn(live->input, "the capture on %s ended: %s", live->input->name, why);
    return STATUS_END;
}

static enum status wait_for_more(struct live *live)
{
    int64_t now = read_clock(CLOCK_MONOTONIC);

    if (now < live->next_check_ns)
        return STATUS_WAIT;
    live->next_check_ns = now + CHECK_EVERY_NS;
    read_statistics(live);
    return is_up(live) ? STATUS_WAIT : end_live(live, "the interface went down");
}

/* Stopped: waits for what the kernel has not handed over yet. False: there is nothing more. */
static bool wait_for_rest(struct live *live)
{
    int64_t now = read_clock(CLOCK_MONOTONIC);
    struct pollfd ring = { .fd = pcap_get_selectable_fd(live->handle), .events = POLLIN };

    if (now >= live->drained_ns)
        return false;
    return poll(&ring, 1, (int)((live->drained_ns - now) / NS_PER_MS) + 1) > 0;
}

static void note_stop(struct live *live)
{
    if (live->drained_ns || !*live->input->stopped)
        return;
    live->drained_ns = read_clock(CLOCK_MONOTONIC) + (int64_t)DRAIN_MS * NS_PER_MS;
    live->stopped_ns = read_clock(CLOCK_REALTIME);
}

static enum status live_next(void *source, struct packet *packet)
{
    struct live *live = source;
    int result;

    note_stop(live);
    *packet = (struct packet){ 0 };
    live->packet = packet;
    do
        result = pcap_dispatch(live->handle, 1, take_packet, (u_char *)live);
    while (result == 0 && live->drained_ns && wait_for_rest(live));
    if (result > 0 && live->drained_ns && packet->time_ns > live->stopped_ns)
        return end_live(live, NULL);
    if (result > 0)
        return STATUS_OK;
    if (result < 0 || live->drained_ns)
        return end_live(live, result < 0 ? pcap_geterr(live->handle) : NULL);
    return wait_for_more(live);
}

static int live_descriptor(void *source)
{
    const struct live *live = source;

    return pcap_get_selectable_fd(live->handle);
}

static void live_close(void *source)
{
    struct live *live = source;

    pcap_close(live->handle);
    buffer_release(&live->bytes);
    memory_give(NULL, live, sizeof *live);
}

static const struct source_functions live_functions = {
    .next = live_next,
    .close = live_close,
    .descriptor = live_descriptor,
};

/* ---- opening ---- */

static enum status refuse_unknown(const char *name, struct complaint *complaint)
{
    char errors[PCAP_ERRBUF_SIZE];
    struct text list = { 0 };
    pcap_if_t *all = NULL;

    if (pcap_findalldevs(&all, errors) == 0)
        for (const pcap_if_t *one = all; one; one = one->next)
            text_print(&list, "%s%s", one == all ? "" : ", ", one->name);
    pcap_freealldevs(all);
    (void)complain(complaint, "%s: no such interface; there are: %s", name,
                   text_length(&list) > 0 ? text_string(&list) : "none that may be used");
    text_release(&list);
    return STATUS_REFUSED;
}

static enum status refuse_activation(const struct live *live, int result,
                                     struct complaint *complaint)
{
    const char *name = live->input->name;

    switch (result) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
        return refuse_unknown(name, complaint);
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
        return complain(complaint,
                        "capturing on %s needs root or cap_net_raw; try: sudo lyncscope -i %s, "
                        "or: sudo setcap cap_net_raw+ep \"$(command -v lyncscope)\"",
                        name, name);
    case PCAP_ERROR_IFACE_NOT_UP:
        return complain(complaint, "%s: the interface is down; try: sudo ip link set %s up", name,
                        name);
    default:
        return complain(complaint, "%s: cannot capture on it: %s", name,
                        live->handle ? pcap_geterr(live->handle) : "no memory");
    }
}

/* Returns pcap_activate's result; the handle is there on failure too, for its message. */
static int activate(struct live *live, size_t ring_bytes)
{
    const char *name = live->input->info.path;
    char errors[PCAP_ERRBUF_SIZE];

    live->handle = pcap_create(name, errors);
    if (!live->handle)
        return PCAP_ERROR;
    pcap_set_snaplen(live->handle, PACKET_BYTES_USUAL);
    pcap_set_buffer_size(live->handle, (int)ring_bytes);
    pcap_set_timeout(live->handle, TIMEOUT_MS);
    pcap_set_promisc(live->handle, strcmp(name, "any") != 0);
    pcap_set_tstamp_precision(live->handle, PCAP_TSTAMP_PRECISION_NANO);
    return pcap_activate(live->handle);
}

/* A ring the kernel has no memory for is asked for at half the size. */
static int activate_with_ring(struct live *live, size_t wanted)
{
    size_t ring = wanted;
    int result = activate(live, ring);

    while (result == PCAP_ERROR && ring / 2 >= RING_BYTES_MIN) {
        if (live->handle)
            pcap_close(live->handle);
        ring /= 2;
        result = activate(live, ring);
    }
    if (result >= 0 && ring < wanted)
        input_warn(live->input,
                   "the kernel gave a ring of %zu MiB instead of %zu: packets may be dropped",
                   ring >> 20, wanted >> 20);
    if (result > 0)
        input_warn(live->input, "%s: %s", live->input->name, pcap_statustostr(result));
    return result;
}

/* The second version of cooked frames tells the interface, and has to be asked for. */
static void choose_link_type(struct live *live)
{
    int *offered = NULL;
    int count = pcap_list_datalinks(live->handle, &offered);

    for (int i = 0; i < count; i++)
        if (offered[i] == DLT_LINUX_SLL2 && pcap_datalink(live->handle) == DLT_LINUX_SLL)
            (void)pcap_set_datalink(live->handle, DLT_LINUX_SLL2);
    if (count >= 0)
        pcap_free_datalinks(offered);
    live->link_type = pcap_datalink(live->handle);
}

static enum status set_filter(struct live *live, const char *expression,
                              struct complaint *complaint)
{
    struct bpf_program code;
    struct text shown = { 0 };

    if (!expression)
        return STATUS_OK;
    if (pcap_compile(live->handle, &code, expression, 1, PCAP_NETMASK_UNKNOWN) == 0) {
        bool set = pcap_setfilter(live->handle, &code) == 0;

        pcap_freecode(&code);
        if (set)
            return STATUS_OK;
    }
    text_add_escaped(&shown, slice_of_text(expression));
    (void)complain(complaint, "filter \"%s\" on %s: %s; see pcap-filter(7)", text_string(&shown),
                   live->input->name, pcap_geterr(live->handle));
    text_release(&shown);
    return STATUS_REFUSED;
}

static enum status start(struct live *live, const struct capture_options *options,
                         struct complaint *complaint)
{
    char errors[PCAP_ERRBUF_SIZE];
    size_t ring = options->ring_bytes ? options->ring_bytes : RING_BYTES;
    int result = activate_with_ring(live, ring < INT32_MAX ? ring : INT32_MAX);

    if (result < 0)
        return refuse_activation(live, result, complaint);
    choose_link_type(live);
    live->fraction_ns =
        pcap_get_tstamp_precision(live->handle) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;
    if (pcap_setnonblock(live->handle, 1, errors) != 0)
        return complain(complaint, "%s: cannot capture on it: %s", live->input->name, errors);
    return set_filter(live, options->filter, complaint);
}

enum status live_open(struct input *input, const struct capture_options *options,
                      struct complaint *complaint)
{
    struct live *live = memory_take(NULL, sizeof *live);
    enum status status;

    if (!live)
        return complain(complaint, "%s: no memory to capture on it", input->name);
    live->input = input;
    input->info.kind = INPUT_LIVE;
    input->info.progress = -1;
    status = start(live, options, complaint);
    if (status != STATUS_OK) {
        if (live->handle)
            pcap_close(live->handle);
        buffer_release(&live->bytes);
        memory_give(NULL, live, sizeof *live);
        return status;
    }
    input->functions = &live_functions;
    input->source = live;
    return STATUS_OK;
}
