/* dns_head.c: header and first question, read without a library, so that most messages cost little
 *
 * RFC 1035 4.1 (format, compression), RFC 6762 18.12 (the top bit of a class).
 */
#include "dissectors/dns_head.h"

enum {
    LABEL_MAX = 63,
    JUMPS_MAX = 32, /* real messages need two or three */
    OPCODE_QUERY = 0,
    OPCODE_STATUS = 2,
    OPCODE_NOTIFY = 4,
    OPCODE_UPDATE = 5,
    CLASS_IN = 1,
    CLASS_CHAOS = 3,
    CLASS_HESIOD = 4,
    CLASS_NONE = 254,
    CLASS_ANY = 255,
    CLASS_TOP_BIT = 0x8000,
    LIKELY_RECORDS_MAX = 256,
    NETBIOS_NAME = 32, /* letters */
    TYPE_NB = 32,
    TYPE_NBSTAT = 33, /* SRV, where it is DNS */
};

struct name_text {
    char *out;
    size_t length;
};

static void put(struct name_text *name, char character)
{
    if (name->length < DNS_NAME_TEXT_MAX - 1)
        name->out[name->length++] = character;
}

/* RFC 1035 5.1 */
static void put_label(struct name_text *name, struct slice label)
{
    if (name->length > 0)
        put(name, '.');
    for (size_t i = 0; i < label.length; i++) {
        uint8_t byte = label.data[i];

        if (byte <= ' ' || byte >= 0x7f) {
            put(name, '\\');
            put(name, (char)('0' + byte / 100));
            put(name, (char)('0' + byte / 10 % 10));
            put(name, (char)('0' + byte % 10));
            continue;
        }
        if (byte == '.' || byte == '\\' || byte == '"' || byte == ';' || byte == '(' || byte == ')')
            put(name, '\\');
        put(name, (char)byte);
    }
}

size_t dns_read_name(struct cursor *in, struct slice message, char out[DNS_NAME_TEXT_MAX])
{
    struct name_text name = { .out = out };
    struct cursor at = *in;
    unsigned jumps = 0;
    size_t wire_length = 0;

    for (;;) {
        uint8_t length = cursor_u8(&at);

        if (length > LABEL_MAX) {
            size_t target = (size_t)(length & 0x3f) << 8 | cursor_u8(&at);

            if (length < 0xc0 || ++jumps > JUMPS_MAX)
                cursor_fail(&at);
            if (jumps == 1)
                *in = at;
            at.rest = slice_after(message, target);
            continue;
        }
        wire_length += length + 1u;
        if (wire_length > 255)
            cursor_fail(&at);
        if (length == 0 || at.reading->state != READ_OK)
            break;
        put_label(&name, cursor_bytes(&at, length));
    }
    if (jumps == 0)
        *in = at;
    if (name.length == 0)
        put(&name, '.');
    out[name.length] = '\0';
    return name.length;
}

bool dns_read_head(struct slice message, struct dns_head *head)
{
    struct reading reading;
    struct cursor in = cursor_over_message(message, &reading);
    uint16_t flags;

    head->id = cursor_u16(&in);
    flags = cursor_u16(&in);
    head->response = flags >> 15;
    head->opcode = flags >> 11 & 0xf;
    head->truncated = flags >> 9 & 1;
    head->rcode = flags & 0xf;
    head->questions = cursor_u16(&in);
    head->answers = cursor_u16(&in);
    head->authorities = cursor_u16(&in);
    head->additional = cursor_u16(&in);
    head->has_question = false;
    head->name_length = 0;
    head->name[0] = '\0';
    head->type = head->class = 0;
    head->answers_at = 0;
    if (reading.state != READ_OK)
        return false;
    for (unsigned i = 0; i < head->questions && reading.state == READ_OK; i++) {
        char other[DNS_NAME_TEXT_MAX];
        size_t length = dns_read_name(&in, message, i == 0 ? head->name : other);
        uint16_t type = cursor_u16(&in);
        uint16_t class = cursor_u16(&in);

        if (i == 0 && reading.state == READ_OK) {
            head->has_question = true;
            head->name_length = length;
            head->type = type;
            head->class = class;
        }
    }
    if (reading.state == READ_OK)
        head->answers_at = message.length - in.rest.length;
    return true;
}

static bool is_known_class(uint16_t class)
{
    class &= (uint16_t)~CLASS_TOP_BIT;
    return class == CLASS_IN || class == CLASS_CHAOS || class == CLASS_HESIOD ||
           class == CLASS_NONE || class == CLASS_ANY;
}

static bool is_known_opcode(unsigned opcode)
{
    return opcode <= OPCODE_STATUS || opcode == OPCODE_NOTIFY || opcode == OPCODE_UPDATE;
}

/* What a question may hold besides the question: known answers of mDNS, the zone's SOA in a
 * NOTIFY, the changes of an UPDATE, EDNS and signatures. */
static bool counts_fit(const struct dns_head *head)
{
    unsigned records = head->answers + head->authorities + head->additional;

    if (head->questions > 16 || records > LIKELY_RECORDS_MAX)
        return false;
    if (!head->response && head->opcode == OPCODE_QUERY && head->rcode != 0)
        return false;
    return head->questions > 0 || (head->response && records > 0);
}

/* The fewest bytes that so many records take. */
static bool length_fits(const struct dns_head *head, size_t length)
{
    size_t records = head->answers + head->authorities + head->additional;

    return head->truncated || length - head->answers_at >= records * 11;
}

static bool is_printable(const struct dns_head *head)
{
    for (size_t i = 0; i < head->name_length; i++)
        if (head->name[i] == '\\')
            return false;
    return true;
}

bool dns_has_plausible_header(struct slice message)
{
    struct dns_head head;

    return dns_read_head(message, &head) && is_known_opcode(head.opcode) && counts_fit(&head);
}

/* NetBIOS names have the same format: half a byte a letter (RFC 1002 4.2). */
static bool is_netbios(const struct dns_head *head)
{
    if (head->name_length < NETBIOS_NAME || (head->type != TYPE_NB && head->type != TYPE_NBSTAT))
        return false;
    for (size_t i = 0; i < NETBIOS_NAME; i++)
        if (head->name[i] < 'A' || head->name[i] > 'P')
            return false;
    return head->name_length == NETBIOS_NAME || head->name[NETBIOS_NAME] == '.';
}

enum dns_likeness dns_judge(struct slice message, size_t length)
{
    struct dns_head head;

    if (!dns_read_head(message, &head))
        return DNS_UNLIKE;
    if (is_netbios(&head))
        return DNS_UNLIKE;
    if (!is_known_opcode(head.opcode) || !counts_fit(&head))
        return DNS_MAYBE;
    if (head.answers_at == 0 || !length_fits(&head, length))
        return DNS_MAYBE;
    if (head.questions == 0) /* only an answer of mDNS looks so: too little to go by */
        return DNS_MAYBE;
    if (!is_known_class(head.class) || !is_printable(&head) || head.type == 0)
        return DNS_MAYBE;
    return DNS_LIKELY;
}
