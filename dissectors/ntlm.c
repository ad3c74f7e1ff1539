/* ntlm.c: NTLM messages 1 to 3: who is asking, and which server answers
 *
 * A message is a fixed head with fields of length and offset that point into
 * the payload behind it.  A field that points outside marks the message as
 * malformed and is left empty; the others are still read.
 * Follows MS-NLMP 2.2.1 (messages), 2.2.2.1 (AV_PAIR), 2.2.2.5 (flags) and
 * 2.2.2.7 (NTLMv2_CLIENT_CHALLENGE).
 */
#include "ntlm.h"

#include "charset.h"
#include "lyncscope/cursor.h"

enum {
    SIGNATURE_LENGTH = 8,
    FLAG_UNICODE = 0x00000001,
    FLAG_ANONYMOUS = 0x00000800,
    FLAG_DOMAIN_SUPPLIED = 0x00001000,
    FLAG_WORKSTATION_SUPPLIED = 0x00002000,
    FLAG_TARGET_INFO = 0x00800000,
    HEAD_WITHOUT_FLAGS = 52, /* Windows 9x ends the head of type 3 here or behind the key */
    HEAD_WITH_FLAGS = 64,
    NTLM1_RESPONSE = 24,
    PROOF_LENGTH = 16,
};

enum av_id {
    AV_END = 0,
    AV_NETBIOS_COMPUTER = 1,
    AV_NETBIOS_DOMAIN = 2,
    AV_DNS_COMPUTER = 3,
    AV_DNS_DOMAIN = 4,
    AV_TIMESTAMP = 7,
    AV_TARGET_NAME = 9,
};

struct field {
    uint16_t length;
    uint32_t offset;
};

struct message {
    struct slice bytes;
    struct ntlm_facts *facts;
    struct arena *arena;
    bool unicode;
};

static struct field read_field(struct cursor *in)
{
    struct field field = { .length = cursor_u16_le(in) };

    cursor_u16_le(in); /* the space reserved for it: servers ignore it, so do we */
    field.offset = cursor_u32_le(in);
    return field;
}

static struct slice field_bytes(const struct message *message, struct field field)
{
    struct slice bytes = slice_part(message->bytes, field.offset, field.length);

    if (bytes.length == field.length)
        return bytes;
    message->facts->malformed = true;
    return SLICE_EMPTY;
}

static struct slice field_text(const struct message *message, struct field field)
{
    struct slice bytes = field_bytes(message, field);

    if (!message->unicode)
        return charset_from_oem(bytes, message->arena);
    if (bytes.length % 2)
        message->facts->malformed = true;
    return charset_from_utf16(bytes, false, message->arena);
}

static void read_negotiate(const struct message *message, struct cursor *in)
{
    struct ntlm_facts *facts = message->facts;
    struct field domain = { 0 }, workstation = { 0 };

    facts->flags = cursor_u32_le(in);
    /* Without its flag a field is absent or holds nothing of meaning. */
    if (facts->flags & (FLAG_DOMAIN_SUPPLIED | FLAG_WORKSTATION_SUPPLIED)) {
        domain = read_field(in);
        workstation = read_field(in);
    }
    if (facts->flags & FLAG_DOMAIN_SUPPLIED)
        facts->domain = field_text(message, domain);
    if (facts->flags & FLAG_WORKSTATION_SUPPLIED)
        facts->workstation = field_text(message, workstation);
}

static void prefer(struct slice *kept, struct slice value, bool better)
{
    if (value.length && (better || kept->length == 0))
        *kept = value;
}

static void read_av_pair(const struct message *message, unsigned id, struct cursor *value)
{
    struct ntlm_facts *facts = message->facts;
    struct slice text = SLICE_EMPTY;

    if (id == AV_TIMESTAMP) {
        uint64_t time = cursor_u64_le(value);

        facts->timestamp = facts->timestamp ? facts->timestamp : time;
    } else if (id <= AV_DNS_DOMAIN || id == AV_TARGET_NAME) {
        text = charset_from_utf16(cursor_rest(value), false, message->arena);
    }
    if (id == AV_NETBIOS_COMPUTER || id == AV_DNS_COMPUTER)
        prefer(&facts->server_name, text, id == AV_DNS_COMPUTER);
    if (id == AV_NETBIOS_DOMAIN || id == AV_DNS_DOMAIN)
        prefer(&facts->server_domain, text, id == AV_DNS_DOMAIN);
    if (id == AV_TARGET_NAME)
        prefer(&facts->target_spn, text, true);
}

