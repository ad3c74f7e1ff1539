/* copy.c: deep copies of what events carry, into a sign-in's arena
 *
 * An event's slices die with the call that delivered it.  Each struct's slices
 * are listed in one table of offsets, so that a new field is one line.  A copy
 * that does not fit leaves the field empty: the facts become fewer, not wrong.
 */
#include "copy.h"

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void copy_fields(struct arena *arena, void *object, const size_t *offsets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct slice *field = (struct slice *)(void *)((uint8_t *)object + offsets[i]);

        *field = arena_copy(arena, *field);
    }
}

static void copy_document(struct arena *arena, struct document *document)
{
#define AT(field) offsetof(struct document, field)
    static const size_t fields[] = {
        AT(access_location),
        AT(redirect),
        AT(sip_client_internal.fqdn),
        AT(sip_client_internal.port),
        AT(sip_client_external.fqdn),
        AT(sip_client_external.port),
        AT(sip_server_internal.fqdn),
        AT(sip_server_internal.port),
        AT(sip_server_external.fqdn),
        AT(sip_server_external.port),
        AT(user),
        AT(token_type),
        AT(applies_to),
        AT(fault_code),
        AT(fault_string),
        AT(error_id),
        AT(reason),
        AT(grant_type),
        AT(username),
        AT(oauth_error),
        AT(passive_auth_uri),
        AT(code),
        AT(subcode),
    };
#undef AT
    struct link *links = NULL;

    copy_fields(arena, document, fields, COUNT(fields));
    if (document->link_count)
        links = arena_take(arena, document->link_count * sizeof *links);
    if (!links)
        document->link_count = 0;
    for (size_t i = 0; i < document->link_count; i++)
        links[i] = (struct link){ arena_copy(arena, document->links[i].token),
                                  arena_copy(arena, document->links[i].href) };
    document->links = links;
}

static void copy_ntlm(struct arena *arena, struct ntlm_facts *ntlm)
{
#define AT(field) offsetof(struct ntlm_facts, field)
    static const size_t fields[] = { AT(domain),      AT(user),          AT(workstation),
                                     AT(server_name), AT(server_domain), AT(target_spn) };
#undef AT

    copy_fields(arena, ntlm, fields, COUNT(fields));
}

static void copy_lync(struct arena *arena, struct lync_exchange *lync)
{
#define AT(field) offsetof(struct lync_exchange, field)
    static const size_t fields[] = {
        AT(sipuri),
        AT(original_domain),
        AT(challenge.oauth_href),
        AT(challenge.grant_types),
        AT(challenge.authorization_uri),
        AT(challenge.trusted_issuers),
        AT(web_ticket_url),
        AT(diagnostics.id),
        AT(diagnostics.source),
        AT(diagnostics.reason),
        AT(diagnostics.fault_code),
        AT(server_fqdn),
    };
#undef AT

    copy_fields(arena, lync, fields, COUNT(fields));
    copy_ntlm(arena, &lync->ntlm);
    copy_ntlm(arena, &lync->challenge.token);
    copy_document(arena, &lync->request_document);
    copy_document(arena, &lync->response_document);
}

static const struct header *copy_headers(struct arena *arena, const struct header *headers,
                                         size_t *count)
{
    struct header *copies = *count ? arena_take(arena, *count * sizeof *copies) : NULL;

    if (!copies)
        *count = 0;
    for (size_t i = 0; i < *count; i++)
        copies[i] = (struct header){ arena_copy(arena, headers[i].name),
                                     arena_copy(arena, headers[i].value) };
    return copies;
}

const struct http_exchange *copy_http(struct arena *arena, const struct http_exchange *exchange)
{
#define AT(field) offsetof(struct http_exchange, field)
    static const size_t fields[] = { AT(request.method),  AT(request.target),
                                     AT(request.host),    AT(request.body.kept),
                                     AT(response.reason), AT(response.body.kept) };
#undef AT
    struct http_exchange *copy = arena_take(arena, sizeof *copy);
    unsigned *interim = NULL;

    if (!copy)
        return NULL;
    *copy = *exchange;
    copy->request.body.kept = slice_part(exchange->request.body.kept, 0, BODY_KEPT_MAX);
    copy->response.body.kept = slice_part(exchange->response.body.kept, 0, BODY_KEPT_MAX);
    copy_fields(arena, copy, fields, COUNT(fields));
    copy->request.headers =
        copy_headers(arena, exchange->request.headers, &copy->request.header_count);
    copy->response.headers =
        copy_headers(arena, exchange->response.headers, &copy->response.header_count);
    if (copy->interim_count)
        interim = arena_take(arena, copy->interim_count * sizeof *interim);
    if (!interim)
        copy->interim_count = 0;
    for (size_t i = 0; i < copy->interim_count; i++)
        interim[i] = exchange->interim[i];
    copy->interim = interim;
    copy_lync(arena, &copy->lync);
    return copy;
}

const struct dns_record *copy_records(struct arena *arena, const struct dns_record *records,
                                      size_t count)
{
    struct dns_record *copies = count ? arena_take(arena, count * sizeof *copies) : NULL;

    for (size_t i = 0; copies && i < count; i++) {
        copies[i] = records[i];
        copies[i].name = arena_copy(arena, records[i].name);
        copies[i].type = arena_copy(arena, records[i].type);
        copies[i].data = arena_copy(arena, records[i].data);
    }
    return copies;
}

char *copy_lower(struct arena *arena, struct slice text)
{
    char *copy = text.length ? arena_text(arena, text) : NULL;

    for (char *c = copy; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + ('a' - 'A'));
    return copy;
}
