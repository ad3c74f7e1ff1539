/* words.c: the words of the report for the model's enums (contract: report.schema.json) */
#include "lyncscope/signin.h"

/* An enum value beyond its table can only be a mistake of ours: it shows as "unknown". */
static const char *word(const char *const *words, size_t count, unsigned index)
{
    return index < count ? words[index] : "unknown";
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *stage_name(enum stage stage)
{
    static const char *const words[] = { "dns",      "tcp",      "tls",       "http",
                                         "redirect", "auth",     "webticket", "response",
                                         "mobility", "topology", "capture" };

    return word(words, COUNT(words), stage);
}

const char *leg_name(enum leg leg)
{
    static const char *const words[] = { "dns", "client", "internal" };

    return word(words, COUNT(words), leg);
}

const char *step_status_name(enum step_status status)
{
    static const char *const words[] = { "ok", "expected", "warning", "failed", "unanswered" };

    return word(words, COUNT(words), status);
}

const char *severity_name(enum severity severity)
{
    static const char *const words[] = { "critical", "error", "warning", "info" };

    return word(words, COUNT(words), severity);
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const words[] = { "succeeded", "failed", "incomplete" };

    return word(words, COUNT(words), outcome);
}

const char *location_name(enum location location)
{
    static const char *const words[] = { "unknown", "internal", "external" };

    return word(words, COUNT(words), location);
}

const char *role_name(enum role role)
{
    static const char *const words[] = { "unknown",  "client",    "dns",   "proxy",
                                         "director", "front-end", "server" };

    return word(words, COUNT(words), role);
}
