/* message_facts.c: what an exchange says about a sign-in, in words */
#include "ui/message.h"
#include "ui/words.h"

static void add_joined(const struct message_writer *writer, const char *label, struct slice first,
                       struct slice second)
{
    struct text line = { 0 };

    text_add_slice(&line, first);
    if (first.length > 0 && second.length > 0)
        text_add(&line, ", ");
    text_add_slice(&line, second);
    message_add_field(writer, label, buffer_slice(&line.bytes));
    text_release(&line);
}

/* ---- who asks, and what is demanded ---- */

/* MS-NLMP 2.2.2.5, those that decide something. */
static void add_ntlm_flags(const struct message_writer *writer, uint32_t flags)
{
    static const struct {
        uint32_t flag;
        const char *word;
    } words[] = {
        { 0x00000001, "Unicode" },
        { 0x00000010, "signing" },
        { 0x00000020, "sealing" },
        { 0x00000200, "NTLM" },
        { 0x00000800, "anonymous" },
        { 0x00080000, "extended session security" },
        { 0x00800000, "target information" },
        { 0x20000000, "128 bit" },
        { 0x40000000, "key exchange" },
    };
    struct text line = { 0 };

    if (flags == 0)
        return;
    text_print(&line, "0x%08x", flags);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (flags & words[i].flag)
            text_print(&line, "%s%s", i ? ", " : " ", words[i].word);
    message_add_field(writer, "flags", buffer_slice(&line.bytes));
    text_release(&line);
}

/* A FILETIME: 100 ns since 1601. */
static void add_ntlm_time(const struct message_writer *writer, uint64_t filetime)
{
    const uint64_t unix_epoch = 116444736000000000, most = INT64_MAX / 100;
    char clock[TIME_TEXT_SIZE];

    if (filetime <= unix_epoch || filetime - unix_epoch > most)
        return;
    time_format_utc((int64_t)(filetime - unix_epoch) * 100, clock);
    message_print_field(writer, "its clock", "%.19s UTC", clock);
}

static void add_ntlm(const struct message_writer *writer, const struct ntlm_facts *ntlm)
{
    static const char *const types[] = { "", "1, negotiate", "2, challenge", "3, authenticate" };

    if (ntlm->type == 0 || ntlm->type > 3)
        return;
    message_print_field(writer, "NTLM", "message %s%s%s%s", types[ntlm->type],
                        ntlm->anonymous ? ", anonymous" : "", ntlm->version1 ? ", version 1" : "",
                        ntlm->malformed ? ", malformed" : "");
    message_add_field(writer, "user", ntlm->user);
    message_add_field(writer, "domain", ntlm->domain);
    message_add_field(writer, "computer", ntlm->workstation);
    add_joined(writer, "server", ntlm->server_name, ntlm->server_domain);
    message_add_field(writer, "calls", ntlm->target_spn);
    add_ntlm_flags(writer, ntlm->flags);
    add_ntlm_time(writer, ntlm->timestamp);
}

static void add_challenge(const struct message_writer *writer, const struct challenge *challenge)
{
    const struct {
        bool offered;
        const char *word;
    } schemes[] = {
        { challenge->negotiate, "Negotiate" }, { challenge->ntlm, "NTLM" },
        { challenge->basic, "Basic" },         { challenge->digest, "Digest" },
        { challenge->bearer, "Bearer" },       { challenge->oauth, "MsRtcOAuth" },
    };
    struct text line = { 0 };

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (schemes[i].offered) {
            text_add(&line, text_length(&line) > 0 ? ", " : "");
            text_add(&line, schemes[i].word);
        }
    }
    message_add_field(writer, "demands", buffer_slice(&line.bytes));
    message_add_field(writer, "token at", challenge->oauth_href);
    message_add_field(writer, "grants", challenge->grant_types);
    message_add_field(writer, "issuer at", challenge->authorization_uri);
    add_ntlm(writer, &challenge->token);
    text_release(&line);
}

/* ---- documents ---- */

static const char *document_word(enum document_kind kind)
{
    static const char *const words[] = {
        [DOCUMENT_NONE] = NULL,
        [DOCUMENT_AUTODISCOVER] = "Autodiscover response",
        [DOCUMENT_UCWA_RESOURCE] = "UCWA resource",
        [DOCUMENT_UCWA_ERROR] = "UCWA error",
        [DOCUMENT_RST] = "request for a web ticket",
        [DOCUMENT_RSTR] = "web ticket",
        [DOCUMENT_FAULT] = "SOAP fault",
        [DOCUMENT_WSDL] = "service description",
        [DOCUMENT_SOAP_OTHER] = "SOAP message",
        [DOCUMENT_OAUTH_FORM] = "request for an OAuth token",
        [DOCUMENT_OAUTH_TOKEN] = "OAuth token",
        [DOCUMENT_OAUTH_ERROR] = "OAuth error",
        [DOCUMENT_HTML] = "HTML page",
        [DOCUMENT_MALFORMED] = "broken document",
        [DOCUMENT_CUT] = "document, cut",
    };

    return words[kind];
}

