/* assembly_keys.c: what became of the keys that were given, in a line each
 *
 * Which connections of the sign-ins could not be decrypted and why, once in
 * sum, and which key no connection of the capture had a use for.
 */
#include "assembly.h"
#include "lyncscope/text.h"

enum { OBSTACLES = TLS_HANDSHAKE_FAILED + 1 };

struct tally {
    size_t total;
    size_t unread[OBSTACLES];
};

static void count_step(struct tally *tally, const struct tls_session *tls)
{
    if (!tls || tls->client_records + tls->server_records == 0 ||
        tls->obstacle == TLS_HANDSHAKE_FAILED)
        return;
    tally->total++;
    if (tls_is_unread(tls))
        tally->unread[tls->obstacle]++;
}

static void add_note(struct assembly *assembly, struct text *text)
{
    const char *note = arena_text(assembly->site_arena, slice_of_text(text_string(text)));

    if (note && assembly->report.note_count < NOTES_MAX)
        assembly->notes[assembly->report.note_count++] = note;
    text_release(text);
}

static void note_unread(struct assembly *assembly)
{
    struct tally tally = { 0 };

    for (size_t i = 0; i < assembly->report.signin_count; i++)
        for (size_t k = 0; k < assembly->signins[i]->step_count; k++)
            count_step(&tally, assembly->signins[i]->steps[k].tls);
    for (size_t i = 0; i < OBSTACLES; i++) {
        struct text text = { 0 };

        if (tally.unread[i] == 0)
            continue;
        text_print(&text, "%zu of %zu TLS %s of the sign-ins could not be decrypted: %s.",
                   tally.unread[i], tally.total, tally.total == 1 ? "connection" : "connections",
                   tls_obstacle_text((enum tls_obstacle)i, true));
        add_note(assembly, &text);
    }
}

static void note_unused(struct assembly *assembly, const struct tls_secrets_source *source)
{
    struct text text = { 0 };

    if (!source->path || source->used > 0)
        return;
    text_add_escaped(&text, slice_of_text(source->path));
    text_add(&text, source->is_private_key
                        ? ": no connection in the capture could be opened with this private key"
                        : ": no connection in the capture has an entry in this key log");
    text_add(&text, source->is_private_key
                        ? " (another server's, or only key exchanges with forward secrecy)."
                        : "; is it from the same run?");
    add_note(assembly, &text);
}

void assembly_note_keys(struct assembly *assembly)
{
    assembly->report.has_keys = assembly->facts.has_keys;
    assembly->report.note_count = 0;
    assembly->report.notes = assembly->notes;
    assembly->report.key_count = assembly->report.keys_used = 0;
    if (!assembly->facts.has_keys)
        return;
    note_unread(assembly);
    for (size_t i = 0; i < tls_secrets_source_count(assembly->secrets); i++) {
        struct tls_secrets_source source = tls_secrets_source_at(assembly->secrets, i);

        assembly->report.key_count += source.lines;
        assembly->report.keys_used += source.used;
        note_unused(assembly, &source);
    }
}
