/* fragment.c: IP fragments put together
 *
 * A packet under assembly is a run of bytes and a map of which 8-byte units of
 * it have come.  Where fragments overlap the first one counts.  Assemblies are
 * few, small and short-lived: the oldest goes when a new one needs its place.
 */
#include "fragment.h"

enum { ASSEMBLIES_MAX = 256, PACKET_MAX = 65536, UNIT = 8, UNITS = PACKET_MAX / UNIT };
#define FRAGMENT_LIMIT ((int64_t)30 * 1000000000)

struct assembly {
    struct address source, destination;
    uint32_t id;
    uint8_t protocol;
    bool used;
    int64_t begun_ns;
    size_t length; /* of the whole packet, 0 while the last fragment is missing */
    size_t units;  /* units that have come */
    struct buffer bytes;
    uint8_t come[UNITS / 8];
};

struct fragments {
    struct budget *budget;
    struct assembly *assemblies[ASSEMBLIES_MAX];
    struct buffer whole;
};

struct fragments *fragments_create(struct budget *budget)
{
    struct fragments *fragments = memory_take(budget, sizeof *fragments);

    if (fragments) {
        fragments->budget = budget;
        fragments->whole.budget = budget;
    }
    return fragments;
}

static void drop(struct fragments *fragments, size_t index)
{
    struct assembly *assembly = fragments->assemblies[index];

    if (!assembly)
        return;
    buffer_release(&assembly->bytes);
    memory_give(fragments->budget, assembly, sizeof *assembly);
    fragments->assemblies[index] = NULL;
}

void fragments_free(struct fragments *fragments)
{
    if (!fragments)
        return;
    for (size_t i = 0; i < ASSEMBLIES_MAX; i++)
        drop(fragments, i);
    buffer_release(&fragments->whole);
    memory_give(fragments->budget, fragments, sizeof *fragments);
}

static bool same_packet(const struct assembly *assembly, const struct ip_packet *ip)
{
    return assembly->id == ip->id && assembly->protocol == ip->protocol &&
           address_equals(&assembly->source, &ip->source) &&
           address_equals(&assembly->destination, &ip->destination);
}

/* The assembly of this packet, a free place, or the oldest one's place. */
static size_t place_for(struct fragments *fragments, const struct ip_packet *ip, int64_t now_ns)
{
    size_t oldest = 0, free_place = ASSEMBLIES_MAX;

    for (size_t i = 0; i < ASSEMBLIES_MAX; i++) {
        if (fragments->assemblies[i] &&
            now_ns - fragments->assemblies[i]->begun_ns > FRAGMENT_LIMIT)
            drop(fragments, i);
        if (!fragments->assemblies[i]) {
            free_place = i;
            continue;
        }
        if (same_packet(fragments->assemblies[i], ip))
            return i;
        if (!fragments->assemblies[oldest] ||
            fragments->assemblies[i]->begun_ns < fragments->assemblies[oldest]->begun_ns)
            oldest = i;
    }
    if (free_place < ASSEMBLIES_MAX)
        return free_place;
    drop(fragments, oldest);
    return oldest;
}

static struct assembly *assembly_for(struct fragments *fragments, const struct ip_packet *ip,
                                     int64_t now_ns, size_t *index)
{
    struct assembly *assembly;

    *index = place_for(fragments, ip, now_ns);
    if (fragments->assemblies[*index])
        return fragments->assemblies[*index];
    assembly = memory_take(fragments->budget, sizeof *assembly);
    if (!assembly)
        return NULL;
    assembly->source = ip->source;
    assembly->destination = ip->destination;
    assembly->id = ip->id;
    assembly->protocol = ip->protocol;
    assembly->begun_ns = now_ns;
    assembly->bytes.budget = fragments->budget;
    fragments->assemblies[*index] = assembly;
    return assembly;
}

static bool grow_to(struct buffer *bytes, size_t length)
{
    static const uint8_t zeros[1024];

    while (bytes->length < length)
        if (!buffer_append(bytes, slice_of(zeros, length - bytes->length < sizeof zeros
                                                      ? length - bytes->length
                                                      : sizeof zeros)))
            return false;
    return true;
}

static bool add_units(struct assembly *assembly, const struct ip_packet *ip)
{
    size_t end = ip->offset + ip->payload.length;

    if (!grow_to(&assembly->bytes, (end + UNIT - 1) / UNIT * UNIT))
        return false;
    for (size_t at = 0; at < ip->payload.length; at += UNIT) {
        size_t unit = (ip->offset + at) / UNIT;

        if (assembly->come[unit / 8] & 1u << unit % 8)
            continue;
        assembly->come[unit / 8] |= (uint8_t)(1u << unit % 8);
        assembly->units++;
        for (size_t i = at; i < at + UNIT && i < ip->payload.length; i++)
            assembly->bytes.data[ip->offset + i] = ip->payload.data[i];
    }
    if (!ip->more_fragments && !assembly->length)
        assembly->length = end;
    return true;
}

bool fragments_add(struct fragments *fragments, struct ip_packet *ip, int64_t now_ns)
{
    struct assembly *assembly;
    size_t index;
    bool complete;

    if (ip->offset + ip->payload.length > PACKET_MAX || ip->payload.length == 0 ||
        (ip->more_fragments && ip->payload.length % UNIT != 0))
        return false;
    assembly = assembly_for(fragments, ip, now_ns, &index);
    if (!assembly || !add_units(assembly, ip))
        return false;
    complete = assembly->length && assembly->units >= (assembly->length + UNIT - 1) / UNIT;
    if (!complete)
        return false;
    fragments->whole.length = 0;
    complete = buffer_append(&fragments->whole,
                             slice_part(buffer_slice(&assembly->bytes), 0, assembly->length));
    drop(fragments, index);
    ip->payload = buffer_slice(&fragments->whole);
    ip->wire_length = ip->payload.length;
    ip->fragment = false;
    return complete;
}
