/* oauth.c: token requests, tokens and errors
 *
 * The password of a request is never copied.  Follows RFC 6749 4.3.2, 5.1, 5.2.
 */
#include "oauth.h"

#include "form.h"

bool oauth_read_form(struct slice body, struct arena *arena, struct document *document)
{
    document->grant_type = form_value(body, "grant_type", arena);
    if (document->grant_type.length == 0)
        return false;
    document->kind = DOCUMENT_OAUTH_FORM;
    document->username = form_value(body, "username", arena);
    return true;
}

bool oauth_read_json(const struct json_document *json, struct document *document)
{
    const struct json_value *root = json->count ? &json->values[0] : NULL;
    const struct json_value *expires = json_member(json, root, "expires_in");

    document->oauth_error = json_member_text(json, root, "error");
    if (document->oauth_error.length) {
        document->kind = DOCUMENT_OAUTH_ERROR;
        document->passive_auth_uri = json_member_text(json, root, "ms_rtc_passiveauthuri");
        return true;
    }
    if (json_member_text(json, root, "access_token").length == 0)
        return false;
    document->kind = DOCUMENT_OAUTH_TOKEN;
    if (expires && expires->kind == VALUE_NUMBER)
        document->expires_in_s = expires->number;
    return true;
}
