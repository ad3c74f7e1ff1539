/* dns_head.h: the fixed part of a DNS message, its first question, and names as text */
#ifndef LYNCSCOPE_DISSECTORS_DNS_HEAD_H
#define LYNCSCOPE_DISSECTORS_DNS_HEAD_H

#include "lyncscope/cursor.h"
#include "lyncscope/text.h"

enum {
    DNS_HEADER_LENGTH = 12,
    DNS_NAME_TEXT_MAX = 1024, /* 255 bytes, each escaped as \DDD, and the terminator */
};

struct dns_head {
    uint16_t id;
    bool response, truncated;
    unsigned opcode, rcode;
    unsigned questions, answers, authorities, additional;
    bool has_question; /* the first one could be read */
    uint16_t type, class;
    size_t name_length;
    char name[DNS_NAME_TEXT_MAX]; /* no trailing dot; the root is "." */
    size_t answers_at;            /* offset of the answer section; 0: unknown */
};

/* False: too short for a header. */
bool dns_read_head(struct slice message, struct dns_head *head);
/* A name at `in`, compressed or not, as text in master file form; returns its length. */
size_t dns_read_name(struct cursor *in, struct slice message, char out[DNS_NAME_TEXT_MAX]);

/* The fixed part alone, of a message that may not all be there. */
bool dns_has_plausible_header(struct slice message);

enum dns_likeness { DNS_UNLIKE, DNS_MAYBE, DNS_LIKELY };
/* By content only: MAYBE has a DNS header and little more. `length` is the message's, which may not
 * all be there. */
enum dns_likeness dns_judge(struct slice message, size_t length);

#endif
