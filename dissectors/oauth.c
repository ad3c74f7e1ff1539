/* oauth.c: OAuth token requests, tokens and errors
 *
 * Follows RFC 6749 4.3, 5.1 and 5.2, with the ms_rtc_ members of MS-OCAUTHWS.
 * Passwords and tokens are never copied out of the body.
 */
#include "document.h"
#include "form.h"

bool oauth_read_json(struct document_reading *reading, struct json_value root)
{
    struct document *document = &reading->document;
    uint64_t seconds = 0;

    if (json_value_is_text(json_value_member(root, "access_token"))) {
        document->kind = DOCUMENT_OAUTH_TOKEN;
        if (slice_to_u64(json_value_member_text(root, "expires_in", reading->arena), &seconds) &&
            seconds <= INT64_MAX)
            document->expires_in_s = (int64_t)seconds;
        return true;
    }
    if (!json_value_is_text(json_value_member(root, "error")))
        return false;
    document->kind = DOCUMENT_OAUTH_ERROR;
    document->oauth_error = json_value_member_text(root, "error", reading->arena);
    document->passive_auth_uri =
        json_value_member_text(root, "ms_rtc_passiveauthuri", reading->arena);
    return true;
}

bool oauth_read_form(struct document_reading *reading, struct slice form)
{
    struct document *document = &reading->document;

    if (!form_has(form, "grant_type"))
        return false;
    document->kind = DOCUMENT_OAUTH_FORM;
    document->grant_type = form_value(form, "grant_type", true, reading->arena);
    document->username = form_value(form, "username", true, reading->arena);
    return true;
}
