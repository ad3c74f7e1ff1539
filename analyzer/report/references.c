/* references.c: where a rule's knowledge comes from, spelled out
 *
 * The rule table names its sources by short keys, several of them between
 * semicolons, each perhaps with a remark in brackets behind it.
 */
#include "analyzer/report/references.h"

#include <string.h>

#define LYNC2013 "Microsoft Lync Server 2013 documentation: "

static const struct {
    const char *key, *words;
} sources[] = {
    { "SEED0", LYNC2013 "Port summary - Autodiscover" },
    { "SEED1", LYNC2013 "Port summary - Reverse proxy" },
    { "SEED2", LYNC2013 "Scenarios for reverse proxy" },
    { "SEED3", "Greg Anthony, Lync Autodiscover deep dive (Microsoft, 2012)" },
    { "SEED4", LYNC2013 "Technical requirements for mobility" },
    { "OCDISC", "[MS-OCDISCWS] Lync Autodiscover Web Service Protocol" },
    { "OCAUTH", "[MS-OCAUTHWS] OC Authentication Web Service Protocol" },
    { "NLMP", "[MS-NLMP] NT LAN Manager Authentication Protocol" },
    { "UNDERST", LYNC2013 "Understanding Autodiscover" },
    { "RPMOB", LYNC2013 "Configuring the reverse proxy for mobility" },
    { "DNSAUTO", LYNC2013 "DNS requirements for automatic client sign-in" },
    { "DNSSUM", LYNC2013 "DNS summary - Autodiscover" },
    { "MCXTEST", LYNC2013 "Test-CsMcxP2PIM" },
    { "UCWADOC", "Microsoft UCWA 2.0 documentation (OfficeDev/skype-docs)" },
    { "IOSKB", "Microsoft support: Lync mobile clients cannot sign in" },
    { "SIPE", "SIPE, the Lync plug-in of Pidgin: how its client does it" },
    { "EXCH", "Exchange Server's own Lync Autodiscover client" },
    { "SWF", "a security filter for Lync traffic on a reverse proxy (open source)" },
    { "ISSUES", "reports of UCWA and SIPE users (GitHub issues)" },
    { "CONNTRACE", "connection trace of a Skype for Business client (published)" },
    { "ODDLOG", "sign-in trace of a Skype for Business client (published)" },
    { "PASTEDNS", "zone of a Lync Online tenant (published)" },
    { "RPARR", "NextHop: Using IIS ARR as a Reverse Proxy for Lync Server 2013" },
    { "TECHMIKAL", "techmikal.com: UCWA 503, E_UcwaUnavailable" },
    { "CSSERVICE", LYNC2013 "Get-CsService -WebServer, its list of addresses" },
    { "KLOUD", "Kloud: Lync 2010 Mobility Sign-in Internals" },
    { "TSOORAD", "tsoorad.blogspot.com: Lync 2010 pool with 2013 clients" },
    { "UCMADE", "blog.ucmadeeasy.com: push notification error 504" },
    { "general", "common knowledge of TLS, HTTP, DNS and Windows" },
};

static const char *words_of(struct slice key)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (slice_is_text(key, sources[i].key))
            return sources[i].words;
    return NULL;
}

static void spell(struct text *out, struct slice reference)
{
    size_t length = slice_find_byte(reference, ' ');
    const char *words = words_of(slice_part(reference, 0, length));

    if (!words)
        length = 0;
    text_add(out, words ? words : "");
    text_add_slice(out, slice_after(reference, length));
}

void references_spell(struct text *out, const char *references)
{
    struct slice rest = slice_of_text(references);

    while (rest.length) {
        size_t end = slice_find_byte(rest, ';');

        spell(out, slice_trim(slice_part(rest, 0, end)));
        if (end < rest.length)
            text_add(out, "; ");
        rest = slice_after(rest, end + 1);
    }
}
