/* capture.h: files and interfaces as one sequence of packets in time order */
#ifndef LYNCSCOPE_CAPTURE_H
#define LYNCSCOPE_CAPTURE_H

#include "lyncscope/packet.h"
#include "lyncscope/status.h"

enum input_kind { INPUT_PCAP, INPUT_PCAPNG, INPUT_LIVE };

enum { INPUT_WARNINGS_MAX = 32 };

/* Two inputs saw the same packets at times that differ. */
struct clock_gap {
    int64_t ahead_ns; /* 0: no difference was found */
    uint32_t reference;
    uint64_t packet, reference_packet; /* one that both saw */
};

struct input_info {
    const char *path; /* as the user named it; "-" is standard input; live: the interface */
    enum input_kind kind;
    uint64_t packets, bytes;             /* read so far; bytes of packets as captured */
    int64_t first_time_ns, last_time_ns; /* meaningless while packets is 0 */
    uint64_t cut_packets;                /* cut by the snap length */
    uint64_t drops; /* what kernel, interface or the capturing program say they dropped */
    bool broke_off; /* the file ends inside a packet or block */
    const char *warnings[INPUT_WARNINGS_MAX];
    size_t warning_count;   /* the last one tells how many were left out, when there are more */
    struct clock_gap clock; /* taken out of its packets' times, where it is */
    double progress;        /* 0..1; negative when unknown (standard input, live) */
};

/* A Decryption Secrets Block (pcapng 4.7). Those of a file that can be read twice are all told when
 * it is added, wherever they stand; those of a pipe when they come. */
enum { SECRETS_TLS_KEY_LOG = 0x544c534b };
struct secrets_sink {
    void (*take)(void *context, uint32_t type, struct slice bytes); /* NULL: nobody asks */
    void *context;
};

struct capture_options {
    const char *filter; /* a pcap filter expression, or NULL */
    struct secrets_sink secrets;
    size_t ring_bytes; /* live; 0: 64 MiB */
};

/* All inputs as one story, merged by time. Input i of the report is the i-th added. */
struct capture;
struct capture *capture_create(const struct capture_options *options);
enum status capture_add_file(struct capture *capture, const char *path,
                             struct complaint *complaint) MUST_CHECK;
enum status capture_add_interface(struct capture *capture, const char *name,
                                  struct complaint *complaint) MUST_CHECK;
/* STATUS_OK: a packet. STATUS_WAIT: live, nothing now. STATUS_END. What breaks in the middle of a
 * file is a warning of that input, then the next input goes on. */
enum status capture_next(struct capture *capture, struct packet *packet) MUST_CHECK;
/* Live: file descriptors to wait on, -1-terminated. */
const int *capture_descriptors(struct capture *capture);
void capture_stop(struct capture *capture); /* live: from a signal handler too; next gives what is
                                               left, then END */
size_t capture_input_count(const struct capture *capture);
const struct input_info *capture_input(const struct capture *capture, size_t index);
void capture_free(struct capture *capture);

/* The packets of an input once more, for who wants to see bytes that nobody kept: of a file, not of
 * a pipe or an interface. NULL: the complaint says why. Given back with capture_free. */
struct capture *capture_open_again(const struct input_info *input, struct complaint *complaint);
/* Reads on to that packet. Numbers are asked for from the lowest on. STATUS_WAIT: not there yet
 * after that time. STATUS_END: the file has no such packet, or it has been passed. */
enum status capture_packet_at(struct capture *again, uint64_t number, unsigned milliseconds,
                              struct packet *packet) MUST_CHECK;

/* The IP packet inside a frame (VLAN tags, cooked headers, PPPoE ... stripped); empty when there is
 * none. analyzer/capture/link.c; pure. */
struct slice link_find_ip(int link_type, struct slice frame);
const char *link_type_name(int link_type); /* "Ethernet"; NULL when unknown */

#endif
