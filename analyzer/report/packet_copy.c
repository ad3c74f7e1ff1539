/* packet_copy.c: the packets of some sign-ins, out of their captures once more
 *
 * What is wanted is taken down first, so that the report may change while the
 * files are read: numbers of packets that prove something, and who talked to
 * whom in which time.  Both lists are sorted and searched for each packet.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "analyzer/report/pcapng_writer.h"
#include "lyncscope/report.h"

#define SECOND_NS ((int64_t)1000000000)
/* A connection may have begun long before the sign-in that uses it, and ends when it likes. */
#define BEFORE_NS (3600 * SECOND_NS)
#define BEHIND_NS (90 * SECOND_NS)
#define QUESTION_NS (5 * SECOND_NS)

enum { PACKETS_A_LOOK = 256 };

struct conversation {
    struct endpoint low, high; /* in the order of their bytes */
    int64_t from_ns, to_ns;
};

struct proof {
    uint32_t input;
    uint64_t packet;
};

/* Items of one size; grows. */
struct list {
    void *items;
    size_t size, count, capacity;
};

struct packet_copy {
    struct capture *capture;
    struct pcapng_writer writer;
    struct list conversations, proofs;
    const struct signin *signin; /* whose items are being taken down */
    bool short_of_memory;
};

/* ---- what is wanted ---- */

static void *add_item(struct packet_copy *copy, struct list *list)
{
    size_t capacity = list->capacity ? 2 * list->capacity : 64;
    void *items;

    if (list->count == list->capacity) {
        items =
            memory_resize(NULL, list->items, list->capacity * list->size, capacity * list->size);
        if (!items) {
            copy->short_of_memory = true;
            return NULL;
        }
        list->items = items;
        list->capacity = capacity;
    }
    return (char *)list->items + list->size * list->count++;
}

static int compare_endpoints(const struct endpoint *a, const struct endpoint *b)
{
    int order = memcmp(&a->address, &b->address, sizeof a->address);

    return order ? order : (a->port > b->port) - (a->port < b->port);
}

static struct conversation make_conversation(const struct endpoint *a, const struct endpoint *b)
{
    bool in_order = compare_endpoints(a, b) <= 0;

    return (struct conversation){ .low = in_order ? *a : *b, .high = in_order ? *b : *a };
}

static int64_t move_time(int64_t time_ns, int64_t by_ns)
{
    int64_t moved;

    if (__builtin_add_overflow(time_ns, by_ns, &moved))
        return by_ns < 0 ? INT64_MIN : INT64_MAX;
    return moved;
}

static void want_between(struct packet_copy *copy, const struct endpoint *a,
                         const struct endpoint *b, bool is_connection)
{
    struct conversation *item;

    if (a->port == 0 || b->port == 0)
        return;
    item = add_item(copy, &copy->conversations);
    if (!item)
        return;
    *item = make_conversation(a, b);
    item->from_ns = move_time(copy->signin->started_ns, is_connection ? -BEFORE_NS : -QUESTION_NS);
    item->to_ns = move_time(copy->signin->ended_ns, is_connection ? BEHIND_NS : QUESTION_NS);
}

static void want_proofs(struct packet_copy *copy, const struct evidence *evidence, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct proof *item = evidence[i].packet ? add_item(copy, &copy->proofs) : NULL;

        if (item)
            *item = (struct proof){ evidence[i].input, evidence[i].packet };
    }
}

static void want_relay(struct packet_copy *copy, const struct relay *relay)
{
    want_proofs(copy, relay->evidence, relay->evidence_count);
    want_between(copy, &relay->from.endpoint, &relay->to.endpoint, true);
    if (relay->http)
        want_between(copy, &relay->http->client, &relay->http->server, true);
}

static void want_step(struct packet_copy *copy, const struct step *step)
{
    want_proofs(copy, step->evidence, step->evidence_count);
    if (step->dns) {
        const struct evidence seen[] = { step->dns->question, step->dns->last_question,
                                         step->dns->answer };

        want_proofs(copy, seen, sizeof seen / sizeof *seen);
        want_between(copy, &step->dns->client, &step->dns->server, false);
    }
    if (step->tcp)
        want_between(copy, &step->tcp->client, &step->tcp->server, true);
    if (step->tls)
        want_between(copy, &step->tls->client, &step->tls->server, true);
    if (step->http)
        want_between(copy, &step->http->client, &step->http->server, true);
    if (step->relay)
        want_relay(copy, step->relay);
}

static void want_signin(struct packet_copy *copy, const struct signin *signin)
{
    copy->signin = signin;
    for (size_t i = 0; i < signin->finding_count; i++)
        want_proofs(copy, signin->findings[i].evidence, signin->findings[i].evidence_count);
    want_proofs(copy, &signin->push_blocked, 1);
    for (size_t i = 0; i < signin->step_count; i++)
        want_step(copy, &signin->steps[i]);
}

static int compare_conversations(const void *a, const void *b)
{
    const struct conversation *one = a, *other = b;
    int order = compare_endpoints(&one->low, &other->low);

    return order ? order : compare_endpoints(&one->high, &other->high);
}

