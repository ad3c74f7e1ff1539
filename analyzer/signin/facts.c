/* facts.c: what a sign-in has learned: hosts, addresses, servers tried, its user and SIP domain */
#include "model.h"

#include <string.h>

/* ---- hosts ---- */

static struct slice lower_name(struct slice name, char *out, size_t size)
{
    size_t length = 0;

    name = slice_trim(name);
    if (name.length > 0 && name.data[name.length - 1] == '.')
        name.length--;
    if (name.length >= size)
        return SLICE_EMPTY;
    for (; length < name.length; length++) {
        uint8_t byte = name.data[length];

        out[length] = (char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
    }
    return slice_of(out, length);
}

bool name_lower(struct slice name, char *out, size_t size)
{
    struct slice lower = lower_name(name, out, size - 1);

    out[lower.length] = 0;
    return lower.length > 0;
}

struct host *store_host(struct record *record, struct slice name, bool create)
{
    char lower[256];
    struct slice wanted = lower_name(name, lower, sizeof lower);
    struct host *host;

    if (wanted.length == 0)
        return NULL;
    for (host = record->hosts; host; host = host->next)
        if (slice_is_text(wanted, host->name))
            return host;
    if (!create || record->host_count == HOSTS_MAX)
        return NULL;
    host = arena_take(record->signin.arena, sizeof *host);
    if (!host)
        return NULL;
    host->name = arena_text(record->signin.arena, wanted);
    if (!host->name)
        return NULL;
    *(record->last_host ? &record->last_host->next : &record->hosts) = host;
    record->last_host = host;
    record->host_count++;
    return host;
}

void store_learn_address(struct record *record, struct host *host, const struct address *address)
{
    host->looked_up_ns = record->model->event_ns;
    for (size_t i = 0; i < host->address_count; i++)
        if (address_equals(&host->addresses[i], address))
            return;
    if (!host->addresses)
        host->addresses = arena_take(record->signin.arena, ADDRESSES_MAX * sizeof *host->addresses);
    if (host->addresses && host->address_count < ADDRESSES_MAX)
        host->addresses[host->address_count++] = *address;
}

/* Of a name and the alias it leads to, the name that was asked was met first and wins. */
struct host *store_host_at(struct record *record, const struct address *address)
{
    struct host *best = NULL;

    for (struct host *host = record->hosts; host; host = host->next)
        for (size_t a = 0; a < host->address_count; a++)
            if (address_equals(&host->addresses[a], address) &&
                (!best || host->looked_up_ns > best->looked_up_ns))
                best = host;
    return best;
}

/* ---- servers tried ---- */

struct tried *store_tried(struct record *record, const struct endpoint *server)
{
    for (struct tried *tried = record->tried; tried; tried = tried->next)
        if (endpoint_equals(&tried->server, server))
            return tried;
    return NULL;
}

void store_note_tried(struct record *record, const struct endpoint *server, bool failed)
{
    struct tried *tried = store_tried(record, server);

    if (!tried && record->tried_count < TRIED_MAX) {
        tried = arena_take(record->signin.arena, sizeof *tried);
        if (tried) {
            tried->next = record->tried;
            record->tried = tried;
            record->tried_count++;
        }
    }
    if (!tried)
        return;
    tried->server = *server;
    tried->failed = failed;
}

/* ---- SIP domain and user ---- */

void store_set_domain(struct record *record, struct slice domain)
{
    char lower[256];
    struct slice name = lower_name(domain, lower, sizeof lower);

    if (record->signin.sip_domain || slice_find_byte(name, '.') == name.length)
        return; /* a SIP domain has at least two labels */
    record->signin.sip_domain = arena_text(record->signin.arena, name);
}

static bool is_user_byte(uint8_t byte)
{
    return byte > ' ' && byte != 0x7f && byte != '<' && byte != '>' && byte != '"' && byte != '/' &&
           byte != '\\';
}

bool user_normalise(struct slice text, char *out, size_t size)
{
    char lower[256];
    struct slice name;
    size_t at;

    text = slice_trim(text);
    if (slice_starts_with_nocase(text, "sip:"))
        text = slice_after(text, 4);
    name = lower_name(text, lower, sizeof lower);
    at = slice_find_byte(name, '@');
    if (at == 0 || at >= name.length || name.length - at < 2 || name.length + sizeof "sip:" > size)
        return false;
    for (size_t i = 0; i < name.length; i++)
        if (!is_user_byte(name.data[i]) || (i != at && name.data[i] == '@'))
            return false;
    for (size_t i = 0; i < 4; i++)
        out[i] = "sip:"[i];
    for (size_t i = 0; i < name.length; i++)
        out[4 + i] = (char)name.data[i];
    out[4 + name.length] = 0;
    return true;
}

void store_set_user(struct record *record, const char *user, enum user_rank rank)
{
    const char *at = strchr(user, '@');

    if ((unsigned)rank > record->user_rank) {
        char *copy = arena_text(record->signin.arena, slice_of_text(user));

        if (!copy)
            return;
        record->signin.user = copy;
        record->user_hash = table_hash(copy, strlen(copy));
        record->user_rank = rank;
    }
    if (at)
        store_set_domain(record, slice_of_text(at + 1));
}
