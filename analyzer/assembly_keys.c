/* assembly_keys.c: what was not read, and what became of the keys, in a line each
 *
 * Which connections could not be decrypted and why, once in sum, which key no
 * connection of the capture had a use for, and what was too large.
 */
#include "assembly.h"
#include "lyncscope/text.h"

enum { OBSTACLES = TLS_HANDSHAKE_FAILED + 1, UNUSED_TOLD_MAX = 6 };

static void count(struct tls_tally *tally, const struct tls_session *tls)
{
    if (!tls || tls->client_records + tls->server_records == 0 ||
        tls->obstacle == TLS_HANDSHAKE_FAILED)
        return;
    tally->total++;
    if (tls_is_unread(tls))
        tally->unread[tls->obstacle]++;
}

void assembly_count(struct assembly *assembly, const struct event *event)
{
    if (event->kind == EVENT_TLS)
        count(&assembly->tls, &event->tls);
    if (event->kind == EVENT_HTTP)
        assembly->cut_bodies += event->http.request.body.cut + event->http.response.body.cut;
}

static void add_note(struct assembly *assembly, struct text *text)
{
    const char *note = arena_text(assembly->site_arena, slice_of_text(text_string(text)));

    if (note && assembly->report.note_count < NOTES_MAX)
        assembly->notes[assembly->report.note_count++] = note;
    text_release(text);
}

static void note_tally(struct assembly *assembly, const struct tls_tally *tally, const char *whose)
{
    for (size_t i = 0; i < OBSTACLES; i++) {
        struct text text = { 0 };

        if (tally->unread[i] == 0)
            continue;
        text_print(&text, "%zu of %zu TLS %s of %s could not be decrypted: %s.", tally->unread[i],
                   tally->total, tally->total == 1 ? "connection" : "connections", whose,
                   tls_obstacles_text((enum tls_obstacle)i, assembly->facts.has_keys));
        add_note(assembly, &text);
    }
}

static void note_late_keys(struct assembly *assembly)
{
    struct text text = { 0 };

    if (!assembly->late_keys || assembly->tls.unread[TLS_NO_KEY] == 0)
        return;
    text_add(&text, "Keys stand behind packets in the capture, which came through a pipe: what was "
                    "read before them stays shut. Read the capture from a file.");
    add_note(assembly, &text);
}

/* Of sign-ins, or where there is none, of all: one may be among them. */
static void note_unread(struct assembly *assembly)
{
    struct tls_tally tally = { 0 };

    for (size_t i = 0; i < assembly->report.signin_count; i++)
        for (size_t k = 0; k < assembly->signins[i]->step_count; k++)
            count(&tally, assembly->signins[i]->steps[k].tls);
    if (model_signin_count(assembly->model) == 0)
        note_tally(assembly, &assembly->tls, "the capture");
    else
        note_tally(assembly, &tally, "the sign-ins");
}

static const char *name_of(const struct tls_secrets_source *source)
{
    return source->path ? source->path : "the keys in the capture";
}

static void note_unused(struct assembly *assembly, const struct tls_secrets_source *source)
{
    struct text text = { 0 };

    text_add_escaped(&text, slice_of_text(name_of(source)));
    text_add(&text, source->is_private_key
                        ? ": no connection in the capture could be opened with this private key"
                        : ": no connection in the capture has an entry in this key log");
    text_add(&text, source->is_private_key
                        ? " (another server's, or only key exchanges with forward secrecy)."
                        : "; is it from the same run?");
    add_note(assembly, &text);
}

static bool is_unused(const struct tls_secrets_source *source)
{
    return source->path && source->used == 0;
}

static void note_bad_lines(struct assembly *assembly, const struct tls_secrets_source *source)
{
    struct text text = { 0 };

    text_add_escaped(&text, slice_of_text(name_of(source)));
    text_print(&text, ": %zu %s could not be read, %zu %s.", source->bad_lines,
               source->bad_lines == 1 ? "line" : "lines", source->lines,
               source->lines == 1 ? "secret was taken" : "secrets were taken");
    add_note(assembly, &text);
}

static void note_source(struct assembly *assembly, const struct tls_secrets_source *source,
                        size_t *unused)
{
    assembly->report.key_count += source->lines;
    assembly->report.keys_used += source->used;
    if (source->bad_lines > 0)
        note_bad_lines(assembly, source);
    if (is_unused(source) && ++*unused <= UNUSED_TOLD_MAX)
        note_unused(assembly, source);
}

static void note_keys(struct assembly *assembly)
{
    size_t unused = 0;

    for (size_t i = 0; i < tls_secrets_source_count(assembly->secrets); i++) {
        struct tls_secrets_source source = tls_secrets_source_at(assembly->secrets, i);

        note_source(assembly, &source, &unused);
    }
    if (unused > UNUSED_TOLD_MAX) {
        struct text text = { 0 };

        text_print(&text, "%zu more of the keys that were given open nothing in the capture.",
                   unused - UNUSED_TOLD_MAX);
        add_note(assembly, &text);
    }
}

static void note_cut_bodies(struct assembly *assembly)
{
    struct text text = { 0 };

    if (assembly->cut_bodies == 0)
        return;
    text_print(&text,
               "%llu HTTP %s more than 64 MiB once decompressed, as a bomb does: the rest was not "
               "read.",
               (unsigned long long)assembly->cut_bodies,
               assembly->cut_bodies == 1 ? "body makes" : "bodies make");
    add_note(assembly, &text);
}

void assembly_take_notes(struct assembly *assembly)
{
    assembly->report.has_keys = assembly->facts.has_keys;
    assembly->report.note_count = 0;
    assembly->report.notes = assembly->notes;
    assembly->report.key_count = assembly->report.keys_used = 0;
    note_unread(assembly);
    note_late_keys(assembly);
    note_keys(assembly);
    note_cut_bodies(assembly);
}
