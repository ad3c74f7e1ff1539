/* json_writer.h: a JSON document, written member by member
 *
 * `key` is NULL inside arrays.  What is not known is null: a NULL text, an
 * empty slice, a negative duration.
 */
#ifndef LYNCSCOPE_REPORT_JSON_WRITER_H
#define LYNCSCOPE_REPORT_JSON_WRITER_H

#include <stdio.h>

#include "lyncscope/text.h"

enum { JSON_DEPTH_MAX = 32 };

struct json {
    struct text text;
    FILE *out;     /* NULL: all stays in `text` */
    bool indented; /* one member a line, but for what is written flat */
    unsigned flat; /* the depth from which things stay on one line; 0: none */
    unsigned depth;
    bool has_member[JSON_DEPTH_MAX];
    char closing[JSON_DEPTH_MAX];
};

void json_object(struct json *json, const char *key);
void json_array(struct json *json, const char *key);
void json_flat_object(struct json *json, const char *key); /* all on one line */
void json_flat_array(struct json *json, const char *key);
void json_end(struct json *json);      /* of the innermost object or array */
void json_end_line(struct json *json); /* behind a whole document: a line feed, then out with it */

void json_text(struct json *json, const char *key, const char *value);
void json_slice(struct json *json, const char *key, struct slice value);
void json_string(struct json *json, const char *key, struct slice value); /* "" when empty */
void json_number(struct json *json, const char *key, uint64_t value);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);
void json_time(struct json *json, const char *key, int64_t time_ns);
void json_date(struct json *json, const char *key, int64_t seconds); /* since 1970; no fraction */
void json_sha256(struct json *json, const char *key, const uint8_t digest[32]);
void json_milliseconds(struct json *json, const char *key, int64_t duration_ns);

#endif