static void read_av_pairs(const struct message *message, struct slice bytes)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);
    bool ended = false;

    while (!ended && cursor_has_more(&in)) {
        unsigned id = cursor_u16_le(&in);
        struct cursor value = cursor_part(&in, cursor_u16_le(&in));

        if (reading.state != READ_OK)
            break;
        ended = id == AV_END;
        if (!ended)
            read_av_pair(message, id, &value);
    }
    if (!ended || reading.state != READ_OK)
        message->facts->malformed = true;
}

static void read_challenge(struct message *message, struct cursor *in)
{
    struct ntlm_facts *facts = message->facts;
    struct field target = read_field(in), info;

    facts->flags = cursor_u32_le(in);
    message->unicode = facts->flags & FLAG_UNICODE;
    facts->domain = field_text(message, target);
    cursor_skip(in, 8); /* the challenge itself */
    if (!(facts->flags & FLAG_TARGET_INFO))
        return;
    cursor_skip(in, 8); /* reserved */
    info = read_field(in);
    if (info.length)
        read_av_pairs(message, field_bytes(message, info));
}

/* The server's names in it are only echoed: those of type 2 are the evidence. */
static void read_response(const struct message *message, struct slice response)
{
    struct ntlm_facts *facts = message->facts;
    struct reading reading;
    struct cursor in = cursor_over_message(slice_after(response, PROOF_LENGTH), &reading);

    facts->version1 = response.length == NTLM1_RESPONSE;
    if (response.length <= NTLM1_RESPONSE)
        return;
    cursor_skip(&in, 8); /* versions, reserved */
    facts->timestamp = cursor_u64_le(&in);
    cursor_skip(&in, 8 + 4); /* client challenge, reserved */
    read_av_pairs(message, cursor_rest(&in));
    facts->server_name = facts->server_domain = SLICE_EMPTY;
    if (reading.state != READ_OK)
        facts->malformed = true;
}

/* Where the payload begins tells how long the head is, and so whether it holds flags. */
static bool head_has_flags(const struct message *message, const struct field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (fields[i].length && fields[i].offset >= HEAD_WITHOUT_FLAGS &&
            fields[i].offset < HEAD_WITH_FLAGS)
            return false;
    return message->bytes.length >= HEAD_WITH_FLAGS;
}

static void read_authenticate(struct message *message, struct cursor *in)
{
    enum { LM, NT, DOMAIN, USER, WORKSTATION, FIELDS };
    struct ntlm_facts *facts = message->facts;
    struct field fields[FIELDS];

    for (size_t i = 0; i < FIELDS; i++)
        fields[i] = read_field(in);
    if (head_has_flags(message, fields, FIELDS)) {
        read_field(in); /* session key */
        facts->flags = cursor_u32_le(in);
    }
    message->unicode = facts->flags & FLAG_UNICODE;
    facts->domain = field_text(message, fields[DOMAIN]);
    facts->user = field_text(message, fields[USER]);
    facts->workstation = field_text(message, fields[WORKSTATION]);
    facts->anonymous =
        (facts->flags & FLAG_ANONYMOUS) || (fields[USER].length == 0 && fields[DOMAIN].length == 0);
    read_response(message, field_bytes(message, fields[NT]));
}

bool ntlm_is_message(struct slice bytes)
{
    return slice_equals(slice_part(bytes, 0, SIGNATURE_LENGTH),
                        slice_of("NTLMSSP", SIGNATURE_LENGTH));
}

struct ntlm_facts ntlm_read(struct slice bytes, struct arena *arena)
{
    struct ntlm_facts facts = { 0 };
    struct message message = { .bytes = bytes, .facts = &facts, .arena = arena };
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);
    uint32_t type;

    if (!ntlm_is_message(bytes))
        return facts;
    cursor_skip(&in, SIGNATURE_LENGTH);
    type = cursor_u32_le(&in);
    facts.type = type <= 3 ? type : 0;
    if (type == 1)
        read_negotiate(&message, &in);
    if (type == 2)
        read_challenge(&message, &in);
    if (type == 3)
        read_authenticate(&message, &in);
    if (reading.state != READ_OK || facts.type == 0)
        facts.malformed = true;
    return facts;
}
