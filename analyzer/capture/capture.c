/* capture.c: files and interfaces as one sequence of packets in time order
 *
 * Each input holds one packet ready, in its own window; the earliest is given
 * out, uncopied, and its input asked for the next only when the caller comes
 * back.  A single input is passed through.
 *
 * Numbers are positions in the file: packets that the filter leaves out have
 * one too, and are counted in input_info.packets.
 */
#include "lyncscope/capture.h"

#include "clocks.h"
#include "filter.h"
#include "link.h"
#include "lyncscope/text.h"
#include "merge.h"
#include "source.h"

enum { INPUTS_MAX = 1024 };

struct capture {
    struct capture_options options;
    struct arena *arena;
    struct filter *filter;
    struct merge merge;
    struct input *inputs[INPUTS_MAX];
    size_t count;
    size_t waiting;          /* inputs in STATUS_WAIT */
    struct input *delivered; /* its packet is the caller's */
    int descriptors[INPUTS_MAX + 1];
    volatile sig_atomic_t stopped;
    bool clocks_compared;
};

struct capture *capture_create(const struct capture_options *options)
{
    struct capture *capture = memory_take(NULL, sizeof *capture);

    if (!capture)
        return NULL;
    capture->arena = arena_create(NULL, 0);
    if (options)
        capture->options = *options;
    if (capture->arena && capture->options.filter) {
        capture->options.filter =
            arena_text(capture->arena, slice_of_text(capture->options.filter));
        if (capture->options.filter)
            capture->filter = filter_create(capture->options.filter);
    }
    if (capture->arena && (!options || !options->filter || capture->filter))
        return capture;
    capture_free(capture);
    return NULL;
}

/* ---- adding ---- */

static enum status refuse_input(struct complaint *complaint, const char *name)
{
    return complain(complaint, "%s: no memory for another input", name);
}

static enum status create_input(struct capture *capture, const char *path, struct input **created,
                                struct complaint *complaint)
{
    struct input *input;
    struct text shown = { 0 };

    if (capture->count == INPUTS_MAX)
        return complain(complaint, "more than %d inputs; join captures with mergecap first",
                        INPUTS_MAX);
    input = arena_take(capture->arena, sizeof *input);
    if (!input || !merge_reserve(&capture->merge, capture->count + 1))
        return refuse_input(complaint, path);
    text_add_escaped(&shown, slice_of_text(path));
    input->name = arena_text(capture->arena, slice_of_text(text_string(&shown)));
    text_release(&shown);
    input->info.path = arena_text(capture->arena, slice_of_text(path));
    if (!input->name || !input->info.path)
        return refuse_input(complaint, path);
    input->arena = capture->arena;
    input->index = (uint32_t)capture->count;
    input->stopped = &capture->stopped;
    input->secrets = capture->options.secrets;
    input->state = STATUS_WAIT;
    input->link_type = -1;
    input->last_link_type = -1;
    *created = input;
    return STATUS_OK;
}

static void keep_input(struct capture *capture, struct input *input)
{
    capture->inputs[capture->count++] = input;
    capture->waiting++;
}

enum status capture_add_file(struct capture *capture, const char *path, struct complaint *complaint)
{
    struct input *input = NULL;
    enum status status = create_input(capture, path, &input, complaint);

    if (status == STATUS_OK)
        status = source_open_file(input, complaint);
    if (status != STATUS_OK || !input)
        return status;
    if (capture->filter)
        status = filter_check(capture->filter, input->link_type, complaint);
    if (status != STATUS_OK) {
        input->functions->close(input->source);
        return status;
    }
    keep_input(capture, input);
    return STATUS_OK;
}

enum status capture_add_interface(struct capture *capture, const char *name,
                                  struct complaint *complaint)
{
    struct input *input = NULL;
    enum status status = create_input(capture, name, &input, complaint);

    if (status == STATUS_OK)
        status = live_open(input, &capture->options, complaint);
    if (status == STATUS_OK)
        keep_input(capture, input);
    return status;
}

/* ---- counting ---- */

static bool is_warned_of(struct input *input, int link_type)
{
    for (size_t i = 0; i < input->unread_count; i++)
        if (input->unread_link_types[i] == link_type)
            return true;
    if (input->unread_count == UNREAD_LINK_TYPES_MAX)
        return true;
    input->unread_link_types[input->unread_count++] = link_type;
    return false;
}

static void check_link_type(struct input *input, const struct packet *packet)
{
    const char *name = link_type_name(packet->link_type);

    input->last_link_type = packet->link_type;
    if (link_is_read(packet->link_type) || is_warned_of(input, packet->link_type))
        return;
    input_warn(input,
               "packet %llu is of link type %d (%s), which cannot be read: such packets are "
               "counted, nothing more",
               (unsigned long long)packet->number, packet->link_type, name ? name : "unknown");
}

