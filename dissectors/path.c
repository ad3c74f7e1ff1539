/* path.c: which service and resource a request is for, by path, host name and headers
 *
 * Paths are compared case-insensitively and as decoded, whole segments only,
 * and the longest row wins.  Both kinds of Autodiscover, ours and Exchange's,
 * may live behind one name: the path decides first, the name only where the
 * path is free.
 */
#include "path.h"

#include "form.h"
#include "url.h"

static const struct {
    const char *prefix;
    enum service service;
} services[] = {
    { "/autodiscover/autodiscoverservice.svc", SERVICE_AUTODISCOVER },
    { "/autodiscover/xframe", SERVICE_XFRAME },
    { "/xframe", SERVICE_XFRAME },
    { "/autodiscover/autodiscover.xml", SERVICE_EXCHANGE_AUTODISCOVER },
    { "/autodiscover/autodiscover.svc", SERVICE_EXCHANGE_AUTODISCOVER },
    { "/autodiscover/autodiscover.json", SERVICE_EXCHANGE_AUTODISCOVER },
    { "/webticket", SERVICE_WEBTICKET },
    { "/mcx", SERVICE_MCX },
    { "/ucwa", SERVICE_UCWA },
    { "/reach", SERVICE_REACH },
    { "/certprov", SERVICE_CERTPROV },
    { "/abs", SERVICE_ABS },
    { "/groupexpansion", SERVICE_GROUPEXPANSION },
    { "/meet", SERVICE_MEET },
    { "/dialin", SERVICE_DIALIN },
    { "/scheduler", SERVICE_SCHEDULER },
    { "/collabcontent", SERVICE_COLLABCONTENT },
    { "/datacollabweb", SERVICE_COLLABCONTENT },
    { "/locationinformation", SERVICE_LOCATION },
    { "/requesthandler", SERVICE_DEVICEUPDATE },
    { "/requesthandlerext", SERVICE_DEVICEUPDATE },
    { "/deviceupdatefiles_ext", SERVICE_DEVICEUPDATE },
    { "/rgsclients", SERVICE_RGS },
    { "/rgsconfig", SERVICE_RGS },
    { "/passiveauth", SERVICE_PASSIVEAUTH },
    { "/persistentchat", SERVICE_PERSISTENTCHAT },
    { "/hosting/discovery", SERVICE_OFFICE_WEB_APPS },
    { "/m/presenter.aspx", SERVICE_OFFICE_WEB_APPS },
    { "/m/participantframe.aspx", SERVICE_OFFICE_WEB_APPS },
};

/* A whole path each; an empty segment at its end is forgiven. */
static const struct {
    const char *path;
    enum resource resource;
} resources[] = {
    { "/autodiscover/autodiscoverservice.svc/root", RESOURCE_ROOT },
    { "/autodiscover/autodiscoverservice.svc/root/domain", RESOURCE_DOMAIN },
    { "/autodiscover/autodiscoverservice.svc/root/user", RESOURCE_USER },
    { "/autodiscover/autodiscoverservice.svc/root/oauth/user", RESOURCE_OAUTH_USER },
    { "/webticket/webticketservice.svc/mex", RESOURCE_MEX },
    { "/webticket/oauthtoken", RESOURCE_OAUTH_TOKEN },
};

/* Requests to Microsoft's Live ID service: part of a sign-in, no service of the site. */
static const char *const live_id[] = { "/rst2.srf", "/getuserrealm.srf" };

static uint8_t next_byte(struct slice *path)
{
    uint8_t byte = path->data[0];
    size_t used = 1;

    if (byte == '%' && path->length > 2) {
        int high = hex_value(path->data[1]), low = hex_value(path->data[2]);

        if (high >= 0 && low >= 0) {
            byte = (uint8_t)(high << 4 | low);
            used = 3;
        }
    }
    *path = slice_after(*path, used);
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + ('a' - 'A')) : byte;
}

/* The rest of the path behind `prefix` (lower case) if that is how it begins. */
static bool skip_text(struct slice *path, const char *prefix)
{
    struct slice rest = *path;

    for (; *prefix; prefix++) {
        if (rest.length == 0)
            return false;
        if (rest.data[0] == (uint8_t)*prefix && *prefix != '%') { /* nothing to decode or fold */
            rest.data++;
            rest.length--;
        } else if (next_byte(&rest) != (uint8_t)*prefix) {
            return false;
        }
    }
    *path = rest;
    return true;
}

static bool skip_segments(struct slice *path, const char *prefix)
{
    struct slice rest = *path;

    if (!skip_text(&rest, prefix) || (rest.length > 0 && rest.data[0] != '/'))
        return false;
    *path = rest;
    return true;
}

