/* filter.c: a pcap filter expression over packets of any link type
 *
 * libpcap compiles for one link type; a pcapng file has several, so the
 * expression is compiled anew for each as it turns up.
 */
#include "filter.h"

#include <pcap/pcap.h>

#include "lyncscope/text.h"

enum { PROGRAMS_MAX = 32, LINKTYPE_RAW = 101 };

struct program {
    int link_type;
    bool usable; /* compiled; otherwise nothing of this link type matches */
    struct bpf_program code;
};

struct filter {
    const char *expression;
    struct program programs[PROGRAMS_MAX];
    size_t count;
    struct program *last; /* of the packet before: most often right */
};

struct filter *filter_create(const char *expression)
{
    struct filter *filter = memory_take(NULL, sizeof *filter);

    if (filter)
        filter->expression = expression;
    return filter;
}

void filter_free(struct filter *filter)
{
    if (!filter)
        return;
    for (size_t i = 0; i < filter->count; i++)
        if (filter->programs[i].usable)
            pcap_freecode(&filter->programs[i].code);
    memory_give(NULL, filter, sizeof *filter);
}

/* Sets the complaint when the expression is refused. */
static bool compile(const struct filter *filter, struct program *program,
                    struct complaint *complaint)
{
    /* The one value that files and libpcap's functions number differently. */
    int type = program->link_type == LINKTYPE_RAW ? DLT_RAW : program->link_type;
    pcap_t *handle = pcap_open_dead(type, PACKET_BYTES_USUAL);

    if (!handle) {
        (void)complain(complaint, "no memory to compile the filter");
        return false;
    }
    program->usable =
        pcap_compile(handle, &program->code, filter->expression, 1, PCAP_NETMASK_UNKNOWN) == 0;
    if (!program->usable) {
        struct text shown = { 0 };

        text_add_escaped(&shown, slice_of_text(filter->expression));
        (void)complain(complaint, "filter \"%s\": %s; see pcap-filter(7)", text_string(&shown),
                       pcap_geterr(handle));
        text_release(&shown);
    }
    pcap_close(handle);
    return program->usable;
}

/* Compiles at the first packet of a link type. NULL: more link types than any file has. */
static struct program *find_program(struct filter *filter, int link_type,
                                    struct complaint *complaint)
{
    struct program *program;

    for (size_t i = 0; i < filter->count; i++)
        if (filter->programs[i].link_type == link_type)
            return &filter->programs[i];
    if (filter->count == PROGRAMS_MAX)
        return NULL;
    program = &filter->programs[filter->count++];
    program->link_type = link_type;
    (void)compile(filter, program, complaint);
    return program;
}

enum status filter_check(struct filter *filter, int link_type, struct complaint *complaint)
{
    static const int usual[] = { DLT_EN10MB, DLT_LINUX_SLL, DLT_IEEE802_11_RADIO,
                                 DLT_PPP,    DLT_NULL,      LINKTYPE_RAW };
    const struct program *program;
    struct complaint other;

    if (link_type >= 0) {
        struct program trial = { .link_type = link_type };

        if (!compile(filter, &trial, complaint))
            return STATUS_REFUSED;
        pcap_freecode(&trial.code);
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        program = find_program(filter, usual[i], i == 0 ? complaint : &other);
        if (program && program->usable)
            return STATUS_OK;
    }
    return STATUS_REFUSED;
}

bool filter_matches(struct filter *filter, struct input *input, const struct packet *packet)
{
    const struct pcap_pkthdr header = { .caplen = (bpf_u_int32)packet->bytes.length,
                                        .len = packet->wire_length };
    struct complaint ignored;

    if (!filter->last || filter->last->link_type != packet->link_type)
        filter->last = find_program(filter, packet->link_type, &ignored);
    if (filter->last && filter->last->usable)
        return pcap_offline_filter(&filter->last->code, &header, packet->bytes.data) != 0;
    if (!input->filter_warned)
        input_warn(input,
                   "packet %llu is of link type %d, to which the filter cannot be applied: such "
                   "packets are left out",
                   (unsigned long long)packet->number, packet->link_type);
    input->filter_warned = true;
    return false;
}
