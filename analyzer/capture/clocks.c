/* clocks.c: how far the clocks of several files are apart
 *
 * Two capture points on one path see the same packets.  Before reading begins
 * the first packets of each file are looked at, and those that two files share
 * tell how their clocks differ.  A packet that travels between the points adds
 * its own time in one direction and takes it away in the other, so that the
 * mean of both directions is the difference of the clocks alone; where only
 * one direction is shared nothing is said.
 */
#include "clocks.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "lyncscope/cursor.h"
#include "lyncscope/table.h"

enum {
    COMPARED_MAX = 16,       /* files; more are parts of one long capture */
    SIGHTINGS_MAX = 1 << 14, /* of one file */
    SHARED_MIN = 3,          /* in each direction */
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
};

#define MILLISECOND ((int64_t)1000000)
#define LATEST ((int64_t)4000000000000000000) /* in 2096; what is later is no time */
#define FARTHEST (LATEST / 2)                 /* a device without a clock may believe in 1970 */
#define NOTICED (100 * MILLISECOND)           /* less is the network's doing */
#define JITTER (50 * MILLISECOND)             /* most of what is shared must agree this well */

struct sighting {
    uint64_t print; /* of what does not change on the way */
    int64_t time_ns;
    uint64_t packet;
    uint32_t input;
    bool upward; /* from the lower address to the higher */
};

struct sightings {
    struct sighting *items;
    size_t count;
    int64_t *room; /* of SIGHTINGS_MAX times for each direction */
};

struct difference {
    int64_t ahead_ns;
    const struct sighting *here, *there; /* the first that both saw */
};

/* ---- what a packet is known by ---- */

/* Addresses, length, and of the transport header all but the checksum, which the sender's own
 * capture has not filled in. */
struct traits {
    uint8_t addresses[32];
    uint8_t header[20];
    uint32_t length, id;
};

static bool is_lower(const uint8_t *a, const uint8_t *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i])
            return a[i] < b[i];
    return false;
}

static bool read_traits(struct slice ip, struct traits *traits, bool *upward)
{
    uint8_t version = ip.length ? ip.data[0] >> 4 : 0;
    size_t address_length = version == 4 ? 4 : 16, addresses = version == 4 ? 12 : 8;
    size_t header = version == 4 ? (ip.data[0] & 15) * 4u : 40;
    size_t needed;
    uint8_t protocol;

    if ((version != 4 && version != 6) || ip.length < 40)
        return false;
    protocol = version == 4 ? ip.data[9] : ip.data[6];
    needed = protocol == PROTOCOL_TCP ? 20 : 8;
    if ((protocol != PROTOCOL_TCP && protocol != PROTOCOL_UDP) || header + needed > ip.length)
        return false;
    for (size_t i = 0; i < 2 * address_length; i++)
        traits->addresses[i] = ip.data[addresses + i];
    for (size_t i = 0; i < needed; i++)
        traits->header[i] = ip.data[header + i];
    traits->header[protocol == PROTOCOL_TCP ? 16 : 6] = 0;
    traits->header[protocol == PROTOCOL_TCP ? 17 : 7] = 0;
    traits->length = version == 4 ? ip.data[2] * 256u + ip.data[3] : ip.data[4] * 256u + ip.data[5];
    traits->id = version == 4 ? ip.data[4] * 256u + ip.data[5] : 0;
    *upward = is_lower(traits->addresses, traits->addresses + address_length, address_length);
    return true;
}

static void add_sighting(struct sightings *all, const struct packet *packet, uint32_t input)
{
    struct traits traits = { 0 };
    struct sighting *sighting = &all->items[all->count];

    if (packet->time_ns < 0 || packet->time_ns > LATEST ||
        !read_traits(link_find_ip(packet->link_type, packet->bytes), &traits, &sighting->upward))
        return;
    sighting->print = table_hash(&traits, sizeof traits);
    sighting->time_ns = packet->time_ns;
    sighting->packet = packet->number;
    sighting->input = input;
    all->count++;
}

/* ---- looking into a file ---- */

static bool can_be_read_twice(const struct input *input)
{
    struct stat facts;

    return !input->functions->descriptor && stat(input->info.path, &facts) == 0 &&
           S_ISREG(facts.st_mode);
}

static void look_into(const struct input *input, struct arena *arena, struct sightings *all)
{
    struct input own = { .info = { .path = input->info.path },
                         .arena = arena,
                         .name = input->name,
                         .stopped = input->stopped,
                         .link_type = -1,
                         .last_link_type = -1 };
    struct complaint complaint;
    struct packet packet;

    if (!can_be_read_twice(input) || source_open_file(&own, &complaint) != STATUS_OK)
        return;
    for (uint64_t number = 1;
         number <= SIGHTINGS_MAX && own.functions->next(own.source, &packet) == STATUS_OK;
         number++) {
        packet.number = number;
        add_sighting(all, &packet, input->index);
    }
    own.functions->close(own.source);
}

