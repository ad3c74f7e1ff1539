/* json_writer.c: a JSON document, written member by member
 *
 * Strings are quoted by text_add_json, which repairs what is not UTF-8, so the
 * output is valid whatever came from the wire (RFC 8259).
 */
#include "analyzer/report/json_writer.h"

#include <assert.h>
#include <time.h>

enum { FLUSH_AT = 65536, NS_PER_US = 1000, US_PER_MS = 1000 };

static void flush(struct json *json)
{
    if (!json->out)
        return;
    fwrite(text_string(&json->text), 1, text_length(&json->text), json->out);
    text_truncate(&json->text, 0);
}

static bool is_flat(const struct json *json)
{
    return !json->indented || json->flat != 0;
}

/* A comma, if there is one, and the next line up to its first character. */
static void break_line(struct json *json, bool comma)
{
    static const char blanks[] = ",\n                                "
                                 "                                ";

    static_assert(sizeof blanks - 3 == 2 * JSON_DEPTH_MAX, "two blanks a level");
    text_add_slice(&json->text,
                   slice_of(blanks + !comma, (comma ? 2 : 1) + (size_t)2 * json->depth));
}

/* Comma, line and key: everything in front of a value. */
static void begin_member(struct json *json, const char *key)
{
    if (json->depth > 0) {
        bool comma = json->has_member[json->depth - 1];

        json->has_member[json->depth - 1] = true;
        if (!is_flat(json))
            break_line(json, comma);
        else if (comma)
            text_add_slice(&json->text, slice_of(", ", json->indented ? 2 : 1));
    }
    if (key) {
        text_add_json(&json->text, slice_of_text(key));
        text_add_slice(&json->text, slice_of(": ", json->indented ? 2 : 1));
    }
}

static void begin(struct json *json, const char *key, const char *brackets)
{
    assert(json->depth < JSON_DEPTH_MAX);
    begin_member(json, key);
    text_add_slice(&json->text, slice_of(brackets, 1));
    json->closing[json->depth] = brackets[1];
    json->has_member[json->depth] = false;
    json->depth++;
}

void json_object(struct json *json, const char *key)
{
    begin(json, key, "{}");
}

void json_array(struct json *json, const char *key)
{
    begin(json, key, "[]");
}

void json_flat_object(struct json *json, const char *key)
{
    begin(json, key, "{}");
    if (!json->flat)
        json->flat = json->depth;
}

void json_flat_array(struct json *json, const char *key)
{
    begin(json, key, "[]");
    if (!json->flat)
        json->flat = json->depth;
}

void json_end(struct json *json)
{
    bool flat = is_flat(json);

    assert(json->depth > 0);
    if (json->flat == json->depth)
        json->flat = 0;
    json->depth--;
    if (!flat && json->has_member[json->depth])
        break_line(json, false);
    text_add_slice(&json->text, slice_of(&json->closing[json->depth], 1));
    if (text_length(&json->text) > FLUSH_AT)
        flush(json);
}

void json_end_line(struct json *json)
{
    text_add(&json->text, "\n");
    flush(json);
}

void json_null(struct json *json, const char *key)
{
    begin_member(json, key);
    text_add(&json->text, "null");
}

void json_string(struct json *json, const char *key, struct slice value)
{
    begin_member(json, key);
    text_add_json(&json->text, value);
}

void json_slice(struct json *json, const char *key, struct slice value)
{
    if (value.length == 0) {
        json_null(json, key);
        return;
    }
    json_string(json, key, value);
}

void json_text(struct json *json, const char *key, const char *value)
{
    if (!value) {
        json_null(json, key);
        return;
    }
    json_string(json, key, slice_of_text(value));
}

void json_number(struct json *json, const char *key, uint64_t value)
{
    begin_member(json, key);
    text_add_number(&json->text, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    begin_member(json, key);
    text_add(&json->text, value ? "true" : "false");
}

void json_time(struct json *json, const char *key, int64_t time_ns)
{
    char time[TIME_TEXT_SIZE];

    time_format_utc(time_ns, time);
    json_text(json, key, time);
}

void json_date(struct json *json, const char *key, int64_t seconds)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char date[TIME_TEXT_SIZE];

    if (gmtime_r(&time, &parts) && strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &parts) > 0)
        json_text(json, key, date);
    else
        json_null(json, key);
}

void json_sha256(struct json *json, const char *key, const uint8_t digest[32])
{
    static const char digits[] = "0123456789abcdef";
    char hex[2 * 32 + 1];

    for (size_t i = 0; i < 32; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 0xf];
    }
    hex[2 * 32] = '\0';
    json_text(json, key, hex);
}

void json_milliseconds(struct json *json, const char *key, int64_t duration_ns)
{
    int64_t duration_us = duration_ns / NS_PER_US;
    char fraction[4] = { '.' };

    if (duration_ns < 0) {
        json_null(json, key);
        return;
    }
    begin_member(json, key);
    text_add_number(&json->text, (uint64_t)duration_us / US_PER_MS);
    fraction[1] = (char)('0' + duration_us / 100 % 10);
    fraction[2] = (char)('0' + duration_us / 10 % 10);
    fraction[3] = (char)('0' + duration_us % 10);
    text_add_slice(&json->text, slice_of(fraction, sizeof fraction));
}
