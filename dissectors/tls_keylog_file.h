/* tls_keylog_file.h: a key log on disk, read whole or followed as it grows */
#ifndef LYNCSCOPE_DISSECTORS_TLS_KEYLOG_FILE_H
#define LYNCSCOPE_DISSECTORS_TLS_KEYLOG_FILE_H

#include "dissectors/tls_keylog.h"

/* Every line but blank ones. */
struct keylog_sink {
    void (*take)(void *context, const struct keylog_line *line);
    void *context;
};

struct keylog_file;
/* With `follow` it may be absent, or have no secret yet. NULL: no memory. */
struct keylog_file *keylog_file_create(const char *path, bool follow);
/* Reads what there is. */
enum status keylog_file_read(struct keylog_file *file, const struct keylog_sink *sink,
                             struct complaint *complaint) MUST_CHECK;
/* Reads what came since; costs one stat when nothing did. */
void keylog_file_follow(struct keylog_file *file, const struct keylog_sink *sink);
void keylog_file_close(struct keylog_file *file); /* NULL is fine */

#endif
