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
    char time[TIME_TEXT_SIZE]; /* the last that was written; "": none */
    int64_t second_ns;         /* where its second begins; before 1970: none does */
};

void json_end(struct json *json);      /* of the innermost object or array */
void json_end_line(struct json *json); /* behind a whole document: a line feed, then out with it */

/* A member each. A report has millions of them, and nearly every key is a literal: the functions
 * without `member` are here so that its length is known when it is compiled. Keys are ours, and are
 * not escaped. */
void json_member_begin(struct json *json, struct slice key, const char *brackets, bool flat);
void json_member_string(struct json *json, struct slice key, struct slice value);
/* A key that came from the wire: escaped as a value is. */
void json_foreign(struct json *json, const char *key, const char *value);
void json_member_word(struct json *json, struct slice key, struct slice word); /* as it stands */
void json_member_number(struct json *json, struct slice key, uint64_t value);
/* An object of numbers on one line, in an array: there is one for each packet that proves
 * something, so that it is written at once. */
struct json_pair {
    struct slice key;
    uint64_t value;
};
void json_numbers(struct json *json, const struct json_pair *pairs, size_t count);
void json_member_time(struct json *json, struct slice key, int64_t time_ns);
void json_date(struct json *json, const char *key, int64_t seconds); /* since 1970; no fraction */
void json_sha256(struct json *json, const char *key, const uint8_t digest[32]);
void json_member_milliseconds(struct json *json, struct slice key, int64_t duration_ns);

static inline void json_object(struct json *json, const char *key)
{
    json_member_begin(json, slice_of_text(key), "{}", false);
}

static inline void json_array(struct json *json, const char *key)
{
    json_member_begin(json, slice_of_text(key), "[]", false);
}

/* All on one line. */
static inline void json_flat_object(struct json *json, const char *key)
{
    json_member_begin(json, slice_of_text(key), "{}", true);
}

static inline void json_flat_array(struct json *json, const char *key)
{
    json_member_begin(json, slice_of_text(key), "[]", true);
}

static inline void json_null(struct json *json, const char *key)
{
    json_member_word(json, slice_of_text(key), slice_of_text("null"));
}

/* "" when empty. */
static inline void json_string(struct json *json, const char *key, struct slice value)
{
    json_member_string(json, slice_of_text(key), value);
}

static inline void json_slice(struct json *json, const char *key, struct slice value)
{
    if (value.length == 0)
        json_null(json, key);
    else
        json_string(json, key, value);
}

static inline void json_text(struct json *json, const char *key, const char *value)
{
    if (value)
        json_string(json, key, slice_of_text(value));
    else
        json_null(json, key);
}

static inline void json_number(struct json *json, const char *key, uint64_t value)
{
    json_member_number(json, slice_of_text(key), value);
}

static inline void json_bool(struct json *json, const char *key, bool value)
{
    json_member_word(json, slice_of_text(key),
                     value ? slice_of_text("true") : slice_of_text("false"));
}

static inline void json_time(struct json *json, const char *key, int64_t time_ns)
{
    json_member_time(json, slice_of_text(key), time_ns);
}

static inline void json_milliseconds(struct json *json, const char *key, int64_t duration_ns)
{
    if (duration_ns < 0)
        json_null(json, key);
    else
        json_member_milliseconds(json, slice_of_text(key), duration_ns);
}

#endif