static void count_packet(struct input *input, struct packet *packet)
{
    struct input_info *info = &input->info;

    packet->input = input->index;
    packet->number = ++info->packets;
    /* Some programs leave the wire length 0. */
    if (packet->wire_length < packet->bytes.length)
        packet->wire_length = (uint32_t)packet->bytes.length;
    info->bytes += packet->bytes.length;
    info->cut_packets += packet->wire_length > packet->bytes.length;
    if (info->packets == 1 || packet->time_ns < info->first_time_ns)
        info->first_time_ns = packet->time_ns;
    if (info->packets == 1 || packet->time_ns > info->last_time_ns)
        info->last_time_ns = packet->time_ns;
    if (packet->link_type != input->last_link_type)
        check_link_type(input, packet);
}

/* ---- reading ---- */

static void set_clock(const struct input *input, struct packet *packet)
{
    int64_t time_ns;

    if (!__builtin_add_overflow(packet->time_ns, input->clock_ns, &time_ns))
        packet->time_ns = time_ns;
}

static void close_input(struct input *input)
{
    if (input->source)
        input->functions->close(input->source);
    input->source = NULL;
}

/* The kernel filters what is live. */
static bool is_wanted(const struct capture *capture, struct input *input,
                      const struct packet *packet)
{
    return !capture->filter || input->functions->descriptor ||
           filter_matches(capture->filter, input, packet);
}

/* The next packet of one input that the filter lets through. */
static enum status advance(const struct capture *capture, struct input *input,
                           struct packet *packet)
{
    enum status status = STATUS_END;

    if (!input->source)
        return STATUS_END;
    do {
        bool is_file = !input->functions->descriptor;

        status = is_file && capture->stopped ? STATUS_END
                                             : input->functions->next(input->source, packet);
        if (status == STATUS_OK) {
            set_clock(input, packet);
            count_packet(input, packet);
        }
    } while (status == STATUS_OK && !is_wanted(capture, input, packet));
    if (status == STATUS_END)
        close_input(input);
    return status;
}

/* What was given out has been used: its input has to bring the next one. */
static void replace_delivered(struct capture *capture)
{
    struct input *input = capture->delivered;

    if (!input)
        return;
    capture->delivered = NULL;
    input->state = advance(capture, input, &input->head);
    if (input->state == STATUS_OK)
        merge_settle_first(&capture->merge);
    else
        merge_remove_first(&capture->merge);
    capture->waiting += input->state == STATUS_WAIT;
}

/* Those not read yet, and live ones that had nothing. */
static void ask_waiting(struct capture *capture)
{
    for (size_t i = 0; i < capture->count && capture->waiting > 0; i++) {
        struct input *input = capture->inputs[i];

        if (input->state != STATUS_WAIT)
            continue;
        input->state = advance(capture, input, &input->head);
        capture->waiting -= input->state != STATUS_WAIT;
        if (input->state == STATUS_OK)
            merge_add(&capture->merge, input);
    }
}

enum status capture_next(struct capture *capture, struct packet *packet)
{
    struct input *first;

    if (capture->count == 1)
        return advance(capture, capture->inputs[0], packet);
    if (!capture->clocks_compared) {
        capture->clocks_compared = true;
        clocks_compare(capture->inputs, capture->count);
    }
    replace_delivered(capture);
    if (capture->waiting > 0)
        ask_waiting(capture);
    first = merge_first(&capture->merge);
    if (!first)
        return capture->waiting > 0 ? STATUS_WAIT : STATUS_END;
    *packet = first->head;
    capture->delivered = first;
    return STATUS_OK;
}

const int *capture_descriptors(struct capture *capture)
{
    size_t count = 0;

    for (size_t i = 0; i < capture->count; i++) {
        const struct input *input = capture->inputs[i];
        int descriptor = -1;

        if (input->source && input->functions->descriptor)
            descriptor = input->functions->descriptor(input->source);
        if (descriptor >= 0)
            capture->descriptors[count++] = descriptor;
    }
    capture->descriptors[count] = -1;
    return capture->descriptors;
}

void capture_stop(struct capture *capture)
{
    capture->stopped = 1;
}

size_t capture_input_count(const struct capture *capture)
{
    return capture->count;
}

const struct input_info *capture_input(const struct capture *capture, size_t index)
{
    return index < capture->count ? &capture->inputs[index]->info : NULL;
}

void capture_free(struct capture *capture)
{
    if (!capture)
        return;
    for (size_t i = 0; i < capture->count; i++)
        close_input(capture->inputs[i]);
    filter_free(capture->filter);
    merge_release(&capture->merge);
    arena_free(capture->arena);
    memory_give(NULL, capture, sizeof *capture);
}
