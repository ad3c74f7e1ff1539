/* tls_secrets.c: what the user gave to decrypt TLS with
 *
 * Remembers the sources (key log files, captures, private keys) and asks the
 * parts: tls_keylog_file.c reads, tls_secret_table.c keeps secrets, and
 * tls_private_key.c keys.
 */
#include "lyncscope/tls_secrets.h"

#include "dissectors/tls_key_file.h"
#include "dissectors/tls_keylog.h"
#include "dissectors/tls_keylog_file.h"
#include "dissectors/tls_private_key.h"
#include "dissectors/tls_secret_table.h"
#include "lyncscope/text.h"

enum { SOURCES_MAX = 1024, ENCRYPTED_ID_BYTES = 8, SHA256_BYTES = 32 };

struct source {
    struct tls_secrets_source told;
    struct text path;
    struct keylog_file *followed; /* NULL: read once */
};

struct tls_secrets {
    struct secret_table table;
    struct source *sources;
    size_t source_count, source_capacity;
    struct tls_private_keys *keys;
    struct buffer password; /* the file; read once, for it may be a pipe */
    struct text password_path;
    size_t followed_count;
    bool has_new;
};

struct tls_secrets *tls_secrets_create(void)
{
    struct tls_secrets *secrets = memory_take(NULL, sizeof *secrets);

    if (!secrets)
        return NULL;
    secrets->keys = tls_private_keys_create();
    if (secrets->keys)
        return secrets;
    memory_give(NULL, secrets, sizeof *secrets);
    return NULL;
}

void tls_secrets_free(struct tls_secrets *secrets)
{
    if (!secrets)
        return;
    secret_table_release(&secrets->table);
    for (size_t i = 0; i < secrets->source_count; i++) {
        keylog_file_close(secrets->sources[i].followed);
        text_release(&secrets->sources[i].path);
    }
    memory_give(NULL, secrets->sources, secrets->source_capacity * sizeof *secrets->sources);
    tls_private_keys_free(secrets->keys);
    buffer_wipe(&secrets->password);
    text_release(&secrets->password_path);
    memory_give(NULL, secrets, sizeof *secrets);
}

/* ---- sources ---- */

/* A place for one more, which counts only once source_count does. */
static struct source *prepare_source(struct tls_secrets *secrets, const char *path)
{
    size_t old = secrets->source_capacity * sizeof *secrets->sources;
    size_t capacity = secrets->source_capacity ? 2 * secrets->source_capacity : 8;
    struct source *source;

    if (secrets->source_count == SOURCES_MAX)
        return NULL;
    if (secrets->source_count == secrets->source_capacity) {
        source = memory_resize(NULL, secrets->sources, old, capacity * sizeof *source);
        if (!source)
            return NULL;
        secrets->sources = source;
        secrets->source_capacity = capacity;
    }
    source = &secrets->sources[secrets->source_count];
    *source = (struct source){ 0 };
    if (path)
        text_add(&source->path, path);
    if (!source->path.cut)
        return source;
    text_release(&source->path);
    return NULL;
}

static enum status refuse_source(const char *path, struct complaint *complaint)
{
    return complain(complaint, "%.400s: no memory for more secrets", path);
}

size_t tls_secrets_source_count(const struct tls_secrets *secrets)
{
    return secrets->source_count;
}

struct tls_secrets_source tls_secrets_source_at(const struct tls_secrets *secrets, size_t index)
{
    const struct source *source = &secrets->sources[index];
    struct tls_secrets_source told = source->told;

    told.path = text_length(&source->path) ? text_string(&source->path) : NULL;
    if (told.is_private_key) {
        told.lines = tls_private_keys_count(secrets->keys, index);
        told.used = tls_private_keys_used(secrets->keys, index);
    }
    return told;
}

/* ---- key logs ---- */

struct reading_source {
    struct tls_secrets *secrets;
    size_t index;
};

static void take_line(void *context, const struct keylog_line *line)
{
    const struct reading_source *from = context;
    struct source *source = &from->secrets->sources[from->index];

    source->told.bad_lines += line->kind == KEYLOG_BAD;
    if (line->kind == KEYLOG_BAD || line->kind == KEYLOG_OTHER || line->kind == KEYLOG_BLANK)
        return;
    source->told.lines++;
    if (secret_table_add(&from->secrets->table, line, from->index))
        from->secrets->has_new = true;
}

enum status tls_secrets_add_keylog_file(struct tls_secrets *secrets, const char *path, bool follow,
                                        struct complaint *complaint)
{
    struct reading_source from = { secrets, secrets->source_count };
    struct keylog_sink sink = { take_line, &from };
    struct source *source = prepare_source(secrets, path);
    struct keylog_file *file = source ? keylog_file_create(path, follow) : NULL;
    enum status status;

