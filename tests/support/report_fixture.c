/* report_fixture.c: a report made by hand, for tests of the outputs */
#include "report_fixture.h"

#include <stdlib.h>

#define START ((int64_t)1795647731000000001) /* 2026-11-25T23:02:11.000000001Z */
#define MS ((int64_t)1000000)

static struct party party(const char *address, uint16_t port, const char *name, enum role role)
{
    struct party made = { .endpoint.port = port, .name = name, .role = role };

    address_parse(slice_of_text(address), &made.endpoint.address);
    return made;
}

static struct evidence packet(uint64_t number)
{
    return (struct evidence){ .packet = number, .time_ns = START };
}

static struct step step(unsigned number, enum stage stage, const char *summary)
{
    return (struct step){ .number = number,
                          .time_ns = START + number * MS,
                          .duration_ns = 1234567,
                          .stage = stage,
                          .leg = stage == STAGE_DNS ? LEG_DNS : LEG_CLIENT,
                          .from = party("192.0.2.7", 50000, NULL, ROLE_CLIENT),
                          .to = party("198.51.100.1", 443, "lyncdiscover.contoso.com", ROLE_PROXY),
                          .summary = summary,
                          .evidence = { packet(10 + number) },
                          .evidence_count = 1 };
}

static void fill_rules(struct report_fixture *f)
{
    f->rules[0] = (struct rule){ .id = "dns-external-missing",
                                 .severity = SEVERITY_CRITICAL,
                                 .stage = STAGE_DNS,
                                 .title = "{name} does not exist",
                                 .user_sees = "\"Cannot connect to the server.\"" };
    f->rules[1] = (struct rule){
        .id = "normal-slow", .severity = SEVERITY_WARNING, .stage = STAGE_TOPOLOGY, .title = "slow"
    };
    f->rules[2] = (struct rule){ .id = "capture-not-decrypted",
                                 .severity = SEVERITY_INFO,
                                 .stage = STAGE_CAPTURE,
                                 .title = "encrypted" };
}

static void fill_failed(struct report_fixture *f)
{
    f->records[0] = (struct dns_record){ .data = slice_of_text("192.0.2.1") };
    f->lookup = (struct dns_lookup){ .name = "lyncdiscover.contoso.com",
                                     .type = "A",
                                     .answered = true,
                                     .rcode = 3,
                                     .answers = f->records,
                                     .answer_count = 1 };
    f->steps[0][0] = step(1, STAGE_DNS, "A lyncdiscoverinternal.contoso.com -> NXDOMAIN");
    f->steps[0][1] = step(2, STAGE_DNS, "A lyncdiscover.contoso.com -> NXDOMAIN");
    f->steps[0][0].status = STEP_EXPECTED;
    f->steps[0][1].status = STEP_FAILED;
    f->steps[0][0].dns = f->steps[0][1].dns = &f->lookup;
    f->findings[0][0] = (struct finding){ .rule = &f->rules[0],
                                          .severity = SEVERITY_CRITICAL,
                                          .title = "lyncdiscover.contoso.com does not exist.",
                                          .cause = "The record was never published.",
                                          .fix = "Publish it.",
                                          .step = 2,
                                          .evidence = { packet(18), packet(16) },
                                          .evidence_count = 2 };
    f->signins[0] = (struct signin){ .id = 1,
                                     .client = party("192.0.2.7", 0, NULL, ROLE_CLIENT),
                                     .user = "sip:alice@contoso.com",
                                     .sip_domain = "contoso.com",
                                     .location = LOCATION_EXTERNAL,
                                     .started_ns = START,
                                     .ended_ns = START + 5100 * MS,
                                     .outcome = OUTCOME_FAILED,
                                     .failed_stage = STAGE_DNS,
                                     .result = "lyncdiscover not in DNS",
                                     .steps = f->steps[0],
                                     .step_count = 2,
                                     .findings = f->findings[0],
                                     .finding_count = 1 };
}

static void fill_http(struct report_fixture *f)
{
    static const unsigned interim[] = { 100 };

    f->headers[0] = (struct header){ slice_of_text("Content-Type"), slice_of_text("text/xml") };
    f->headers[1] = (struct header){ slice_of_text("Set-Cookie"), slice_of_text("secret=1") };
    f->http = (struct http_exchange){
        .client = party("192.0.2.7", 50000, NULL, ROLE_CLIENT).endpoint,
        .server = party("198.51.100.1", 80, NULL, ROLE_PROXY).endpoint,
        .request = { .present = true,
                     .evidence = packet(20),
                     .method = slice_of_text("GET"),
                     .target = slice_of_text("/?sipuri=alice@contoso.com"),
                     .host = slice_of_text("lyncdiscover.contoso.com"),
                     .version = 11,
                     .complete = true },
        .response = { .present = true,
                      .evidence = packet(22),
                      .status = 200,
                      .reason = slice_of_text("OK"),
                      .version = 11,
                      .headers = f->headers,
                      .header_count = 2,
                      .body = { .bytes = 5, .has_sha256 = true, .sha256 = { 0xab, 0x01 } },
                      .complete = true },
        .interim = interim,
        .interim_count = 1,
        .lync.service = SERVICE_AUTODISCOVER,
    };
    f->changes[0] = "Host lyncdiscover.contoso.com -> pool01.corp.contoso.com";
    f->relay = (struct relay){ .from = party("10.0.0.2", 40000, NULL, ROLE_PROXY),
                               .to = party("10.0.0.5", 8080, NULL, ROLE_FRONT_END),
                               .time_ns = START + 2 * MS,
                               .duration_ns = -1,
                               .status = 200,
                               .changes = f->changes,
                               .change_count = 1,
                               .evidence = { packet(21) },
                               .evidence_count = 1 };
}

