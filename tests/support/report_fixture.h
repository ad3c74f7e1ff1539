/* report_fixture.h: a report made by hand, for tests of the outputs */
#ifndef REPORT_FIXTURE_H
#define REPORT_FIXTURE_H

#include "lyncscope/report.h"

enum { FIXTURE_SIGNINS = 3, FIXTURE_STEPS = 8 };

/* One that failed at DNS, one that succeeded through a proxy with a warning, one that cannot be
 * judged.  Tests may change what they like before they print. */
struct report_fixture {
    struct report report;
    struct input_info inputs[2];
    const struct input_info *input_list[2];
    struct flow_counters flows;
    struct signin signins[FIXTURE_SIGNINS];
    const struct signin *signin_list[FIXTURE_SIGNINS];
    struct step steps[FIXTURE_SIGNINS][FIXTURE_STEPS];
    struct finding findings[FIXTURE_SIGNINS][2];
    struct service_link services[3];
    struct dns_lookup lookup;
    struct dns_record records[2];
    struct tls_session tls;
    struct http_exchange http;
    struct header headers[2];
    struct relay relay;
    const char *changes[1];
    struct rule rules[3];
};

void report_fixture_fill(struct report_fixture *fixture);

/* What a writer printed; the caller frees it. */
char *fixture_print(void (*print)(FILE *out, const void *subject), const void *subject);

#endif
