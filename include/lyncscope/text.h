/* text.h: building text, and making strangers' bytes harmless
 *
 * Whatever came from the wire passes text_add_escaped (or a writer that
 * escapes on its own, as the JSON writer does) before it reaches a terminal.
 */
#ifndef LYNCSCOPE_TEXT_H
#define LYNCSCOPE_TEXT_H

#include "lyncscope/memory.h"

/* A string under construction in an arena-less, growing buffer. Always NUL-terminated
 * once something was added; `cut` tells that memory ran out. Release with text_release. */
struct text {
    struct buffer bytes;
    bool cut;
};

void text_add(struct text *text, const char *piece);
void text_add_slice(struct text *text, struct slice piece);
void text_print(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_number(struct text *text, uint64_t number); /* in decimal */
void text_add_json(struct text *text,
                   struct slice piece);      /* a quoted JSON string; bad UTF-8 becomes U+FFFD */
bool text_is_plain_json(struct slice piece); /* it would stand in the quotes as it is */
/* Control characters, bad UTF-8, bidirectional and invisible format characters
 * become \xNN or \u{NNNN}; everything else stays as it is. */
void text_add_escaped(struct text *text, struct slice piece);
const char *text_string(const struct text *text); /* "" when nothing was added */
size_t text_length(const struct text *text);
void text_truncate(struct text *text, size_t length);
void text_release(struct text *text);

/* RFC 3339 in UTC with nanoseconds: 2026-11-20T23:02:11.000000001Z (31 bytes with NUL). */
#define TIME_TEXT_SIZE 40
void time_format_utc(int64_t time_ns, char out[TIME_TEXT_SIZE]);
void time_format_clock(int64_t time_ns, char out[TIME_TEXT_SIZE]); /* 23:02:11.000, UTC */

/* Decodes one UTF-8 character; returns its length in bytes, 0 when the bytes are not UTF-8. */
size_t utf8_decode(struct slice s, uint32_t *character);

#endif
