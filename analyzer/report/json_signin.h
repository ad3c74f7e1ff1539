/* json_signin.h: sign-ins and findings as JSON */
#ifndef LYNCSCOPE_REPORT_JSON_SIGNIN_H
#define LYNCSCOPE_REPORT_JSON_SIGNIN_H

#include "analyzer/report/json_writer.h"
#include "lyncscope/report.h"

void json_signin(struct json *json, const struct signin *signin,
                 const struct report_options *options);
/* A member "site". */
void json_site(struct json *json, const struct site *site);
void json_finding(struct json *json, const struct finding *finding);
/* The members of an endpoint: address and port. */
void json_endpoint(struct json *json, const char *key, const struct endpoint *endpoint);

#endif
