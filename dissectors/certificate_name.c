/* certificate_name.c: does a certificate cover a host name or an address?
 *
 * Follows RFC 6125 6.4 as clients do: a wildcard is a whole leftmost label and
 * stands for one label; below it must be two labels at least.  Internationalised
 * names are compared in their ASCII form, which both sides send.
 */
#include "lyncscope/address.h"
#include "lyncscope/certificate.h"

/* A NUL ends a name for some readers and not for others: such a name is a trick. */
static bool has_nul(struct slice text)
{
    return slice_find_byte(text, 0) < text.length;
}

/* `below` is what follows "*.": no bare top-level name, no other wildcard. */
static bool may_follow_wildcard(struct slice below)
{
    size_t dot = slice_find_byte(below, '.');

    return dot > 0 && dot + 1 < below.length && slice_find_byte(below, '*') == below.length;
}

static bool name_matches(struct slice pattern, struct slice name)
{
    size_t dot = slice_find_byte(name, '.');
    struct slice below = slice_after(pattern, 2);

    if (has_nul(pattern))
        return false;
    if (!slice_starts_with(pattern, "*"))
        return slice_equals_nocase(pattern, name);
    return slice_starts_with(pattern, "*.") && may_follow_wildcard(below) && dot > 0 &&
           dot < name.length && slice_equals_nocase(below, slice_after(name, dot + 1));
}

static bool address_matches(struct slice text, const struct address *asked)
{
    struct address address;

    return !has_nul(text) && address_parse(text, &address) && address_equals(&address, asked);
}

/* "[::1]" as in an URL. */
static struct slice without_brackets(struct slice name)
{
    if (name.length > 2 && name.data[0] == '[' && name.data[name.length - 1] == ']')
        return slice_part(name, 1, name.length - 2);
    return name;
}

/* RFC 6125 6.4.4: addresses among the alternative names leave the common name its say. */
static bool has_host_names(const struct certificate *certificate)
{
    struct address address;

    for (size_t i = 0; i < certificate->name_count; i++)
        if (!address_parse(certificate->names[i], &address))
            return true;
    return false;
}

bool certificate_covers(const struct certificate *certificate, struct slice name)
{
    const struct slice *names = certificate->names;
    size_t count = certificate->name_count;
    struct address address;
    bool is_address;

    name = without_brackets(name);
    if (name.length > 1 && name.data[name.length - 1] == '.')
        name.length--;
    if (!certificate->readable || name.length == 0 || has_nul(name))
        return false;
    is_address = address_parse(name, &address);
    if ((is_address ? count == 0 : !has_host_names(certificate)) &&
        certificate->common_name.length > 0) {
        names = &certificate->common_name;
        count = 1;
    }
    for (size_t i = 0; i < count; i++)
        if (is_address ? address_matches(names[i], &address) : name_matches(names[i], name))
            return true;
    return certificate->names_left_out;
}
