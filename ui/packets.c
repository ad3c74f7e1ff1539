/* packets.c: the bytes of a few packets, read again from their files
 *
 * Each file is read once from its front for all that are wanted of it, in
 * slices of time.
 */
#include "ui/packets.h"

#include <stdio.h>

static bool is_before(const struct evidence *a, const struct evidence *b)
{
    return a->input != b->input ? a->input < b->input : a->packet < b->packet;
}

static void add_one(struct packets *packets, const struct evidence *evidence)
{
    size_t at = 0;

    while (at < packets->count && is_before(&packets->all[at].evidence, evidence))
        at++;
    if (at < packets->count && !is_before(evidence, &packets->all[at].evidence))
        return;
    if (packets->count == PACKETS_MOST) {
        packets->left_out++;
        return;
    }
    for (size_t i = packets->count++; i > at; i--)
        packets->all[i] = packets->all[i - 1];
    packets->all[at] = (struct packet_bytes){ .evidence = *evidence };
}

void packets_add(struct packets *packets, const struct evidence *evidence, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (evidence[i].packet != 0)
            add_one(packets, &evidence[i]);
}

static void close_file(struct packets *packets)
{
    capture_free(packets->again);
    packets->again = NULL;
}

/* It is settled: the next one may be in another file. */
static void go_on(struct packets *packets)
{
    uint32_t input = packets->all[packets->next++].evidence.input;

    if (packets->next == packets->count || packets->all[packets->next].evidence.input != input)
        close_file(packets);
}

static void tell(struct packet_bytes *wanted, const char *problem)
{
    snprintf(wanted->problem, sizeof wanted->problem, "%.199s", problem);
}

static bool open_file(struct packets *packets, const struct report *report)
{
    struct packet_bytes *wanted = &packets->all[packets->next];
    struct complaint complaint = { .line = "its input is not known" };

    if (packets->again)
        return true;
    if (wanted->evidence.input < report->input_count)
        packets->again = capture_open_again(report->inputs[wanted->evidence.input], &complaint);
    if (!packets->again)
        tell(wanted, complaint.line);
    return packets->again != NULL;
}

static bool is_the_one(const struct packet_bytes *wanted, const struct packet *packet,
                       const struct report *report)
{
    /* Clocks that differ were set right: then times say nothing. */
    return report->inputs[wanted->evidence.input]->clock.ahead_ns != 0 ||
           wanted->evidence.time_ns == packet->time_ns;
}

static void keep(struct packet_bytes *wanted, const struct packet *packet,
                 const struct report *report)
{
    wanted->captured = packet->bytes.length;
    wanted->wire_length = packet->wire_length;
    wanted->link_type = packet->link_type;
    wanted->is_read = true;
    if (!is_the_one(wanted, packet, report))
        tell(wanted, "the file is another one than the one that was read");
    else if (!buffer_append(&wanted->bytes, slice_part(packet->bytes, 0, PACKET_BYTES_MOST)))
        tell(wanted, "out of memory");
}

bool packets_read(struct packets *packets, const struct report *report, unsigned milliseconds)
{
    while (packets->next < packets->count) {
        struct packet_bytes *wanted = &packets->all[packets->next];
        struct packet packet;
        enum status status;

        if (!open_file(packets, report)) {
            go_on(packets);
            continue;
        }
        status = capture_packet_at(packets->again, wanted->evidence.packet, milliseconds, &packet);
        if (status == STATUS_WAIT)
            return true;
        if (status == STATUS_OK)
            keep(wanted, &packet, report);
        else
            tell(wanted, "the file has no such packet any more");
        go_on(packets);
    }
    return false;
}

void packets_release(struct packets *packets)
{
    close_file(packets);
    for (size_t i = 0; i < packets->count; i++)
        buffer_release(&packets->all[i].bytes);
    *packets = (struct packets){ 0 };
}
