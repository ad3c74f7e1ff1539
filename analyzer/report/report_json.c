/* report_json.c: the report as one JSON document, or one sign-in a line */
#include "analyzer/report/json_signin.h"

static const char *kind_name(enum input_kind kind)
{
    switch (kind) {
    case INPUT_PCAP:
        return "pcap";
    case INPUT_PCAPNG:
        return "pcapng";
    case INPUT_LIVE:
        return "live";
    }
    return "pcap";
}

static void add_input(struct json *json, const struct input_info *input)
{
    json_object(json, NULL);
    json_text(json, "path", input->path);
    json_text(json, "kind", kind_name(input->kind));
    json_number(json, "packets", input->packets);
    json_number(json, "bytes", input->bytes);
    if (input->packets) {
        json_time(json, "first_time", input->first_time_ns);
        json_time(json, "last_time", input->last_time_ns);
    } else {
        json_null(json, "first_time");
        json_null(json, "last_time");
    }
    json_array(json, "warnings");
    for (size_t i = 0; i < input->warning_count; i++)
        json_text(json, NULL, input->warnings[i]);
    json_end(json);
    json_end(json);
}

static void add_summary(struct json *json, const struct report *report)
{
    uint64_t counts[] = { [OUTCOME_SUCCEEDED] = 0, [OUTCOME_FAILED] = 0, [OUTCOME_INCOMPLETE] = 0 };

    for (size_t i = 0; i < report->signin_count; i++)
        counts[report->signins[i]->outcome]++;
    json_object(json, "summary");
    json_number(json, "sign_ins", report->signin_count);
    json_number(json, "succeeded", counts[OUTCOME_SUCCEEDED]);
    json_number(json, "failed", counts[OUTCOME_FAILED]);
    json_number(json, "incomplete", counts[OUTCOME_INCOMPLETE]);
    json_end(json);
}

void report_json(FILE *out, const struct report *report, const struct report_options *options)
{
    struct json json = { .out = out, .indented = true };

    json_object(&json, NULL);
    json_text(&json, "lyncscope", LYNCSCOPE_VERSION);
    json_number(&json, "schema", 1);
    json_array(&json, "inputs");
    for (size_t i = 0; i < report->input_count; i++)
        add_input(&json, report->inputs[i]);
    json_end(&json);
    json_array(&json, "sign_ins");
    for (size_t i = 0; i < report->signin_count; i++)
        json_signin(&json, report->signins[i], options);
    json_end(&json);
    json_array(&json, "findings");
    for (size_t i = 0; i < report->finding_count; i++)
        json_finding(&json, &report->findings[i]);
    json_end(&json);
    json_array(&json, "notes");
    for (size_t i = 0; i < report->pattern_count; i++)
        json_text(&json, NULL, report->patterns[i]);
    for (size_t i = 0; i < report->note_count; i++)
        json_text(&json, NULL, report->notes[i]);
    json_end(&json);
    if (report->site)
        json_site(&json, report->site);
    add_summary(&json, report);
    json_end(&json);
    json_end_line(&json);
    text_release(&json.text);
}

void report_ndjson(FILE *out, const struct signin *signin, const struct report_options *options)
{
    struct json json = { .out = out };

    json_signin(&json, signin, options);
    json_end_line(&json);
    text_release(&json.text);
}
