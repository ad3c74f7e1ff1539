/* text_parts.h: the parts of the text report */
#ifndef LYNCSCOPE_REPORT_TEXT_PARTS_H
#define LYNCSCOPE_REPORT_TEXT_PARTS_H

#include "analyzer/report/sheet.h"

/* Appends whose sign-in it is, as people write it: without "sip:", else the SIP domain. */
void text_add_owner(struct text *text, const struct signin *signin);
void text_add_duration(struct text *text, int64_t duration_ns); /* "45 ms", "5.1 s", "12 min" */
/* "packets 16 and 18", and of which file where there are several. */
void text_add_packets(struct text *text, const struct report *report,
                      const struct finding *finding);
/* A title as the end of a sentence: without a full stop. */
void text_add_title(struct text *text, const struct finding *finding);
/* The same behind a colon: "The" is not capital there. */
void text_add_clause(struct text *text, const struct finding *finding);
enum mark outcome_mark(enum outcome outcome);
enum style outcome_style(enum outcome outcome);

/* The sentence that says how it went. */
void text_add_verdict(struct text *text, const struct report *report);
/* A line a sign-in, failures first. */
void text_table(struct sheet *sheet, const struct report *report);
/* Steps, cause, fix, proof. `report` is asked for the names of inputs. */
void text_signin(struct sheet *sheet, const struct report *report, const struct signin *signin);
/* A finding in two or three lines; `where` says whose it is. */
void text_side_finding(struct sheet *sheet, const struct report *report,
                       const struct finding *finding, const char *where);

#endif