    if (!source)
        return refuse_source(path, complaint);
    status = file ? keylog_file_read(file, &sink, complaint) : refuse_source(path, complaint);
    if (status != STATUS_OK || !follow)
        keylog_file_close(file);
    if (status != STATUS_OK) {
        text_release(&source->path);
        return status;
    }
    secrets->source_count++;
    source->followed = follow ? file : NULL;
    secrets->followed_count += follow;
    return STATUS_OK;
}

/* All that came with captures is one source. */
static bool find_capture_source(struct tls_secrets *secrets, size_t *index)
{
    for (*index = 0; *index < secrets->source_count; ++*index)
        if (text_length(&secrets->sources[*index].path) == 0)
            return true;
    if (!prepare_source(secrets, NULL))
        return false;
    secrets->source_count++;
    return true;
}

void tls_secrets_add_keylog(struct tls_secrets *secrets, struct slice bytes)
{
    struct reading_source from = { .secrets = secrets };
    struct keylog_text text = { .rest = bytes };
    struct keylog_line line;
    struct slice bare;

    if (!find_capture_source(secrets, &from.index))
        return;
    keylog_begin(&text);
    while (text.rest.length > 0) {
        if (!keylog_next_line(&text, &bare))
            bare = keylog_last_line(&text);
        keylog_read_line(bare, &line);
        take_line(&from, &line);
        memory_wipe(&line, sizeof line);
    }
    memory_wipe(&text, sizeof text);
}

bool tls_secrets_follow(struct tls_secrets *secrets)
{
    secrets->has_new = false;
    for (size_t i = 0; secrets->followed_count > 0 && i < secrets->source_count; i++) {
        struct reading_source from = { secrets, i };
        struct keylog_sink sink = { take_line, &from };

        if (secrets->sources[i].followed)
            keylog_file_follow(secrets->sources[i].followed, &sink);
    }
    return secrets->has_new;
}

bool tls_secrets_are_followed(const struct tls_secrets *secrets)
{
    return secrets->followed_count > 0;
}

/* ---- private keys ---- */

static enum status read_password(struct tls_secrets *secrets, const char *path,
                                 struct complaint *complaint)
{
    enum status status;

    if (!path || slice_is_text(slice_of_text(text_string(&secrets->password_path)), path))
        return STATUS_OK;
    buffer_wipe(&secrets->password);
    text_truncate(&secrets->password_path, 0);
    status = key_file_read(path, "password file", &secrets->password, complaint);
    if (status == STATUS_OK)
        text_add(&secrets->password_path, path);
    return status;
}

enum status tls_secrets_add_private_key(struct tls_secrets *secrets, const char *path,
                                        const char *password_file, struct complaint *complaint)
{
    struct source *source = prepare_source(secrets, path);
    struct buffer bytes = { 0 };
    struct private_key_file file = { .path = path,
                                     .password_path = password_file,
                                     .source = secrets->source_count };
    enum status status;

    if (!source)
        return refuse_source(path, complaint);
    status = read_password(secrets, password_file, complaint);
    if (status == STATUS_OK)
        status = key_file_read(path, "private key", &bytes, complaint);
    file.bytes = buffer_slice(&bytes);
    if (password_file)
        file.password = key_file_first_line(buffer_slice(&secrets->password));
    if (status == STATUS_OK)
        status = tls_private_keys_add(secrets->keys, &file, complaint);
    buffer_wipe(&bytes);
    source->told.is_private_key = true;
    if (status == STATUS_OK)
        secrets->source_count++;
    else
        text_release(&source->path);
    return status;
}

/* ---- looking up ---- */

static struct slice use_secret(struct tls_secrets *secrets, int kind, struct slice id)
{
    struct found_secret found = secret_table_use(&secrets->table, kind, id);

    if (found.first_use)
        secrets->sources[found.source].told.used++;
    if (found.first_use && found.also != found.source)
        secrets->sources[found.also].told.used++;
    return found.bytes;
}

struct slice tls_secrets_find(struct tls_secrets *secrets, enum tls_label label,
                              struct slice client_random)
{
    return client_random.length == KEYLOG_ID_BYTES ? use_secret(secrets, (int)label, client_random)
                                                   : SLICE_EMPTY;
}

struct slice tls_secrets_find_premaster(struct tls_secrets *secrets, struct slice encrypted)
{
    struct slice id = slice_part(encrypted, 0, ENCRYPTED_ID_BYTES);

    return id.length == ENCRYPTED_ID_BYTES ? use_secret(secrets, SECRET_BY_PREMASTER, id)
                                           : SLICE_EMPTY;
}

struct slice tls_secrets_find_session(struct tls_secrets *secrets, struct slice session_id)
{
    return use_secret(secrets, SECRET_BY_SESSION, session_id);
}

struct tls_private_key *tls_secrets_find_private_key(struct tls_secrets *secrets,
                                                     struct slice key_sha256)
{
    return key_sha256.length == SHA256_BYTES ? tls_private_keys_find(secrets->keys, key_sha256)
                                             : NULL;
}
