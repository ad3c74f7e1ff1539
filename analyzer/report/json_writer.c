/* json_writer.c: a JSON document, written member by member
 *
 * Strings are quoted by text_add_json, which repairs what is not UTF-8, so the
 * output is valid whatever came from the wire (RFC 8259).
 */
#include "analyzer/report/json_writer.h"

#include <assert.h>
#include <string.h>
#include <time.h>

enum { FLUSH_AT = 65536, NS_PER_US = 1000, US_PER_MS = 1000, NS_PER_S = 1000000000 };
enum { TIME_LENGTH = sizeof "2026-11-20T23:02:11.000000001Z" - 1 };

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

/* ",\n" and two blanks a level, then the key in quotes with its colon. */
enum { LEAD_MAX = 2 + 2 * JSON_DEPTH_MAX + 4, DIGITS_MAX = 20 };

/* A comma, if there is one, and the next line up to its first character. The room is there for all
 * levels: so many bytes at once are a few moves. */
static uint8_t *put_line(const struct json *json, uint8_t *at, bool comma)
{
    static const char blanks[] = ",\n                                "
                                 "                                ";
    enum { ALL_LEVELS = sizeof blanks - 2 };

    static_assert(sizeof blanks - 3 == 2 * JSON_DEPTH_MAX, "two blanks a level");
    static_assert(ALL_LEVELS + 1 <= LEAD_MAX, "there is room for a line");
    memory_put(at, blanks + !comma, ALL_LEVELS);
    return at + (comma ? 2 : 1) + (size_t)2 * json->depth;
}

/* Between members on one line. */
static uint8_t *put_comma(const struct json *json, uint8_t *at)
{
    return memory_put(at, ", ", json->indented ? 2 : 1);
}

static uint8_t *put_key(const struct json *json, uint8_t *at, struct slice key)
{
    *at++ = '"';
    at = memory_put(at, key.data, key.length);
    return memory_put(at, "\": ", json->indented ? 3 : 2);
}

/* Comma, line and key: everything in front of a value. Then there is room for `room` more. NULL:
 * out of memory. */
static uint8_t *begin_member(struct json *json, struct slice key, size_t room)
{
    uint8_t *at = buffer_reserve(&json->text.bytes, LEAD_MAX + key.length + room + 1);
    bool comma = json->depth > 0 && json->has_member[json->depth - 1];

    if (!at) {
        json->text.cut = true;
        return NULL;
    }
    if (json->depth > 0)
        json->has_member[json->depth - 1] = true;
    if (json->depth > 0 && !is_flat(json))
        at = put_line(json, at, comma);
    else if (comma)
        at = put_comma(json, at);
    return key.length > 0 ? put_key(json, at, key) : at;
}

static uint8_t *put_quoted(uint8_t *at, struct slice plain)
{
    *at++ = '"';
    at = memory_put(at, plain.data, plain.length);
    *at++ = '"';
    return at;
}

/* What was written up to `end` counts; the text keeps its NUL behind it. */
static void end_member(struct json *json, uint8_t *end)
{
    *end = 0;
    json->text.bytes.length = (size_t)(end - json->text.bytes.data);
}

void json_member_begin(struct json *json, struct slice key, const char *brackets, bool flat)
{
    uint8_t *at = begin_member(json, key, 1);

    assert(json->depth < JSON_DEPTH_MAX);
    if (at)
        end_member(json, memory_put(at, brackets, 1));
    json->closing[json->depth] = brackets[1];
    json->has_member[json->depth] = false;
    json->depth++;
    if (flat && !json->flat)
        json->flat = json->depth;
}

void json_end(struct json *json)
{
    uint8_t *at = buffer_reserve(&json->text.bytes, LEAD_MAX + 2);
    bool flat = is_flat(json);

    assert(json->depth > 0);
    if (json->flat == json->depth)
        json->flat = 0;
    json->depth--;
    json->text.cut |= !at;
    if (at && !flat && json->has_member[json->depth])
        at = put_line(json, at, false);
    if (at)
        end_member(json, memory_put(at, &json->closing[json->depth], 1));
    if (text_length(&json->text) > FLUSH_AT)
        flush(json);
}

