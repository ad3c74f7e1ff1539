/* text_words.c: how the text report says things */
#include <string.h>

#include "analyzer/report/text_parts.h"

enum { NS_PER_MS = 1000000, MS_PER_S = 1000, S_PER_MIN = 60, MIN_PER_H = 60 };

void text_add_owner(struct text *text, const struct signin *signin)
{
    struct slice user = slice_of_text(signin->user);

    if (slice_starts_with(user, "sip:"))
        user = slice_after(user, strlen("sip:"));
    if (user.length)
        text_add_slice(text, user);
    else if (signin->sip_domain)
        text_print(text, "@%s", signin->sip_domain);
    else
        text_add(text, "?");
}

void text_add_duration(struct text *text, int64_t duration_ns)
{
    int64_t ms = duration_ns / NS_PER_MS, seconds = ms / MS_PER_S;

    if (ms < 0)
        text_add(text, "?");
    else if (ms < MS_PER_S)
        text_print(text, "%lld ms", (long long)ms);
    else if (seconds < S_PER_MIN)
        text_print(text, "%lld.%lld s", (long long)seconds, (long long)(ms % MS_PER_S / 100));
    else if (seconds < 10 * S_PER_MIN)
        text_print(text, "%lld s", (long long)seconds);
    else if (seconds < 10 * MIN_PER_H * S_PER_MIN)
        text_print(text, "%lld min", (long long)(seconds / S_PER_MIN));
    else
        text_print(text, "%lld h", (long long)(seconds / S_PER_MIN / MIN_PER_H));
}

static void add_input_name(struct text *text, const struct report *report, uint32_t input)
{
    if (report->input_count > 1 && input < report->input_count)
        text_print(text, " of %s", report->inputs[input]->path);
}

static bool is_earlier(const struct evidence *a, const struct evidence *b)
{
    return a->input != b->input ? a->input < b->input : a->packet < b->packet;
}

/* Diagnosis puts what proves most first; readers look packets up in their order. */
static struct finding sort_evidence(const struct finding *finding)
{
    struct finding sorted = *finding;
    struct evidence *evidence = sorted.evidence;

    for (size_t i = 1; i < sorted.evidence_count; i++) {
        for (size_t j = i; j > 0 && is_earlier(&evidence[j], &evidence[j - 1]); j--) {
            struct evidence earlier = evidence[j];

            evidence[j] = evidence[j - 1];
            evidence[j - 1] = earlier;
        }
    }
    return sorted;
}

void text_add_packets(struct text *text, const struct report *report, const struct finding *finding)
{
    const struct finding sorted = sort_evidence(finding);
    const struct evidence *evidence = sorted.evidence;
    size_t count = sorted.evidence_count;

    for (size_t i = 0; i < count; i++) {
        bool first = i == 0 || evidence[i].input != evidence[i - 1].input;
        bool last = i + 1 == count || evidence[i + 1].input != evidence[i].input;

        if (first)
            text_print(text, "%spacket%s ", i ? "; " : "", last ? "" : "s");
        else
            text_add(text, last ? " and " : ", ");
        text_print(text, "%llu", (unsigned long long)evidence[i].packet);
        if (last)
            add_input_name(text, report, evidence[i].input);
    }
}

void text_add_title(struct text *text, const struct finding *finding)
{
    struct slice title = slice_of_text(finding->title ? finding->title : finding->rule->title);

    while (title.length && title.data[title.length - 1] == '.')
        title.length--;
    text_add_slice(text, title);
}

/* "Wrong", but not "NTLM", nor what is a name. */
static bool is_plain_word(struct slice title)
{
    static const char *const names[] = { "Autodiscover", "Exchange", "Extended", "Kerberos",
                                         "Lync",         "Online",   "Skype",    "Windows" };
    size_t length = slice_find_byte(title, ' ');

    if (length == 0 || title.data[0] < 'A' || title.data[0] > 'Z')
        return false;
    for (size_t i = 1; i < length; i++)
        if ((title.data[i] < 'a' || title.data[i] > 'z') && title.data[i] != '-')
            return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (slice_is_text(slice_part(title, 0, length), names[i]))
            return false;
    return true;
}

void text_add_clause(struct text *text, const struct finding *finding)
{
    struct text title = { 0 };
    struct slice rest;

    text_add_title(&title, finding);
    rest = buffer_slice(&title.bytes);
    if (is_plain_word(rest)) {
        text_print(text, "%c", rest.data[0] - 'A' + 'a');
        rest = slice_after(rest, 1);
    }
    text_add_slice(text, rest);
    text_release(&title);
}

enum mark outcome_mark(enum outcome outcome)
{
    if (outcome == OUTCOME_SUCCEEDED)
        return MARK_GOOD;
    return outcome == OUTCOME_FAILED ? MARK_BAD : MARK_UNKNOWN;
}

enum style outcome_style(enum outcome outcome)
{
    if (outcome == OUTCOME_SUCCEEDED)
        return STYLE_GOOD;
    return outcome == OUTCOME_FAILED ? STYLE_BAD : STYLE_WARN;
}