static int compare_sightings(const void *a, const void *b)
{
    const struct sighting *one = a, *other = b;

    if (one->print != other->print)
        return one->print < other->print ? -1 : 1;
    if (one->input != other->input)
        return one->input < other->input ? -1 : 1;
    return one->packet < other->packet ? -1 : one->packet > other->packet;
}

/* ---- two files ---- */

static int compare_times(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;

    return one < other ? -1 : one > other;
}

/* The middle one, if most are near it. */
static bool find_middle(int64_t *times, size_t count, int64_t *middle)
{
    size_t near = 0;

    if (count < SHARED_MIN)
        return false;
    qsort(times, count, sizeof *times, compare_times);
    *middle = times[count / 2];
    for (size_t i = 0; i < count; i++)
        near += times[i] - *middle < JITTER && *middle - times[i] < JITTER;
    return near * 5 >= count * 4;
}

/* The first sighting by that file in the run of one print that begins at `at`. */
static const struct sighting *sighted_by(const struct sightings *all, size_t at, uint32_t input)
{
    for (size_t i = at; i < all->count && all->items[i].print == all->items[at].print; i++)
        if (all->items[i].input == input)
            return &all->items[i];
    return NULL;
}

static size_t end_of_run(const struct sightings *all, size_t at)
{
    size_t end = at;

    while (end < all->count && all->items[end].print == all->items[at].print)
        end++;
    return end;
}

static bool compare_two(const struct sightings *all, uint32_t here, uint32_t there,
                        struct difference *difference)
{
    size_t counts[2] = { 0, 0 };
    int64_t middles[2], *times[2] = { all->room, all->room + SIGHTINGS_MAX };

    *difference = (struct difference){ 0 };
    for (size_t at = 0; at < all->count; at = end_of_run(all, at)) {
        const struct sighting *one = sighted_by(all, at, here);
        const struct sighting *other = sighted_by(all, at, there);

        if (!one || !other || counts[one->upward] == SIGHTINGS_MAX)
            continue;
        times[one->upward][counts[one->upward]++] = one->time_ns - other->time_ns;
        if (!difference->here || one->packet < difference->here->packet) {
            difference->here = one;
            difference->there = other;
        }
    }
    if (!find_middle(times[0], counts[0], &middles[0]) ||
        !find_middle(times[1], counts[1], &middles[1]))
        return false;
    difference->ahead_ns = middles[0] / 2 + middles[1] / 2;
    return true;
}

/* ---- all files ---- */

/* Against every file before it, the first of which keeps its clock. */
static void set_clock(struct input *const *inputs, size_t own, const struct sightings *all)
{
    struct input *input = inputs[own];
    struct difference difference;
    int64_t clock_ns;

    for (size_t i = 0; i < own; i++) {
        if (!compare_two(all, input->index, inputs[i]->index, &difference))
            continue;
        clock_ns = inputs[i]->clock_ns;
        if (difference.ahead_ns < NOTICED && difference.ahead_ns > -NOTICED) {
            input->clock_ns = clock_ns;
            return;
        }
        clock_ns -= difference.ahead_ns;
        if (clock_ns > FARTHEST || clock_ns < -FARTHEST)
            return;
        input->clock_ns = clock_ns;
        input->info.clock = (struct clock_gap){
            .ahead_ns = difference.ahead_ns,
            .reference = inputs[i]->index,
            .packet = difference.here->packet,
            .reference_packet = difference.there->packet,
        };
        return;
    }
}

void clocks_compare(struct input *const *inputs, size_t count)
{
    size_t size = count * SIGHTINGS_MAX * sizeof(struct sighting);
    size_t room = (size_t)2 * SIGHTINGS_MAX * sizeof(int64_t);
    struct arena *arena = count > 1 && count <= COMPARED_MAX ? arena_create(NULL, 0) : NULL;
    struct sightings all = { 0 };

    if (!arena)
        return;
    all.items = memory_take(NULL, size);
    all.room = memory_take(NULL, room);
    if (all.items && all.room) {
        for (size_t i = 0; i < count; i++)
            look_into(inputs[i], arena, &all);
        qsort(all.items, all.count, sizeof *all.items, compare_sightings);
        for (size_t i = 1; i < count; i++)
            set_clock(inputs, i, &all);
    }
    memory_give(NULL, all.room, room);
    memory_give(NULL, all.items, size);
    arena_free(arena);
}