static void fill_succeeded(struct report_fixture *f)
{
    fill_http(f);
    f->steps[1][0] = step(1, STAGE_HTTP, "GET http://lyncdiscover.contoso.com/ -> 200");
    f->steps[1][0].http = &f->http;
    f->steps[1][0].url = "http://lyncdiscover.contoso.com/?sipuri=alice@contoso.com";
    f->steps[1][0].relay = &f->relay;
    f->services[0] = (struct service_link){ "Ucwa", "https://pool01.contoso.com/ucwa" };
    f->services[1] = (struct service_link){ "Ucwa", "https://again.contoso.com/ucwa" };
    f->services[2] = (struct service_link){ "Mcx", "https://pool01.contoso.com/mcx" };
    f->findings[1][0] = (struct finding){ .rule = &f->rules[1],
                                          .severity = SEVERITY_WARNING,
                                          .title = "The proxy takes long.",
                                          .cause = "It is slow.",
                                          .fix = "Make it fast.",
                                          .evidence = { packet(22) },
                                          .evidence_count = 1 };
    f->signins[1] = (struct signin){ .id = 2,
                                     .client = party("2001:db8::7", 0, NULL, ROLE_CLIENT),
                                     .user_agent = "UCWA/1",
                                     .home_pool = "pool01.contoso.com",
                                     .services = f->services,
                                     .service_count = 3,
                                     .started_ns = START + 10 * MS,
                                     .ended_ns = START + 55 * MS,
                                     .outcome = OUTCOME_SUCCEEDED,
                                     .failed_stage = STAGE_NONE,
                                     .result = "signed in",
                                     .steps = f->steps[1],
                                     .step_count = 1,
                                     .findings = f->findings[1],
                                     .finding_count = 1 };
}

static void fill_incomplete(struct report_fixture *f)
{
    f->tls = (struct tls_session){ .server_name = slice_of_text("lyncdiscover.contoso.com"),
                                   .version = 0x0303,
                                   .cipher = 0xc02f,
                                   .has_client_hello = true,
                                   .has_server_hello = true,
                                   .alert = 0xff,
                                   .obstacle = TLS_NO_KEY };
    f->steps[2][0] = step(1, STAGE_TLS, "TLS 1.2 with lyncdiscover.contoso.com");
    f->steps[2][0].tls = &f->tls;
    f->steps[2][0].duration_ns = -1;
    f->findings[2][0] = (struct finding){ .rule = &f->rules[2],
                                          .severity = SEVERITY_INFO,
                                          .title = "The connection is encrypted.",
                                          .cause = "It is inside TLS.",
                                          .fix = "Give the keys.",
                                          .step = 1,
                                          .evidence = { packet(11) },
                                          .evidence_count = 1 };
    f->signins[2] = (struct signin){ .id = 3,
                                     .client = party("192.0.2.9", 0, NULL, ROLE_CLIENT),
                                     .sip_domain = "contoso.com",
                                     .started_ns = START + 20 * MS,
                                     .ended_ns = START + 21 * MS,
                                     .outcome = OUTCOME_INCOMPLETE,
                                     .failed_stage = STAGE_NONE,
                                     .result = "encrypted",
                                     .steps = f->steps[2],
                                     .step_count = 1,
                                     .findings = f->findings[2],
                                     .finding_count = 1 };
}

void report_fixture_fill(struct report_fixture *f)
{
    *f = (struct report_fixture){ 0 };
    fill_rules(f);
    fill_failed(f);
    fill_succeeded(f);
    fill_incomplete(f);
    for (size_t i = 0; i < FIXTURE_SIGNINS; i++)
        f->signin_list[i] = &f->signins[i];
    f->inputs[0] = (struct input_info){ .path = "phone.pcapng",
                                        .kind = INPUT_PCAPNG,
                                        .packets = 1204,
                                        .bytes = 99999,
                                        .first_time_ns = START,
                                        .last_time_ns = START + 9000 * MS,
                                        .warnings = { "it ends in the middle of packet 1205" },
                                        .warning_count = 1 };
    f->inputs[1] = (struct input_info){ .path = "proxy.pcap", .kind = INPUT_PCAP };
    f->input_list[0] = &f->inputs[0];
    f->input_list[1] = &f->inputs[1];
    f->flows = (struct flow_counters){ .packets = 1204, .connections = 3, .datagrams = 8 };
    f->report = (struct report){ .inputs = f->input_list,
                                 .input_count = 1,
                                 .signins = f->signin_list,
                                 .signin_count = FIXTURE_SIGNINS,
                                 .flows = &f->flows,
                                 .events = 17 };
}

char *fixture_print(void (*print)(FILE *out, const void *subject), const void *subject)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    print(out, subject);
    fclose(out);
    return text;
}
