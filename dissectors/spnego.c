/* spnego.c: what a Negotiate token carries
 *
 * Walks the DER down one path: GSS-API frame, NegTokenInit or NegTokenResp,
 * mechanism token.  A token whose DER is damaged is searched for the NTLM
 * signature instead: a proxy that cuts a header must not hide who asked.
 * Follows RFC 4178 4.2, RFC 2743 3.1, RFC 4121 4.1 and RFC 4559 4.
 */
#include "spnego.h"

#include "lyncscope/cursor.h"
#include "ntlm.h"

enum {
    TAG_OCTETS = 0x04,
    TAG_OID = 0x06,
    TAG_SEQUENCE = 0x30,
    TAG_GSS = 0x60,       /* [APPLICATION 0]: initial token */
    TAG_AP_REQ = 0x6e,    /* [APPLICATION 14]: without the GSS-API frame */
    TAG_INIT = 0xa0,      /* NegTokenInit */
    TAG_RESPONSE = 0xa1,  /* NegTokenResp */
    TAG_MECH_TOKEN = 0xa2 /* [2], in both */
};

struct element {
    uint8_t tag;
    struct slice content;
};

static struct element next_element(struct cursor *in)
{
    struct element element = { .tag = cursor_u8(in) };
    size_t length = cursor_u8(in);
    size_t more = length & 0x7f;

    if (length & 0x80) {
        length = 0;
        if (more == 0 || more > 4)
            cursor_fail(in); /* DER has no indefinite lengths */
        for (size_t i = 0; i < more && i < 4; i++)
            length = length << 8 | cursor_u8(in);
    }
    element.content = cursor_bytes(in, length);
    return element;
}

static struct slice find_element(struct slice bytes, uint8_t tag)
{
    struct reading reading;
    struct cursor in = cursor_over_message(bytes, &reading);

    while (cursor_has_more(&in)) {
        struct element element = next_element(&in);

        if (reading.state == READ_OK && element.tag == tag)
            return element.content;
    }
    return SLICE_EMPTY;
}

static bool is_kerberos(struct slice oid)
{
    static const uint8_t kerberos[] = { 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 0x01, 0x02, 0x02 };
    static const uint8_t microsoft[] = { 0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 0x01, 0x02, 0x02 };

    return slice_equals(oid, slice_of(kerberos, sizeof kerberos)) ||
           slice_equals(oid, slice_of(microsoft, sizeof microsoft));
}

/* A GSS-API frame: the mechanism's OID, then what the mechanism puts there. */
static struct slice unwrap(struct slice token, bool *kerberos)
{
    struct reading reading;
    struct cursor in = cursor_over_message(token, &reading);
    struct element frame = next_element(&in);
    struct cursor inner = cursor_over_message(frame.content, &reading);
    struct element oid = next_element(&inner);

    *kerberos = false;
    if (frame.tag != TAG_GSS || oid.tag != TAG_OID)
        return token;
    if (is_kerberos(oid.content))
        *kerberos = cursor_u16(&inner) == 0x0100; /* TOK_ID of an AP-REQ */
    return cursor_rest(&inner);
}

static struct slice mechanism_token(struct slice token)
{
    struct slice negotiation = find_element(token, TAG_INIT);

    if (negotiation.length == 0)
        negotiation = find_element(token, TAG_RESPONSE);
    return find_element(find_element(find_element(negotiation, TAG_SEQUENCE), TAG_MECH_TOKEN),
                        TAG_OCTETS);
}

static struct slice search_ntlm(struct slice token)
{
    for (struct slice rest = token; rest.length > 0; rest = slice_after(rest, 1)) {
        rest = slice_after(rest, slice_find_byte(rest, 'N'));
        if (ntlm_is_message(rest))
            return rest;
    }
    return SLICE_EMPTY;
}

struct negotiate_token spnego_read(struct slice token)
{
    struct negotiate_token found = { 0 };
    struct slice inner, mechanism;

    if (ntlm_is_message(token))
        return (struct negotiate_token){ .ntlm = token };
    inner = unwrap(token, &found.kerberos);
    mechanism = found.kerberos ? SLICE_EMPTY : mechanism_token(inner);
    if (ntlm_is_message(mechanism))
        return (struct negotiate_token){ .ntlm = mechanism };
    if (mechanism.length)
        unwrap(mechanism, &found.kerberos);
    if ((mechanism.length && mechanism.data[0] == TAG_AP_REQ) ||
        (token.length && token.data[0] == TAG_AP_REQ))
        found.kerberos = true;
    if (!found.kerberos)
        found.ntlm = search_ntlm(token);
    return found;
}