void json_end_line(struct json *json)
{
    text_add(&json->text, "\n");
    flush(json);
}

void json_member_string(struct json *json, struct slice key, struct slice value)
{
    bool plain = text_is_plain_json(value);
    uint8_t *at = begin_member(json, key, plain ? value.length + 2 : 0);

    if (!at)
        return;
    if (plain) {
        end_member(json, put_quoted(at, value));
    } else {
        end_member(json, at);
        text_add_json(&json->text, value);
    }
}

void json_foreign(struct json *json, const char *key, const char *value)
{
    json_member_string(json, SLICE_EMPTY, slice_of_text(key));
    text_add_slice(&json->text, slice_of(": ", json->indented ? 2 : 1));
    text_add_json(&json->text, slice_of_text(value));
}

void json_member_word(struct json *json, struct slice key, struct slice word)
{
    uint8_t *at = begin_member(json, key, word.length);

    if (at)
        end_member(json, memory_put(at, word.data, word.length));
}

static uint8_t *put_number(uint8_t *at, uint64_t number)
{
    size_t length = 1;

    for (uint64_t least = 10; length < DIGITS_MAX && number >= least; least *= 10)
        length++;
    for (size_t i = length; i-- > 0; number /= 10)
        at[i] = (uint8_t)('0' + number % 10);
    return at + length;
}

void json_member_number(struct json *json, struct slice key, uint64_t value)
{
    uint8_t *at = begin_member(json, key, DIGITS_MAX);

    if (at)
        end_member(json, put_number(at, value));
}

void json_numbers(struct json *json, const struct json_pair *pairs, size_t count)
{
    size_t room = 2;
    uint8_t *at;

    for (size_t i = 0; i < count; i++)
        room += pairs[i].key.length + LEAD_MAX + DIGITS_MAX;
    at = begin_member(json, SLICE_EMPTY, room);
    if (!at)
        return;
    *at++ = '{';
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            at = put_comma(json, at);
        at = put_key(json, at, pairs[i].key);
        at = put_number(at, pairs[i].value);
    }
    *at++ = '}';
    end_member(json, at);
}

/* Times follow each other closely: in the same second only the fraction is another one. */
static void set_time(struct json *json, int64_t time_ns)
{
    static const char fraction[] = "nnnnnnnnnZ";
    int64_t rest;

    if (!json->time[0] || time_ns < json->second_ns || time_ns - json->second_ns >= NS_PER_S) {
        time_format_utc(time_ns, json->time);
        json->second_ns = time_ns < 0 ? INT64_MAX : time_ns - time_ns % NS_PER_S;
        return;
    }
    rest = time_ns - json->second_ns;
    for (size_t i = TIME_LENGTH - 1; i-- > TIME_LENGTH - strlen(fraction); rest /= 10)
        json->time[i] = (char)('0' + rest % 10);
}

void json_member_time(struct json *json, struct slice key, int64_t time_ns)
{
    uint8_t *at = begin_member(json, key, TIME_TEXT_SIZE + 2);

    if (!at)
        return;
    set_time(json, time_ns);
    end_member(json, put_quoted(at, slice_of(json->time, TIME_LENGTH)));
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

void json_member_milliseconds(struct json *json, struct slice key, int64_t duration_ns)
{
    uint8_t *at = begin_member(json, key, DIGITS_MAX + 4);
    uint64_t duration_us = (uint64_t)duration_ns / NS_PER_US;

    if (!at)
        return;
    at = put_number(at, duration_us / US_PER_MS);
    *at++ = '.';
    *at++ = (uint8_t)('0' + duration_us / 100 % 10);
    *at++ = (uint8_t)('0' + duration_us / 10 % 10);
    *at++ = (uint8_t)('0' + duration_us % 10);
    end_member(json, at);
}
