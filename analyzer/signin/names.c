/* names.c: what host names mean in a Lync site
 *
 * The prefixes are those that clients put before the SIP domain, in the order
 * and with the meaning that protocol documents give them.
 */
#include "lyncscope/names.h"

#include <stddef.h>
#include <string.h>

enum name_kind name_classify(const char *name, const char **domain)
{
    static const struct {
        const char *prefix;
        enum name_kind kind;
    } prefixes[] = {
        { "lyncdiscoverinternal.", NAME_DISCOVERY_INTERNAL },
        { "lyncdiscover.", NAME_DISCOVERY_EXTERNAL },
        { "_sipinternaltls._tcp.", NAME_SIP_SERVICE },
        { "_sipinternal._tcp.", NAME_SIP_SERVICE },
        { "_sip._tls.", NAME_SIP_SERVICE },
        { "_sip._tcp.", NAME_SIP_SERVICE },
        { "sipinternal.", NAME_SIP_HOST },
        { "sipexternal.", NAME_SIP_HOST },
        { "sip.", NAME_SIP_HOST },
        { "autodiscover.", NAME_EXCHANGE },
        { "_autodiscover._tcp.", NAME_EXCHANGE },
    };

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t length;

        if (name[0] != prefixes[i].prefix[0]) /* most of all names */
            continue;
        length = strlen(prefixes[i].prefix);
        if (strncmp(name, prefixes[i].prefix, length) == 0 && name[length]) {
            *domain = name + length;
            return prefixes[i].kind;
        }
    }
    *domain = NULL;
    return NAME_OTHER;
}

bool name_is_discovery(enum name_kind kind)
{
    return kind == NAME_DISCOVERY_INTERNAL || kind == NAME_DISCOVERY_EXTERNAL;
}

bool name_is_within(const char *host, const char *domain)
{
    size_t host_length = strlen(host), length = strlen(domain);

    if (length == 0 || host_length < length || strcmp(host + host_length - length, domain) != 0)
        return false;
    return host_length == length || host[host_length - length - 1] == '.';
}

/* Start of the last `labels` labels. */
static const char *last_labels(const char *host, unsigned labels)
{
    const char *at = host + strlen(host);

    while (at > host) {
        if (at[-1] == '.' && --labels == 0)
            return at;
        at--;
    }
    return host;
}

const char *name_registrable(const char *host)
{
    const char *two = last_labels(host, 2);
    size_t second = strcspn(two, ".");
    size_t top = two[second] ? strlen(two + second + 1) : 0;

    return second <= 3 && top == 2 ? last_labels(host, 3) : two;
}

bool name_same_registrable(const char *a, const char *b)
{
    return strcmp(name_registrable(a), name_registrable(b)) == 0;
}

bool name_is_online(const char *host)
{
    static const char *const domains[] = { "lync.com", "outlook.com", "microsoftonline.com",
                                           "skype.com", "skypeforbusiness.com" };

    for (size_t i = 0; i < sizeof domains / sizeof *domains; i++)
        if (name_is_within(host, domains[i]))
            return true;
    return false;
}
