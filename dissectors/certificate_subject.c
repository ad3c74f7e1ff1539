/* certificate_subject.c: distinguished names as text
 *
 * "C=US, O=Contoso, CN=a.b": RFC 4514's form, but in the order of the
 * certificate.  What could mislead a terminal is escaped here, once for all.
 */
#include <openssl/objects.h>
#include <openssl/x509.h>

#include "dissectors/certificate.h"
#include "lyncscope/text.h"

/* Longer ones are cut: nobody reads them, and a report repeats them. */
enum { NAME_TEXT_MAX = 8192, VALUE_MAX = 1024 };

static bool is_special(struct slice value, size_t at)
{
    uint8_t c = value.data[at];

    return slice_find_byte(slice_of_text(",+\"\\<>;"), c) < 7 ||
           (at == 0 && (c == '#' || c == ' ')) || (at + 1 == value.length && c == ' ');
}

static void add_value(struct text *text, struct slice value)
{
    size_t from = 0;

    value = slice_part(value, 0, VALUE_MAX);
    for (size_t at = 0; at < value.length; at++) {
        if (!is_special(value, at))
            continue;
        text_add_escaped(text, slice_part(value, from, at - from));
        text_add(text, "\\");
        from = at;
    }
    text_add_escaped(text, slice_after(value, from));
}

static void add_type(struct text *text, const ASN1_OBJECT *type)
{
    int nid = OBJ_obj2nid(type);
    char digits[128];

    if (nid != NID_undef)
        text_add(text, OBJ_nid2sn(nid));
    else if (OBJ_obj2txt(digits, sizeof digits, type, 1) > 0)
        text_add(text, digits);
    text_add(text, "=");
}

static void add_entry(struct text *text, const X509_NAME_ENTRY *entry)
{
    const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);
    unsigned char *utf8 = NULL;
    int length = ASN1_STRING_to_UTF8(&utf8, value);

    add_type(text, X509_NAME_ENTRY_get_object(entry));
    if (length >= 0)
        add_value(text, slice_of(utf8, (size_t)length));
    else /* no text, or not the text that its type says */
        add_value(text, slice_of(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value)));
    OPENSSL_free(utf8);
}

bool certificate_subject_text(const X509_NAME *name, struct arena *arena, struct budget *budget,
                              struct slice *out)
{
    struct text text = { .bytes = { .budget = budget } };
    int set = -1;
    bool fits;

    for (int i = 0; i < X509_NAME_entry_count(name); i++) {
        const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);

        if (i > 0)
            text_add(&text, X509_NAME_ENTRY_set(entry) == set ? "+" : ", ");
        if (text_length(&text) > NAME_TEXT_MAX) {
            text_add(&text, "...");
            break;
        }
        set = X509_NAME_ENTRY_set(entry);
        add_entry(&text, entry);
    }
    *out = arena_copy(arena, buffer_slice(&text.bytes));
    fits = !text.cut && out->length == text_length(&text);
    text_release(&text);
    return fits;
}

bool certificate_subject_common_name(const X509_NAME *name, struct arena *arena, struct slice *out)
{
    unsigned char *utf8 = NULL;
    int length, last = -1;
    bool fits;

    for (int at = -1; (at = X509_NAME_get_index_by_NID(name, NID_commonName, at)) >= 0;)
        last = at;
    *out = SLICE_EMPTY;
    if (last < 0)
        return true;
    length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, last)));
    if (length < 0)
        return true;
    *out = arena_copy(arena, slice_of(utf8, (size_t)length));
    fits = out->length == (size_t)length;
    OPENSSL_free(utf8);
    return fits;
}
