/* events_json.h: one decoded message as one JSON line */
#ifndef LYNCSCOPE_REPORT_EVENTS_JSON_H
#define LYNCSCOPE_REPORT_EVENTS_JSON_H

#include "lyncscope/report.h"
#include "lyncscope/text.h"

/* Appends the line to `text`. False: this kind of event is not printed. */
bool event_to_json(struct text *text, const struct event *event, bool show_secrets);

#endif