static int compare_proofs(const void *a, const void *b)
{
    const struct proof *one = a, *other = b;

    if (one->input != other->input)
        return one->input < other->input ? -1 : 1;
    return (one->packet > other->packet) - (one->packet < other->packet);
}

/* Sorted, each conversation once and as long as the longest of its kind. */
static void merge_conversations(struct list *list)
{
    struct conversation *items = list->items;
    size_t kept = 0;

    if (list->count == 0)
        return;
    qsort(items, list->count, sizeof *items, compare_conversations);
    for (size_t i = 1; i < list->count; i++) {
        if (compare_conversations(&items[kept], &items[i]) != 0) {
            items[++kept] = items[i];
            continue;
        }
        if (items[i].from_ns < items[kept].from_ns)
            items[kept].from_ns = items[i].from_ns;
        if (items[i].to_ns > items[kept].to_ns)
            items[kept].to_ns = items[i].to_ns;
    }
    list->count = kept + 1;
}

static bool is_wanted(const struct packet_copy *copy, const struct packet *packet)
{
    struct proof proof = { packet->input, packet->number };
    struct conversation wanted;
    const struct conversation *found;
    struct packet_ends ends;

    if (copy->proofs.count > 0 &&
        bsearch(&proof, copy->proofs.items, copy->proofs.count, sizeof proof, compare_proofs))
        return true;
    if (copy->conversations.count == 0 || !packet_find_ends(packet, &ends))
        return false;
    wanted = make_conversation(&ends.from, &ends.to);
    found = bsearch(&wanted, copy->conversations.items, copy->conversations.count, sizeof wanted,
                    compare_conversations);
    return found && packet->time_ns >= found->from_ns && packet->time_ns <= found->to_ns;
}

/* ---- the files once more ---- */

static enum status check_input(const struct input_info *input, struct complaint *complaint)
{
    struct stat status;

    if (input->kind == INPUT_LIVE)
        return complain(complaint, "a live capture keeps no packets: run tcpdump -w beside it");
    if (strcmp(input->path, "-") == 0)
        return complain(complaint, "standard input cannot be read again: name a file");
    if (stat(input->path, &status) == 0 && !S_ISREG(status.st_mode))
        return complain(complaint, "%.200s cannot be read again: it is no plain file", input->path);
    return STATUS_OK;
}

static enum status open_inputs(struct packet_copy *copy, const struct report *report,
                               struct complaint *complaint)
{
    copy->capture = capture_create(NULL);
    if (!copy->capture)
        return complain(complaint, "no memory to read the captures again");
    for (size_t i = 0; i < report->input_count; i++) {
        const struct input_info *input = report->inputs[i];

        if (check_input(input, complaint) != STATUS_OK ||
            capture_add_file(copy->capture, input->path, complaint) != STATUS_OK)
            return STATUS_REFUSED;
    }
    return STATUS_OK;
}

static bool take_down(struct packet_copy *copy, const struct report *report)
{
    copy->conversations.size = sizeof(struct conversation);
    copy->proofs.size = sizeof(struct proof);
    for (size_t i = 0; i < report->signin_count; i++)
        want_signin(copy, report->signins[i]);
    merge_conversations(&copy->conversations);
    if (copy->proofs.count > 0)
        qsort(copy->proofs.items, copy->proofs.count, copy->proofs.size, compare_proofs);
    return !copy->short_of_memory;
}

static void release(struct packet_copy *copy)
{
    if (copy->capture)
        capture_free(copy->capture);
    memory_give(NULL, copy->conversations.items,
                copy->conversations.capacity * copy->conversations.size);
    memory_give(NULL, copy->proofs.items, copy->proofs.capacity * copy->proofs.size);
    memory_give(NULL, copy, sizeof *copy);
}

struct packet_copy *packet_copy_begin(FILE *out, const struct report *report,
                                      struct complaint *complaint)
{
    struct packet_copy *copy = memory_take(NULL, sizeof *copy);
    enum status status = STATUS_REFUSED;

    if (!copy || !take_down(copy, report))
        (void)complain(complaint, "no memory to look for the packets");
    else
        status = open_inputs(copy, report, complaint);
    if (status == STATUS_OK) {
        pcapng_begin(&copy->writer, out);
        return copy;
    }
    if (copy)
        release(copy);
    return NULL;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool packet_copy_work(struct packet_copy *copy, unsigned milliseconds)
{
    int64_t until = now_ms() + milliseconds;
    struct packet packet;

    do {
        for (int i = 0; i < PACKETS_A_LOOK; i++) {
            if (capture_next(copy->capture, &packet) != STATUS_OK)
                return false;
            if (is_wanted(copy, &packet))
                pcapng_add(&copy->writer, &packet,
                           capture_input(copy->capture, packet.input)->path);
        }
    } while (now_ms() < until);
    return true;
}

double packet_copy_progress(const struct packet_copy *copy)
{
    size_t count = capture_input_count(copy->capture);
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        double progress = capture_input(copy->capture, i)->progress;

        sum += progress > 0 ? progress : 0;
    }
    return count ? sum / (double)count : 1;
}

uint64_t packet_copy_end(struct packet_copy *copy)
{
    uint64_t packets = copy->writer.packets;

    release(copy);
    return packets;
}
