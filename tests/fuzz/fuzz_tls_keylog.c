/* fuzz_tls_keylog.c: any bytes as a key log; what is found again must be what a line says */
#include <assert.h>

#include "dissectors/tls_keylog.h"
#include "lyncscope/memory.h"

static void check_line(struct tls_secrets *secrets, const struct keylog_line *line)
{
    struct slice id = slice_of(line->id, KEYLOG_ID_BYTES);

    assert(line->kind != KEYLOG_BAD || line->fault);
    assert(line->secret_length <= KEYLOG_SECRET_BYTES);
    if (line->kind == KEYLOG_LABELLED)
        assert(tls_secrets_find(secrets, line->label, id).length >= 32);
    if (line->kind == KEYLOG_PREMASTER)
        assert(tls_secrets_find_premaster(secrets, id).length == KEYLOG_SECRET_BYTES);
    if (line->kind == KEYLOG_SESSION)
        assert(tls_secrets_find_session(secrets, id).length == KEYLOG_SECRET_BYTES);
}

static size_t check_lines(struct tls_secrets *secrets, struct slice bytes)
{
    struct keylog_text text = { .rest = bytes };
    struct keylog_line line;
    struct slice bare;
    size_t count = 0;

    keylog_begin(&text);
    while (text.rest.length > 0) {
        if (!keylog_next_line(&text, &bare))
            bare = keylog_last_line(&text);
        keylog_read_line(bare, &line);
        check_line(secrets, &line);
        count += line.kind == KEYLOG_LABELLED || line.kind == KEYLOG_PREMASTER ||
                 line.kind == KEYLOG_SESSION;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tls_secrets *secrets = tls_secrets_create();
    size_t count;

    assert(secrets);
    tls_secrets_add_keylog(secrets, slice_of(data, size));
    count = check_lines(secrets, slice_of(data, size));
    assert(tls_secrets_source_at(secrets, 0).lines == count);
    assert(tls_secrets_source_at(secrets, 0).used <= count);
    tls_secrets_free(secrets);
    return 0;
}
