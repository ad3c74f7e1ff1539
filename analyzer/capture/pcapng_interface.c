/* pcapng_interface.c: the interfaces a pcapng section declares, their clocks and their losses
 *
 * Statistics count from the start of the capture, packets count since the
 * packet before; a program writes one or the other, so the larger is told.
 * Follows draft-ietf-opsawg-pcapng 4.2 (description) and 4.6 (statistics).
 */
#include "pcapng_interface.h"

#include "lyncscope/memory.h"
#include "ordered.h"

enum {
    INTERFACES_MAX = 65536,
    INTERFACES_FIRST = 8,
    OPTION_TSRESOL = 9,
    OPTION_TSOFFSET = 14,
    OPTION_IFDROP = 5,
    OPTION_OSDROP = 7,
    RESOLUTION_MICROSECONDS = 6,
    RESOLUTION_BINARY = 0x80,
    NS_PER_S = 1000000000,
};

/* In 64 bits of nanoseconds, a last fraction included. */
static const int64_t seconds_limit = INT64_MAX / NS_PER_S - 1;

bool pcapng_next_option(struct cursor *in, bool little, uint16_t *code, struct slice *value)
{
    uint16_t length;

    if (!cursor_has_more(in))
        return false;
    *code = ordered_u16(in, little);
    length = ordered_u16(in, little);
    *value = cursor_bytes(in, length);
    if (*code == 0 || in->reading->state != READ_OK)
        return false;
    /* The last option may lack its padding. */
    if (in->rest.length > 0)
        cursor_skip(in, (4u - length % 4u) % 4u);
    return true;
}

static uint64_t read_u64(struct slice value, bool little)
{
    struct reading reading;
    struct cursor in = cursor_over_message(value, &reading);

    return ordered_u64(&in, little);
}

static bool make_room(struct interfaces *interfaces)
{
    size_t capacity = interfaces->capacity ? 2 * interfaces->capacity : INTERFACES_FIRST;
    void *grown;

    if (interfaces->count < interfaces->capacity)
        return true;
    if (interfaces->count >= INTERFACES_MAX)
        return false;
    grown = memory_resize(NULL, interfaces->items, interfaces->capacity * sizeof *interfaces->items,
                          capacity * sizeof *interfaces->items);
    if (!grown)
        return false;
    interfaces->items = grown;
    interfaces->capacity = capacity;
    return true;
}

bool interfaces_add(struct interfaces *interfaces, struct slice body, bool little)
{
    struct reading reading;
    struct cursor in = cursor_over_message(body, &reading);
    struct interface interface = { .resolution = RESOLUTION_MICROSECONDS };
    struct slice value;
    uint16_t code;

    if (!make_room(interfaces))
        return false;
    interface.link_type = ordered_u16(&in, little);
    cursor_skip(&in, sizeof(uint16_t));
    interface.snap_length = ordered_u32(&in, little);
    while (pcapng_next_option(&in, little, &code, &value)) {
        if (code == OPTION_TSRESOL && value.length == 1)
            interface.resolution = value.data[0];
        else if (code == OPTION_TSOFFSET && value.length == sizeof(int64_t))
            interface.offset_seconds = (int64_t)read_u64(value, little);
    }
    interfaces->items[interfaces->count++] = interface;
    return true;
}

struct interface *interfaces_find(const struct interfaces *interfaces, uint32_t id)
{
    return id < interfaces->count ? &interfaces->items[id] : NULL;
}

void interfaces_forget(struct interfaces *interfaces)
{
    interfaces->count = 0;
}

void interfaces_release(struct interfaces *interfaces)
{
    memory_give(NULL, interfaces->items, interfaces->capacity * sizeof *interfaces->items);
    *interfaces = (struct interfaces){ 0 };
}

/* ---- time ---- */

static uint64_t power_of_ten(unsigned exponent)
{
    uint64_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

struct instant {
    uint64_t seconds, nanoseconds; /* the latter below a second */
};

static struct instant from_decimal(uint64_t ticks, unsigned digits)
{
    enum { NS_DIGITS = 9, U64_DIGITS = 19 };
    uint64_t nanoseconds;

    if (digits <= NS_DIGITS) {
        uint64_t per_second = power_of_ten(digits);

        return (struct instant){ ticks / per_second, ticks % per_second * (NS_PER_S / per_second) };
    }
    if (digits - NS_DIGITS > U64_DIGITS)
        return (struct instant){ 0, 0 };
    nanoseconds = ticks / power_of_ten(digits - NS_DIGITS);
    return (struct instant){ nanoseconds / NS_PER_S, nanoseconds % NS_PER_S };
}

static struct instant from_binary(uint64_t ticks, unsigned bits)
{
    enum { KEPT_BITS = 32 }; /* a quarter of a nanosecond */
    uint64_t fraction;

    if (bits > KEPT_BITS) {
        ticks = bits - KEPT_BITS < 64 ? ticks >> (bits - KEPT_BITS) : 0;
        bits = KEPT_BITS;
    }
    fraction = ticks & ((UINT64_C(1) << bits) - 1);
    return (struct instant){ ticks >> bits, fraction * NS_PER_S >> bits };
}

bool interface_time(const struct interface *interface, uint64_t ticks, int64_t *time_ns)
{
    unsigned exponent = interface->resolution & ~(unsigned)RESOLUTION_BINARY;
    struct instant since = interface->resolution & RESOLUTION_BINARY
                               ? from_binary(ticks, exponent)
                               : from_decimal(ticks, exponent);
    int64_t seconds;
    bool fits = since.seconds <= (uint64_t)seconds_limit;

    seconds = fits ? (int64_t)since.seconds : seconds_limit;
    if (__builtin_add_overflow(seconds, interface->offset_seconds, &seconds))
        seconds = interface->offset_seconds > 0 ? INT64_MAX : INT64_MIN;
    if (seconds > seconds_limit || seconds < -seconds_limit) {
        seconds = seconds > 0 ? seconds_limit : -seconds_limit;
        fits = false;
    }
    *time_ns = seconds * NS_PER_S + (int64_t)since.nanoseconds;
    return fits;
}

/* ---- losses ---- */

static uint64_t raise_drops(struct interface *interface, uint64_t drops)
{
    uint64_t growth = drops > interface->drops ? drops - interface->drops : 0;

    interface->drops += growth;
    return growth;
}

uint64_t interface_read_statistics(struct interface *interface, struct slice options, bool little)
{
    struct reading reading;
    struct cursor in = cursor_over_message(options, &reading);
    struct slice value;
    uint64_t drops = 0;
    uint16_t code;

    while (pcapng_next_option(&in, little, &code, &value))
        if ((code == OPTION_IFDROP || code == OPTION_OSDROP) && value.length == sizeof drops)
            drops += read_u64(value, little);
    return raise_drops(interface, drops);
}

uint64_t interface_add_packet_drops(struct interface *interface, uint64_t drops)
{
    interface->packet_drops += drops;
    return raise_drops(interface, interface->packet_drops);
}