static const char *part_word(enum autodiscover_part part)
{
    static const char *const words[] = {
        [PART_NONE] = "",
        [PART_ROOT] = ", root",
        [PART_DOMAIN] = ", domain",
        [PART_USER] = ", user",
    };

    return words[part];
}

static void add_lifetime(const struct message_writer *writer, const struct document *document)
{
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];

    if (document->created_ns == 0 || document->expires_ns == 0)
        return;
    time_format_utc(document->created_ns, from);
    time_format_utc(document->expires_ns, to);
    message_print_field(writer, "valid", "%.19s to %.19s UTC", from, to);
}

static void add_sip_access(const struct message_writer *writer, const char *label,
                           const struct sip_access *access)
{
    struct text line = { 0 };

    text_add_slice(&line, access->fqdn);
    if (access->port.length > 0) {
        text_add(&line, ":");
        text_add_slice(&line, access->port);
    }
    message_add_field(writer, label, buffer_slice(&line.bytes));
    text_release(&line);
}

static void add_links(const struct message_writer *writer, const struct document *document)
{
    struct text line = { 0 };

    message_add_field(writer, "redirect", document->redirect);
    for (size_t i = 0; i < document->link_count && i < LINKS_MAX; i++) {
        text_truncate(&line, 0);
        text_add_slice(&line, document->links[i].token);
        text_add(&line, " ");
        text_add_slice(&line, document->links[i].href);
        message_add_field(writer, "link", buffer_slice(&line.bytes));
    }
    add_sip_access(writer, "SIP in", &document->sip_client_internal);
    add_sip_access(writer, "SIP out", &document->sip_client_external);
    text_release(&line);
}

static void add_document(const struct message_writer *writer, const char *label,
                         const struct document *document)
{
    const char *word = document_word(document->kind);

    if (!word)
        return;
    message_print_field(writer, label, "%s%s", word, part_word(document->part));
    if (document->problem)
        page_add_labelled(writer->page, STYLE_FAILED, "problem", slice_of_text(document->problem));
    message_add_field(writer, "seen from", document->access_location);
    message_add_field(writer, "user", document->user);
    message_add_field(writer, "for", document->applies_to);
    message_add_field(writer, "token type", document->token_type);
    add_lifetime(writer, document);
    if (document->expires_in_s > 0)
        message_print_field(writer, "valid", "%lld s", (long long)document->expires_in_s);
    add_joined(writer, "fault", document->fault_code, document->fault_string);
    add_joined(writer, "error", document->error_id, document->reason);
    add_joined(writer, "grant", document->grant_type, document->username);
    add_joined(writer, "error", document->oauth_error, document->passive_auth_uri);
    add_joined(writer, "error", document->code, document->subcode);
    add_links(writer, document);
}

static void add_diagnostics(const struct message_writer *writer,
                            const struct diagnostics *diagnostics)
{
    struct text line = { 0 };

    if (diagnostics->id.length == 0 && diagnostics->reason.length == 0)
        return;
    text_add_slice(&line, diagnostics->id);
    text_add(&line, " ");
    text_add_slice(&line, diagnostics->reason);
    if (diagnostics->source.length > 0) {
        text_add(&line, ", says ");
        text_add_slice(&line, diagnostics->source);
    }
    page_add_labelled(writer->page, STYLE_WARNING, "server", buffer_slice(&line.bytes));
    text_release(&line);
}

void message_add_facts(const struct message_writer *writer, const struct lync_exchange *lync)
{
    message_add_heading(writer, "What it says");
    if (lync->resource != RESOURCE_OTHER)
        message_print_field(writer, "asks for", "%s", resource_name(lync->resource));
    else if (lync->service != SERVICE_NONE)
        message_print_field(writer, "asks for", "%s", service_name(lync->service));
    message_add_field(writer, "for user", lync->sipuri);
    if (lync->credential != CREDENTIAL_NONE)
        message_print_field(writer, "proof", "%s", credential_name(lync->credential));
    add_ntlm(writer, &lync->ntlm);
    add_document(writer, "sends", &lync->request_document);
    add_challenge(writer, &lync->challenge);
    message_add_field(writer, "ticket at", lync->web_ticket_url);
    add_diagnostics(writer, &lync->diagnostics);
    message_add_field(writer, "answers", lync->server_fqdn);
    add_document(writer, "gets", &lync->response_document);
}
