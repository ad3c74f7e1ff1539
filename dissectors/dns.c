/* dns.c: DNS messages over UDP and TCP
 *
 * Header, question and plain addresses are read here; only other answers cost
 * a trip through ldns, record by record, so that a message that is spoiled or
 * cut in the middle still tells what stands before.
 * RFC 1035 4 (messages, TCP framing), RFC 2782 (SRV), RFC 3596 (AAAA), RFC 9460 (HTTPS).
 */
#include "lyncscope/dissector.h"

#include <ldns/ldns.h>

#include "dissectors/dissectors.h"
#include "dissectors/dns_head.h"

enum {
    ANSWERS_MAX = 512,
    SCRATCH_MAX = 1 << 20, /* bytes one message may need as text */
    LENGTH_PREFIX = 2,
    QUESTION_WAIT = 64, /* bytes; nobody waits for more */
    CLASS_IN = 1,
    TYPE_A = 1,
    TYPE_AAAA = 28,
    TYPE_SVCB = 64,
    TYPE_HTTPS = 65,
};

struct dns_memory {
    struct arena *scratch; /* of the message at hand */
    bool lost[2];          /* TCP: where the next message begins is not known */
};

/* Neighbours ask each other in the same format, and silence is normal there: NetBIOS, multicast DNS
 * and LLMNR are no DNS. */
static const uint16_t neighbour_ports[] = { 137, 5353, 5355 };

static bool is_between_neighbours(const struct channel_view *view)
{
    for (size_t i = 0; i < sizeof neighbour_ports / sizeof *neighbour_ports; i++)
        if (view->client.port == neighbour_ports[i] || view->server.port == neighbour_ports[i])
            return true;
    return false;
}

/* ---- types ---- */

static const struct {
    uint16_t type;
    const char *name;
} more_types[] = {
    { TYPE_SVCB, "SVCB" }, { TYPE_HTTPS, "HTTPS" }, { 251, "IXFR" }, { 252, "AXFR" },
    { 253, "MAILB" },      { 254, "MAILA" },        { 255, "ANY" },
};

static struct slice type_name(struct arena *arena, uint16_t type)
{
    const ldns_rr_descriptor *known = ldns_rr_descript(type);

    for (size_t i = 0; i < sizeof more_types / sizeof *more_types; i++)
        if (more_types[i].type == type)
            return slice_of_text(more_types[i].name);
    if (known && known->_name)
        return slice_of_text(known->_name);
    return slice_of_text(arena_print(arena, "TYPE%u", type));
}

/* ---- answers, by ldns ---- */

static struct slice without_dot(struct slice name)
{
    bool escaped = name.length > 2 && name.data[name.length - 2] == '\\';

    if (name.length > 1 && name.data[name.length - 1] == '.' && !escaped)
        name.length--;
    return name;
}

static void add_rdf(struct text *out, const ldns_rdf *rdf)
{
    char *printed = ldns_rdf2str(rdf);
    struct slice piece = slice_of_text(printed);

    if (ldns_rdf_get_type(rdf) == LDNS_RDF_TYPE_DNAME)
        piece = without_dot(piece);
    if (text_length(out) > 0)
        text_add(out, " ");
    text_add_slice(out, piece);
    LDNS_FREE(printed);
}

static void read_address(const ldns_rdf *rdf, struct dns_record *record)
{
    if (ldns_rdf_get_type(rdf) == LDNS_RDF_TYPE_A && ldns_rdf_size(rdf) == 4)
        record->address = address_v4(ldns_rdf_data(rdf));
    if (ldns_rdf_get_type(rdf) == LDNS_RDF_TYPE_AAAA && ldns_rdf_size(rdf) == 16)
        record->address = address_v6(ldns_rdf_data(rdf));
}

static void print_data(struct text *out, const ldns_rr *rr, struct dns_record *record)
{
    char name[ADDRESS_TEXT_SIZE];

    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        const ldns_rdf *rdf = ldns_rr_rdf(rr, i);

        read_address(rdf, record);
        if (record->address.family) {
            address_format(&record->address, name);
            text_add(out, name);
        } else {
            add_rdf(out, rdf);
        }
    }
}

static bool fill_record(struct arena *arena, const ldns_rr *rr, struct dns_record *record)
{
    char *owner = ldns_rdf2str(ldns_rr_owner(rr));
    struct text data = { 0 };

    record->name = arena_copy(arena, without_dot(slice_of_text(owner)));
    LDNS_FREE(owner);
    record->type_number = (uint16_t)ldns_rr_get_type(rr);
    record->type = type_name(arena, record->type_number);
    record->ttl = ldns_rr_ttl(rr);
    print_data(&data, rr, record);
    record->data = arena_copy(arena, slice_of_text(text_string(&data)));
    text_release(&data);
    return record->name.length > 0;
}

