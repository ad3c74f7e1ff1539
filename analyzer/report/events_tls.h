/* events_tls.h: a connection's TLS as the events output tells it */
#ifndef LYNCSCOPE_REPORT_EVENTS_TLS_H
#define LYNCSCOPE_REPORT_EVENTS_TLS_H

#include "analyzer/report/json_writer.h"
#include "lyncscope/event.h"

void events_add_tls(struct json *json, const struct tls_session *tls);

#endif
