/* tls_keylog.h: the text of TLS key logs, line by line */
#ifndef LYNCSCOPE_DISSECTORS_TLS_KEYLOG_H
#define LYNCSCOPE_DISSECTORS_TLS_KEYLOG_H

#include "lyncscope/tls_secrets.h"

enum {
    KEYLOG_ID_BYTES = 32, /* a client random; shorter ones are padded with zeros */
    KEYLOG_SECRET_BYTES = 48,
    KEYLOG_WIDE_LINE_BYTES = 512, /* of UTF-16 no more than this of a line is read */
};

enum keylog_kind {
    KEYLOG_BLANK,     /* or a comment */
    KEYLOG_OTHER,     /* a secret of a kind that is not used here */
    KEYLOG_LABELLED,  /* `label`, by client random */
    KEYLOG_PREMASTER, /* by the first 8 bytes of what the client sent encrypted */
    KEYLOG_SESSION,   /* a master secret by session id */
    KEYLOG_BAD,
};

/* Holds a secret: to be wiped by whoever has one. */
struct keylog_line {
    enum keylog_kind kind;
    enum tls_label label;
    const char *fault; /* KEYLOG_BAD: what is wrong, without the text itself */
    uint8_t id[KEYLOG_ID_BYTES];
    uint8_t secret[KEYLOG_SECRET_BYTES];
    size_t secret_length;
};

void keylog_read_line(struct slice text, struct keylog_line *line);
/* It would be a secret whatever came behind it on the same line. */
bool keylog_is_whole(const struct keylog_line *line);

enum keylog_encoding { KEYLOG_BYTES, KEYLOG_UTF16_LE, KEYLOG_UTF16_BE };

/* A cursor over text in which more may come; holds secrets, like a line. */
struct keylog_text {
    struct slice rest;
    enum keylog_encoding encoding;
    uint8_t narrow[KEYLOG_WIDE_LINE_BYTES];
};

/* At the start of a file: finds out its encoding, and skips the mark that tells. */
void keylog_begin(struct keylog_text *text);
/* The next line that has its line feed; false: `rest` is the start of one, or empty. */
bool keylog_next_line(struct keylog_text *text, struct slice *line);
/* All of `rest` as one line. */
struct slice keylog_last_line(struct keylog_text *text);

#endif