/* Only bytes of host names: whether and how others are escaped is ldns' business. */
static bool is_plain_name(struct slice name)
{
    for (size_t i = 0; i < name.length; i++) {
        uint8_t c = name.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '-' || c == '.' || c == '_'))
            return false;
    }
    return name.length > 0 && name.data[0] != '.';
}

/* An address of a plain name, which nearly all answers are: through ldns it takes a dozen
 * allocations and as many calls of printf.  False: it is something else, and `at` stays. */
static bool read_plain_address(struct arena *arena, struct slice message, size_t *at,
                               struct dns_record *record)
{
    struct reading reading;
    struct cursor in = cursor_over_message(message, &reading);
    char name[DNS_NAME_TEXT_MAX], address[ADDRESS_TEXT_SIZE];
    size_t name_length;
    uint16_t type, class;
    uint32_t ttl;
    struct slice data;

    cursor_skip(&in, *at);
    name_length = dns_read_name(&in, message, name);
    type = cursor_u16(&in);
    class = cursor_u16(&in);
    ttl = cursor_u32(&in);
    data = cursor_bytes(&in, cursor_u16(&in));
    if (reading.state != READ_OK || class != CLASS_IN ||
        !is_plain_name(slice_of(name, name_length)))
        return false;
    if (type == TYPE_A && data.length == 4)
        record->address = address_v4(data.data);
    else if (type == TYPE_AAAA && data.length == 16)
        record->address = address_v6(data.data);
    else
        return false;
    record->name = arena_copy(arena, slice_of(name, name_length));
    record->type_number = type;
    record->type = type_name(arena, type);
    record->ttl = ttl;
    address_format(&record->address, address);
    record->data = arena_copy(arena, slice_of_text(address));
    *at = message.length - in.rest.length;
    return true;
}

static size_t read_answers(struct arena *arena, struct slice message, const struct dns_head *head,
                           struct dns_record *records)
{
    size_t at = head->answers_at;
    size_t count = 0;

    while (count < head->answers && count < ANSWERS_MAX) {
        ldns_rr *rr = NULL;
        bool kept;

        if (read_plain_address(arena, message, &at, &records[count])) {
            if (records[count].name.length == 0)
                break;
            count++;
            continue;
        }
        if (ldns_wire2rr(&rr, message.data, message.length, &at, LDNS_SECTION_ANSWER) !=
            LDNS_STATUS_OK)
            break;
        kept = fill_record(arena, rr, &records[count]);
        ldns_rr_free(rr);
        if (!kept)
            break;
        count++;
    }
    return count;
}

static void add_answers(struct arena *arena, struct slice message, const struct dns_head *head,
                        struct dns_message *dns)
{
    size_t most = head->answers < ANSWERS_MAX ? head->answers : ANSWERS_MAX;
    struct dns_record *records;

    if (most == 0 || head->answers_at == 0)
        return;
    records = arena_take(arena, most * sizeof *records);
    if (!records)
        return;
    dns->answers = records;
    dns->answer_count = read_answers(arena, message, head, records);
}

/* ---- messages ---- */

static void emit(struct channel_view *view, const struct dns_message *dns, struct evidence evidence)
{
    struct event event = {
        .kind = EVENT_DNS,
        .evidence = evidence,
        .noticed_ns = view->now_ns,
        .flow = view->flow,
        .dns = *dns,
    };

    view->sink.receive(view->sink.context, &event);
}

static struct arena *scratch(struct channel_view *view)
{
    struct dns_memory *memory = view->memory;

    if (memory->scratch)
        arena_reset(memory->scratch);
    else
        memory->scratch = arena_create(view->budget, SCRATCH_MAX);
    return memory->scratch;
}

static void read_message(struct channel_view *view, enum direction direction, struct slice message,
                         struct evidence evidence)
{
    bool from_client = direction == FROM_CLIENT;
    struct arena *arena;
    struct dns_head head;
    struct dns_message dns = {
        .from = from_client ? view->client : view->server,
        .to = from_client ? view->server : view->client,
    };

    if (!dns_read_head(message, &head))
        return;
    arena = scratch(view);
    if (!arena)
        return;
    dns.id = head.id;
    dns.response = head.response;
    dns.truncated = head.truncated;
    dns.rcode = head.rcode;
    if (head.has_question) {
        dns.name = slice_of(head.name, head.name_length);
        dns.type_number = head.type;
        dns.type = type_name(arena, head.type);
    }
    add_answers(arena, message, &head, &dns);
    dns.cut = dns.answer_count < head.answers;
    emit(view, &dns, evidence);
}

static void drop_scratch(struct channel_view *view)
{
    struct dns_memory *memory = view->memory;

    arena_free(memory->scratch);
    memory->scratch = NULL;
}