/* What is not escaped has the length that it is compared with. */
static bool may_be_path(struct slice path, struct slice text)
{
    return slice_find_byte(path, '%') < path.length ||
           (path.length >= text.length && path.length <= text.length + 1);
}

static bool is_path(struct slice path, const char *text)
{
    if (!may_be_path(path, slice_of_text(text)))
        return false;
    return skip_segments(&path, text) && path.length <= 1;
}

static enum service find_service(struct slice path)
{
    enum service found = SERVICE_NONE;
    size_t shortest = SIZE_MAX;
    struct slice name = path;
    uint8_t first;

    /* The first letter of the name leaves one row or two of them all. */
    if (!skip_text(&name, "/") || name.length == 0)
        return found;
    first = next_byte(&name);
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        struct slice rest = path;

        if (services[i].prefix[1] == (char)first && skip_segments(&rest, services[i].prefix) &&
            rest.length < shortest) {
            shortest = rest.length;
            found = services[i].service;
        }
    }
    return found;
}

/* /ucwa/[oauth/|psanon/]v1/applications[/<id>[/...]] */
static enum resource ucwa_resource(struct slice path)
{
    struct slice rest = path;

    skip_segments(&rest, "/ucwa");
    if (!skip_segments(&rest, "/oauth"))
        skip_segments(&rest, "/psanon");
    if (!skip_text(&rest, "/v"))
        return RESOURCE_OTHER;
    rest = slice_after(rest, slice_find_byte(rest, '/'));
    if (!skip_segments(&rest, "/applications"))
        return RESOURCE_OTHER;
    if (rest.length <= 1)
        return RESOURCE_APPLICATIONS;
    rest = slice_after(rest, 1);
    rest = slice_after(rest, slice_find_byte(rest, '/'));
    return is_path(rest, "/events") ? RESOURCE_EVENTS : RESOURCE_APPLICATION;
}

static enum resource find_resource(struct slice path, enum service service)
{
    for (size_t i = 0; i < sizeof resources / sizeof *resources; i++)
        if (is_path(path, resources[i].path))
            return resources[i].resource;
    if (service == SERVICE_UCWA)
        return ucwa_resource(path);
    if (skip_segments(&path, "/webticket/webticketservice.svc"))
        return RESOURCE_TICKET;
    if (skip_segments(&path, "/mcx/mcxservice.svc"))
        return RESOURCE_MCX;
    return RESOURCE_OTHER;
}

/* A name in the service's place that only begins alike.  Exchange's autodiscover.svc is the
 * misprint of the seed article when what is asked of it is ours: /root, or by other signs. */
static bool is_misprint(struct slice path, enum service service, bool lync_signs)
{
    struct slice rest = path;

    if (skip_segments(&rest, "/autodiscover/autodiscover.svc"))
        return lync_signs || skip_segments(&rest, "/root");
    rest = path;
    return service == SERVICE_NONE && skip_text(&rest, "/autodiscover/autodiscover");
}

static bool is_live_id(struct slice path)
{
    for (size_t i = 0; i < sizeof live_id / sizeof *live_id; i++)
        if (is_path(path, live_id[i]))
            return true;
    return false;
}

static bool is_discovery_host(struct slice host)
{
    return slice_starts_with_nocase(host, "lyncdiscover.") ||
           slice_starts_with_nocase(host, "lyncdiscoverinternal.");
}

struct place path_place(struct slice host, struct slice target, bool lync_headers)
{
    struct slice path = target_path(target), name = host_name(host);
    bool signs =
        lync_headers || is_discovery_host(name) || form_has(target_query(target), "sipuri");
    struct place place = { .service = find_service(path) };

    if (slice_find_text_nocase(path, "replicationwebservice") < path.length) {
        place.service = SERVICE_CMS_REPLICATION;
        return place;
    }
    if (is_misprint(path, place.service, signs))
        return (struct place){ SERVICE_AUTODISCOVER, RESOURCE_ROOT_TYPO, true };
    if (place.service == SERVICE_EXCHANGE_AUTODISCOVER)
        return place;
    if (place.service != SERVICE_NONE) {
        place.resource = find_resource(path, place.service);
        place.ours = true;
    } else if (signs && is_path(path, "")) {
        return (struct place){ SERVICE_AUTODISCOVER, RESOURCE_ROOT, true };
    } else if (slice_starts_with_nocase(name, "autodiscover.") && !signs) {
        place.service = SERVICE_EXCHANGE_AUTODISCOVER;
    } else {
        /* a web page with a sipuri of its own is none of ours */
        place.ours = lync_headers || is_discovery_host(name) || is_live_id(path);
    }
    return place;
}
