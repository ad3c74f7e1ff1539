/* words.h: times, hosts and numbers as a person reads them */
#ifndef UI_WORDS_H
#define UI_WORDS_H

#include "lyncscope/report.h"
#include "lyncscope/text.h"

enum { WORD_SIZE = 24 };

int64_t time_between(int64_t from_ns, int64_t to_ns); /* never overflows: captures may lie */
void duration_format(int64_t duration_ns, char out[WORD_SIZE]); /* "35 ms", "21.0 s", "4m05s" */
void delta_format(int64_t delta_ns, char out[WORD_SIZE]);       /* "+0.123", "+21.0s" */
/* Name, else address. */
void party_add(struct text *out, const struct party *party);
void party_add_full(struct text *out, const struct party *party); /* name, address and port */
void endpoint_add(struct text *out, const struct endpoint *endpoint);
const char *user_of(const struct signin *signin); /* without "sip:"; else its domain; "" */
/* "12, 15" or, with several inputs, "12, 15 of first.pcap"; packet 0 is left out. */
void evidence_add(struct text *out, const struct report *report, const struct evidence *evidence,
                  size_t count);
const char *input_short_name(const struct input_info *input); /* the path's last part */
/* Larger numbers in groups of three: "12 345". */
void count_add(struct text *out, uint64_t count);

void character_add(struct text *out, uint32_t character); /* as UTF-8 */

#endif