static void dns_read_datagram(struct channel_view *view, enum direction direction,
                              struct slice bytes, bool whole, struct evidence evidence)
{
    (void)whole; /* the records that were captured are told, the others are missing */
    if (is_between_neighbours(view)) {
        channel_let_go(view);
        return;
    }
    read_message(view, direction, bytes, evidence);
    /* Most look-ups use a socket of their own and then wait in vain for their time-out: 40,000 of
     * them held 25 MB. */
    drop_scratch(view);
}

/* ---- TCP: each message after its length ---- */

enum dns_standing { STANDING_WAIT, STANDING_MESSAGE, STANDING_LOST };

/* What stands at the start of `rest`, a message after its length? After a gap it must look like
 * one. */
static enum dns_standing judge_standing(struct slice rest, bool lost, size_t *length)
{
    struct slice message;

    *length = rest.length >= LENGTH_PREFIX ? (size_t)rest.data[0] << 8 | rest.data[1] : 0;
    message = slice_part(rest, LENGTH_PREFIX, *length);
    if (rest.length < LENGTH_PREFIX)
        return STANDING_WAIT;
    if (*length < DNS_HEADER_LENGTH)
        return STANDING_LOST;
    if (lost && message.length >= DNS_HEADER_LENGTH && !dns_has_plausible_header(message))
        return STANDING_LOST;
    if (message.length < *length)
        return STANDING_WAIT;
    return lost && dns_judge(message, *length) != DNS_LIKELY ? STANDING_LOST : STANDING_MESSAGE;
}

static size_t dns_read(struct channel_view *view, enum direction direction, struct slice bytes,
                       size_t *wanted)
{
    struct dns_memory *memory = view->memory;
    size_t used = 0;

    while (used < bytes.length) {
        size_t length;

        switch (judge_standing(slice_after(bytes, used), memory->lost[direction], &length)) {
        case STANDING_WAIT:
            *wanted = memory->lost[direction] ? 0 : LENGTH_PREFIX + length;
            return used;
        case STANDING_LOST:
            memory->lost[direction] = true;
            return bytes.length;
        case STANDING_MESSAGE:
            memory->lost[direction] = false;
            read_message(view, direction, slice_part(bytes, used + LENGTH_PREFIX, length),
                         channel_evidence(view, direction, used));
            used += LENGTH_PREFIX + length;
            break;
        }
    }
    return used;
}

static void dns_lose(struct channel_view *view, enum direction direction, uint64_t bytes)
{
    struct dns_memory *memory = view->memory;

    (void)bytes;
    memory->lost[direction] = true;
}

static void dns_finish(struct channel_view *view, enum direction direction, struct slice rest,
                       enum stream_end end, struct evidence evidence)
{
    (void)view;
    (void)direction;
    (void)rest;
    (void)end;
    (void)evidence;
}

static void dns_release(struct channel_view *view)
{
    drop_scratch(view);
}

/* A question that does not come in one piece and is longer than what is waited for: by port. */
static enum recognition recognize_stream(enum direction direction, struct slice first)
{
    size_t length = first.length >= LENGTH_PREFIX ? (size_t)first.data[0] << 8 | first.data[1] : 0;
    struct slice message = slice_part(first, LENGTH_PREFIX, length);
    bool response;

    if (first.length < LENGTH_PREFIX)
        return RECOGNIZE_MORE;
    if (length < DNS_HEADER_LENGTH + 5)
        return RECOGNIZE_NO;
    if (message.length < DNS_HEADER_LENGTH)
        return message.length > 2 && (message.data[2] & 0x70) > 0x20 ? RECOGNIZE_NO
                                                                     : RECOGNIZE_MORE;
    response = message.data[2] & 0x80;
    if (dns_judge(message, length) == DNS_LIKELY)
        return response == (direction == FROM_SERVER) ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    return first.length < QUESTION_WAIT && message.length < length ? RECOGNIZE_MORE
                                                                   : RECOGNIZE_ON_PORT;
}

static enum recognition dns_recognizes(enum transport transport, enum direction direction,
                                       struct slice first)
{
    if (transport == TRANSPORT_TCP)
        return recognize_stream(direction, first);
    switch (dns_judge(first, first.length)) {
    case DNS_LIKELY:
        return RECOGNIZE_YES;
    case DNS_MAYBE:
        return RECOGNIZE_ON_PORT;
    case DNS_UNLIKE:
        break;
    }
    return RECOGNIZE_NO;
}

const struct dissector dns_dissector = {
    .name = "dns",
    .memory_size = sizeof(struct dns_memory),
    .ports = { 53 },
    .recognizes = dns_recognizes,
    .read = dns_read,
    .read_datagram = dns_read_datagram,
    .lose = dns_lose,
    .finish = dns_finish,
    .release = dns_release,
};
