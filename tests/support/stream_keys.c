/* stream_keys.c: what a conversation of a test is decrypted with */
#include "tests/support/stream_run.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void stream_keys_open(struct stream_keys *keys, const struct stream_script *script)
{
    struct complaint complaint;
    int descriptor;

    *keys = (struct stream_keys){ .log = "/tmp/stream-keys.XXXXXX" };
    if (!script->follows && text_length(&script->keylog) == 0)
        return;
    keys->secrets = tls_secrets_create();
    assert(keys->secrets);
    tls_secrets_add_keylog(keys->secrets, slice_of_text(text_string(&script->keylog)));
    if (script->follows) {
        descriptor = mkstemp(keys->log);
        assert(descriptor >= 0);
        close(descriptor);
        if (tls_secrets_add_keylog_file(keys->secrets, keys->log, true, &complaint) != STATUS_OK)
            abort();
    }
    keys->tls = tls_context_create(keys->secrets);
    assert(keys->tls);
}

void stream_keys_log(struct stream_keys *keys, struct slice line)
{
    FILE *file = fopen(keys->log, "a");

    assert(file);
    fwrite(line.data, 1, line.length, file);
    fclose(file);
    (void)tls_secrets_follow(keys->secrets);
}

void stream_keys_close(struct stream_keys *keys)
{
    if (!keys->secrets)
        return;
    tls_context_free(keys->tls);
    tls_secrets_free(keys->secrets);
    unlink(keys->log);
}
