/* text_parts.h: the parts of the text report */
#ifndef LYNCSCOPE_REPORT_TEXT_PARTS_H
#define LYNCSCOPE_REPORT_TEXT_PARTS_H

#include "analyzer/report/causes.h"
#include "analyzer/report/sheet.h"

/* Appends whose sign-in it is, as people write it: without "sip:", else the SIP domain. */
void text_add_owner(struct text *text, const struct signin *signin);
void text_add_duration(struct text *text, int64_t duration_ns); /* "45 ms", "5.1 s", "12 min" */
/* "packets 16 and 18", and of which file where there are several. */
void text_add_packets(struct text *text, const struct report *report,
                      const struct finding *finding);
/* A title as the end of a sentence: without a full stop. */
void text_add_title(struct text *text, const struct finding *finding);
/* The same behind a colon: its first word is not capital there, unless it is a name. */
void text_add_clause(struct text *text, const struct finding *finding);
enum mark outcome_mark(enum outcome outcome);
enum style outcome_style(enum outcome outcome);

/* The sentence that says how it went. */
void text_add_verdict(struct text *text, const struct report *report, const struct causes *causes);
/* Who is who, which names lead where, and what does not fit. */
void text_site(struct sheet *sheet, const struct site *site);
/* A line a sign-in, in the order of the causes. */
void text_table(struct sheet *sheet, const struct causes *causes);
/* Steps, cause, fix, proof. `report` is asked for the names of inputs. */
void text_signin(struct sheet *sheet, const struct report *report, const struct signin *signin);
/* The same went wrong at `index` as in the first one, which was told: one line, and what is
 * different. */
void text_signin_again(struct sheet *sheet, const struct report *report,
                       const struct signin *const *told, size_t index);
void text_labelled(struct sheet *sheet, const char *label, enum style style, const char *text);
/* A finding beside the one that decided, in a line or two. */
void text_other_finding(struct sheet *sheet, const struct report *report,
                        const struct finding *finding);
/* A finding in two or three lines; `where` says whose it is. */
void text_side_finding(struct sheet *sheet, const struct report *report,
                       const struct finding *finding, const char *where);

#endif
