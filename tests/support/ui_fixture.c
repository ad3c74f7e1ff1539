/* ui_fixture.c: reports made by hand, for tests of the screen */
#include "tests/support/ui_fixture.h"

#include "tests/support/ui_fixture_proof.h"

#include <string.h>
#include <unistd.h>

#define S(text)                                                                                    \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define V4(a, b, c, d)                                                                             \
    {                                                                                              \
        4,                                                                                         \
        {                                                                                          \
            a, b, c, d                                                                             \
        }                                                                                          \
    }
#define AT(seconds, ms) (START + (seconds)*1000000000LL + (ms)*1000000LL)
#define SEEN(number, seconds, ms)                                                                  \
    {                                                                                              \
        0, number, AT(seconds, ms)                                                                 \
    }

/* 2026-11-20 23:02:11 UTC */
#define START 1795215731000000000LL

/* ---- the site ---- */

#define CLIENT(last)                                                                               \
    {                                                                                              \
        { V4(10, 0, 0, last), 50123 }, NULL, ROLE_CLIENT                                           \
    }
#define RESOLVER                                                                                   \
    {                                                                                              \
        { V4(10, 0, 0, 53), 53 }, NULL, ROLE_DNS                                                   \
    }
#define PROXY(host)                                                                                \
    {                                                                                              \
        { V4(203, 0, 113, 10), 443 }, host, ROLE_PROXY                                             \
    }
#define PROXY_INSIDE                                                                               \
    {                                                                                              \
        { V4(192, 168, 1, 10), 40001 }, NULL, ROLE_PROXY                                           \
    }
#define FRONT_END                                                                                  \
    {                                                                                              \
        { V4(192, 168, 1, 20), 4443 }, "pool1.contoso.com", ROLE_FRONT_END                         \
    }
#define DISCOVER "lyncdiscover.contoso.com"
#define EXTERNAL "lyncweb.contoso.com"

static const struct dns_record discover_answers[] = {
    { S(DISCOVER), S("CNAME"), S(EXTERNAL), 300, { 0 }, 5 },
    { S(EXTERNAL), S("A"), S("203.0.113.10"), 300, V4(203, 0, 113, 10), 1 },
};

static const struct dns_lookup internal_missing = {
    .name = "lyncdiscoverinternal.contoso.com",
    .type = "A",
    .type_number = 1,
    .questions = 1,
    .answered = true,
    .rcode = 3,
    .client = { V4(10, 0, 0, 5), 40000 },
    .server = { V4(10, 0, 0, 53), 53 },
    .question = SEEN(1, 0, 0),
    .last_question = SEEN(1, 0, 0),
    .answer = SEEN(2, 0, 12),
};

static const struct dns_lookup external_found = {
    .name = DISCOVER,
    .type = "A",
    .type_number = 1,
    .questions = 1,
    .answered = true,
    .client = { V4(10, 0, 0, 5), 40001 },
    .server = { V4(10, 0, 0, 53), 53 },
    .answers = discover_answers,
    .answer_count = COUNT(discover_answers),
    .question = SEEN(3, 0, 15),
    .last_question = SEEN(3, 0, 15),
    .answer = SEEN(4, 0, 31),
};

static const struct dns_lookup external_silent = {
    .name = DISCOVER,
    .type = "A",
    .type_number = 1,
    .questions = 4,
    .client = { V4(10, 0, 0, 6), 40001 },
    .server = { V4(10, 0, 0, 53), 53 },
    .question = SEEN(43, 60, 15),
    .last_question = SEEN(49, 67, 15),
};

static const struct tcp_connection connected = {
    .client = { V4(10, 0, 0, 5), 50123 },
    .server = { V4(203, 0, 113, 10), 443 },
    .opened = OPENED_SYN,
    .closed = CLOSED_FIN,
    .attempts = 1,
    .first_attempt = SEEN(5, 0, 33),
    .last_attempt = SEEN(5, 0, 33),
    .answer = SEEN(6, 0, 53),
    .end = SEEN(38, 2, 0),
    .client_bytes = 4120,
    .server_bytes = 19833,
};

static const struct tcp_connection silent = {
    .client = { V4(10, 0, 0, 9), 50123 },
    .server = { V4(203, 0, 113, 10), 443 },
    .opened = OPENED_UNANSWERED,
    .attempts = 4,
    .first_attempt = SEEN(90, 180, 0),
    .last_attempt = SEEN(99, 187, 0),
};

static const struct tls_session opaque = {
    .client = { V4(10, 0, 0, 8), 50123 },
    .server = { V4(203, 0, 113, 10), 443 },
    .server_name = S(EXTERNAL),
    .version = 0x0303,
    .cipher = 0xc02f,
    .has_client_hello = true,
    .has_server_hello = true,
    .alert = 0xff,
    .hello = SEEN(71, 121, 0),
    .client_records = 12,
    .server_records = 14,
};

static const struct header root_headers[] = {
    { S("Host"), S(DISCOVER) },
    { S("Accept"), S("application/vnd.microsoft.rtc.autodiscover+xml;v=1") },
    { S("User-Agent"), S("ACOMO/5.1 (iPhone; iOS 9.3)") },
};

static const struct header xml_headers[] = {
    { S("Content-Type"), S("application/vnd.microsoft.rtc.autodiscover+xml; v=1") },
    { S("X-MS-Server-Fqdn"), S("fe01.contoso.com") },
};

#define ROOT_BODY                                                                                  \
    "<?xml version=\"1.0\" encoding=\"utf-8\"?><AutodiscoverResponse AccessLocation=\"External\">" \
    "<Root><Link token=\"Domain\" href=\"https://lyncweb.contoso.com/Autodiscover/"                \
    "AutodiscoverService.svc/root/domain\"/><Link token=\"User\" "                                 \
    "href=\"https://lyncweb.contoso.com/Autodiscover/AutodiscoverService.svc/root/user\"/>"        \
    "<Note>\xe4\xbc\x9a\xe8\xad\xb0 caf\xc3\xa9</Note></Root></AutodiscoverResponse>"

static const struct http_exchange root_exchange = {
    .client = { V4(10, 0, 0, 5), 50123 },
    .server = { V4(203, 0, 113, 10), 80 },
    .index = 1,
    .request = { .present = true,
                 .evidence = SEEN(7, 0, 60),
                 .method = S("GET"),
                 .target = S("/?sipuri=alice@contoso.com"),
                 .host = S(DISCOVER),
                 .version = 11,
                 .headers = root_headers,
                 .header_count = COUNT(root_headers),
                 .body = { .complete = true },
                 .complete = true },
    .response = { .present = true,
                  .evidence = SEEN(9, 0, 102),
                  .status = 200,
                  .reason = S("OK"),
                  .version = 11,
                  .headers = xml_headers,
                  .header_count = COUNT(xml_headers),
                  .body = { .kept = S(ROOT_BODY),
                            .bytes = sizeof(ROOT_BODY) - 1,
                            .complete = true },
                  .complete = true,
                  .end = SEEN(9, 0, 102) },
    .lync = { .service = SERVICE_AUTODISCOVER,
              .resource = RESOURCE_ROOT,
              .sipuri = S("alice@contoso.com"),
              .server_fqdn = S("fe01.contoso.com"),
              .response_document = { .kind = DOCUMENT_AUTODISCOVER,
                                     .part = PART_ROOT,
                                     .access_location = S("External") } },
};

static const char *const relay_changes[] = { "Host became pool1.contoso.com" };

#define RELAY(seconds)                                                                             \
    {                                                                                              \
        .from = PROXY_INSIDE, .to = FRONT_END, .time_ns = AT(seconds, 64),                         \
        .duration_ns = 30000000, .status = 200, .changes = relay_changes, .change_count = 1,       \
        .http = &root_exchange, .evidence = { SEEN(7, seconds, 64), SEEN(8, seconds, 94) },        \
        .evidence_count = 2,                                                                       \
    }

static const struct relay root_relay = RELAY(0);
static const struct http_exchange fe02_exchange = {
    .lync = { .server_fqdn = S("FE02.contoso.com") },
};
static const struct relay fe02_relay = {
    .from = PROXY_INSIDE,
    .to = FRONT_END,
    .time_ns = AT(0, 64),
    .duration_ns = 30000000,
    .http = &fe02_exchange,
};
static const struct relay carols_relay = RELAY(100);

static const struct header user_headers[] = {
    { S("Host"), S(EXTERNAL) },
    { S("Authorization"), S("NTLM TlRMTVNTUAADAAAAGAAYAEgAAAA=") },
};

static const struct header denied_headers[] = {
    { S("WWW-Authenticate"), S("Negotiate") },
    { S("WWW-Authenticate"), S("NTLM") },
    { S("X-MS-diagnostics"), S("28020;source=\"fe01.contoso.com\";reason=\"No valid security "
                               "token.\"") },
};

static const struct http_exchange user_challenged = {
    .client = { V4(10, 0, 0, 5), 50123 },
    .server = { V4(203, 0, 113, 10), 443 },
    .index = 2,
    .encrypted = true,
    .request = { .present = true,
                 .evidence = SEEN(12, 0, 210),
                 .method = S("GET"),
                 .target = S("/Autodiscover/AutodiscoverService.svc/root/user"),
                 .host = S(EXTERNAL),
                 .version = 11,
                 .headers = user_headers,
                 .header_count = 1,
                 .body = { .complete = true },
                 .complete = true },
    .response = { .present = true,
                  .evidence = SEEN(13, 0, 240),
                  .status = 401,
                  .reason = S("Unauthorized"),
                  .version = 11,
                  .headers = denied_headers,
                  .header_count = 2,
                  .body = { .complete = true },
                  .complete = true },
    .lync = { .service = SERVICE_AUTODISCOVER,
              .resource = RESOURCE_USER,
              .challenge = { .negotiate = true, .ntlm = true },
              .web_ticket_url = S("https://lyncweb.contoso.com/WebTicket/WebTicketService.svc") },
};

#define TICKET_BODY                                                                                \
    "<s:Envelope><s:Body><wst:RequestSecurityToken><Username>alice</Username>"                     \
    "<Password>hunter2</Password></wst:RequestSecurityToken></s:Body></s:Envelope>"

static const struct http_exchange ticket_refused = {
    .client = { V4(10, 0, 0, 7), 50123 },
    .server = { V4(203, 0, 113, 10), 443 },
    .index = 3,
    .encrypted = true,
    .request = { .present = true,
                 .evidence = SEEN(61, 100, 400),
                 .method = S("POST"),
                 .target = S("/WebTicket/WebTicketService.svc?password=hunter2"),
                 .host = S(EXTERNAL),
                 .version = 11,
                 .headers = user_headers,
                 .header_count = COUNT(user_headers),
                 .body = { .kept = S(TICKET_BODY),
                           .bytes = sizeof(TICKET_BODY) - 1,
                           .complete = true },
                 .complete = true },
    .response = { .present = true,
                  .evidence = SEEN(62, 100, 520),
                  .status = 401,
                  .reason = S("Unauthorized"),
                  .version = 11,
                  .headers = denied_headers,
                  .header_count = COUNT(denied_headers),
                  .body = { .complete = true },
                  .complete = true },
    .lync = { .service = SERVICE_WEBTICKET,
              .resource = RESOURCE_TICKET,
              .credential = CREDENTIAL_NTLM_AUTHENTICATE,
              .ntlm = { .type = 3,
                        .domain = S("CONTOSO"),
                        .user = S("carol"),
                        .workstation = S("PHONE"),
                        .target_spn = S("HTTP/lyncweb.contoso.com") },
              .request_document = { .kind = DOCUMENT_RST,
                                    .user = S("carol@contoso.com"),
                                    .applies_to = S("https://lyncweb.contoso.com/") },
              .challenge = { .negotiate = true, .ntlm = true },
              .diagnostics = { S("28020"),
                               S("fe01.contoso.com"),
                               S("No valid security token."),
                               { NULL, 0 } } },
};

#define USER_BODY                                                                                  \
    "{\"_links\":{\"self\":{\"href\":\"/Autodiscover/root/user\"},\"applications\":{\"href\":"     \
    "\"https://lyncweb.contoso.com/ucwa/oauth/v1/applications\"},\"empty\":{},\"n\":[1, "          \
    "true,null]}}"

static const struct http_exchange user_answered = {
    .client = { V4(10, 0, 0, 5), 50123 },
    .server = { V4(203, 0, 113, 10), 443 },
    .index = 4,
    .encrypted = true,
    .request = { .present = true,
                 .evidence = SEEN(30, 0, 900),
                 .method = S("GET"),
                 .target = S("/Autodiscover/AutodiscoverService.svc/root/user"),
                 .host = S(EXTERNAL),
                 .version = 11,
                 .headers = user_headers,
                 .header_count = 1,
                 .body = { .complete = true },
                 .complete = true },
    .response = { .present = true,
                  .evidence = SEEN(31, 0, 950),
                  .status = 200,
                  .reason = S("OK"),
                  .version = 11,
                  .headers = xml_headers,
                  .header_count = 1,
                  .body = { .kept = S(USER_BODY),
                            .bytes = sizeof(USER_BODY) - 1,
                            .complete = true },
                  .complete = true },
    .lync = { .service = SERVICE_AUTODISCOVER,
              .resource = RESOURCE_USER,
              .response_document = { .kind = DOCUMENT_UCWA_RESOURCE, .part = PART_USER } },
};

static const struct http_exchange mobility_entered = {
    .client = { V4(10, 0, 0, 5), 50123 },
    .server = { V4(203, 0, 113, 10), 443 },
    .index = 5,
    .encrypted = true,
    .request = { .present = true,
                 .evidence = SEEN(34, 1, 100),
                 .method = S("POST"),
                 .target = S("/ucwa/oauth/v1/applications"),
                 .host = S(EXTERNAL),
                 .version = 11,
                 .body = { .complete = true },
                 .complete = true },
    .response = { .present = true,
                  .evidence = SEEN(36, 1, 300),
                  .status = 201,
                  .reason = S("Created"),
                  .version = 11,
                  .body = { .complete = true },
                  .complete = true },
    .lync = { .service = SERVICE_UCWA, .resource = RESOURCE_APPLICATIONS },
};

/* ---- rules ---- */

static const struct rule wrong_password = {
    .id = "auth-wrong-password",
    .severity = SEVERITY_CRITICAL,
    .stage = STAGE_AUTH,
    .user_sees = "\"We can't sign you in. Please check your account info and try again.\"",
    .reference = "MS-NLMP 3.2",
    .result = "wrong password",
};
static const struct rule no_record = {
    .id = "dns-both-names-fail",
    .severity = SEVERITY_CRITICAL,
    .stage = STAGE_DNS,
    .reference = "Microsoft: DNS requirements",
    .result = "no DNS record",
};
static const struct rule no_answer = {
    .id = "tcp-no-answer",
    .severity = SEVERITY_CRITICAL,
    .stage = STAGE_TCP,
    .result = "port 443 does not answer",
};
static const struct rule not_decrypted = {
    .id = "capture-encrypted",
    .severity = SEVERITY_INFO,
    .stage = STAGE_CAPTURE,
    .result = "encrypted",
};

static const struct finding password_findings[] = {
    { .rule = &wrong_password,
      .severity = SEVERITY_CRITICAL,
      .title = "The password of carol was refused",
      .cause = "The Front End refused the NTLM answer of CONTOSO\\carol: the password is wrong, or "
               "it has expired.",
      .fix = "Let the user type the password again; reset it in Active Directory when that does "
             "not help, and see whether the account is locked.",
      .step = 4,
      .evidence = { SEEN(61, 100, 400), SEEN(62, 100, 520) },
      .evidence_count = 2 },
};
static const struct finding dns_findings[] = {
    { .rule = &no_record,
      .severity = SEVERITY_CRITICAL,
      .title = "No Autodiscover name of contoso.com resolves",
      .cause = "Neither lyncdiscoverinternal.contoso.com nor lyncdiscover.contoso.com has an "
               "address.",
      .fix = "Create lyncdiscover.contoso.com in the public zone.",
      .step = 2,
      .evidence = { SEEN(43, 60, 15) },
      .evidence_count = 1 },
};
static const struct finding tcp_findings[] = {
    { .rule = &no_answer,
      .severity = SEVERITY_CRITICAL,
      .title = "203.0.113.10 does not answer on port 443",
      .cause = "Four SYNs in 7 s had no answer: a firewall drops them, or nothing is there.",
      .fix = "Open port 443 from the Internet to the reverse proxy.",
      .step = 2,
      .evidence = { SEEN(90, 180, 0), SEEN(99, 187, 0) },
      .evidence_count = 2 },
};
static const struct finding tls_findings[] = {
    { .rule = &not_decrypted,
      .severity = SEVERITY_INFO,
      .title = "The sign-in is encrypted and there are no keys",
      .cause = "From step 2 on everything is inside TLS.",
      .fix = "Give a key log with -k.",
      .step = 2,
      .evidence = { SEEN(71, 121, 0) },
      .evidence_count = 1 },
};
static const struct finding capture_findings[] = {
    { .rule = &not_decrypted,
      .severity = SEVERITY_WARNING,
      .title = "12 packets were cut by the snap length",
      .cause = "The capture kept 96 bytes.",
      .fix = "Capture whole packets (-s 0).",
      .evidence = { SEEN(1, 0, 0) },
      .evidence_count = 1 },
};

/* ---- sign-ins ---- */

static const struct step good_steps[] = {
    { .number = 1,
      .time_ns = AT(0, 0),
      .duration_ns = 12000000,
      .stage = STAGE_DNS,
      .leg = LEG_DNS,
      .from = CLIENT(5),
      .to = RESOLVER,
      .summary = "A lyncdiscoverinternal.contoso.com -> NXDOMAIN",
      .note = "expected outside",
      .status = STEP_EXPECTED,
      .dns = &internal_missing,
      .evidence = { SEEN(1, 0, 0), SEEN(2, 0, 12) },
      .evidence_count = 2 },
    { .number = 2,
      .time_ns = AT(0, 15),
      .duration_ns = 16000000,
      .stage = STAGE_DNS,
      .leg = LEG_DNS,
      .from = CLIENT(5),
      .to = RESOLVER,
      .summary = "A lyncdiscover.contoso.com -> 203.0.113.10",
      .status = STEP_OK,
      .dns = &external_found,
      .evidence = { SEEN(3, 0, 15), SEEN(4, 0, 31) },
      .evidence_count = 2 },
    { .number = 3,
      .time_ns = AT(0, 33),
      .duration_ns = 20000000,
      .stage = STAGE_TCP,
      .leg = LEG_CLIENT,
      .from = CLIENT(5),
      .to = PROXY(DISCOVER),
      .summary = "connect to lyncdiscover.contoso.com (203.0.113.10 port 443)",
      .status = STEP_OK,
      .tcp = &connected,
      .evidence = { SEEN(5, 0, 33) },
      .evidence_count = 1 },
    { .number = 4,
      .time_ns = AT(0, 60),
      .duration_ns = 42000000,
      .stage = STAGE_HTTP,
      .leg = LEG_CLIENT,
      .from = CLIENT(5),
      .to = PROXY(DISCOVER),
      .summary = "GET http://lyncdiscover.contoso.com/?sipuri=alice@contoso.com -> 200",
      .status = STEP_OK,
      .http = &root_exchange,
      .url = "http://lyncdiscover.contoso.com/?sipuri=alice@contoso.com",
      .relay = &root_relay,
      .evidence = { SEEN(7, 0, 60), SEEN(9, 0, 102) },
      .evidence_count = 2 },
    { .number = 5,
      .time_ns = AT(0, 210),
      .duration_ns = 30000000,
      .stage = STAGE_WEBTICKET,
      .leg = LEG_CLIENT,
      .from = CLIENT(5),
      .to = PROXY(EXTERNAL),
      .summary = "GET https://lyncweb.contoso.com/Autodiscover/AutodiscoverService.svc/root/user "
                 "-> 401",
      .note = "asks for a ticket",
      .status = STEP_EXPECTED,
      .http = &user_challenged,
      .evidence = { SEEN(12, 0, 210), SEEN(13, 0, 240) },
      .evidence_count = 2 },
    { .number = 6,
      .time_ns = AT(2, 900),
      .duration_ns = 50000000,
      .stage = STAGE_RESPONSE,
      .leg = LEG_CLIENT,
      .from = CLIENT(5),
      .to = PROXY(EXTERNAL),
      .summary = "GET https://lyncweb.contoso.com/Autodiscover/AutodiscoverService.svc/root/user "
                 "-> 200",
      .note = "home pool and services",
      .status = STEP_OK,
      .http = &user_answered,
      .evidence = { SEEN(30, 2, 900), SEEN(31, 2, 950) },
      .evidence_count = 2 },
    { .number = 7,
      .time_ns = AT(3, 100),
      .duration_ns = 200000000,
      .stage = STAGE_MOBILITY,
      .leg = LEG_CLIENT,
      .from = CLIENT(5),
      .to = PROXY(EXTERNAL),
      .summary = "POST https://lyncweb.contoso.com/ucwa/oauth/v1/applications -> 201",
      .status = STEP_OK,
      .http = &mobility_entered,
      .evidence = { SEEN(34, 3, 100), SEEN(36, 3, 300) },
      .evidence_count = 2 },
};

static const struct step dns_steps[] = {
    { .number = 1,
      .time_ns = AT(60, 0),
      .duration_ns = 12000000,
      .stage = STAGE_DNS,
      .leg = LEG_DNS,
      .from = CLIENT(6),
      .to = RESOLVER,
      .summary = "A lyncdiscoverinternal.contoso.com -> NXDOMAIN",
      .status = STEP_EXPECTED,
      .dns = &internal_missing,
      .evidence = { SEEN(41, 60, 0), SEEN(42, 60, 12) },
      .evidence_count = 2 },
    { .number = 2,
      .time_ns = AT(60, 15),
      .duration_ns = -1,
      .stage = STAGE_DNS,
      .leg = LEG_DNS,
      .from = CLIENT(6),
      .to = RESOLVER,
      .summary = "A lyncdiscover.contoso.com -> no answer (asked 4 times)",
      .status = STEP_UNANSWERED,
      .dns = &external_silent,
      .evidence = { SEEN(43, 60, 15), SEEN(49, 67, 15) },
      .evidence_count = 2 },
};

static const struct step password_steps[] = {
    { .number = 1,
      .time_ns = AT(100, 0),
      .duration_ns = 16000000,
      .stage = STAGE_DNS,
      .leg = LEG_DNS,
      .from = CLIENT(7),
      .to = RESOLVER,
      .summary = "A lyncdiscover.contoso.com -> 203.0.113.10",
      .status = STEP_OK,
      .dns = &external_found,
      .evidence = { SEEN(51, 100, 0) },
      .evidence_count = 1 },
    { .number = 2,
      .time_ns = AT(100, 60),
      .duration_ns = 42000000,
      .stage = STAGE_HTTP,
      .leg = LEG_CLIENT,
      .from = CLIENT(7),
      .to = PROXY(DISCOVER),
      .summary = "GET http://lyncdiscover.contoso.com/?sipuri=carol@contoso.com -> 200",
      .status = STEP_OK,
      .http = &root_exchange,
      .relay = &carols_relay,
      .evidence = { SEEN(53, 100, 60) },
      .evidence_count = 1 },
    { .number = 3,
      .time_ns = AT(100, 210),
      .duration_ns = 30000000,
      .stage = STAGE_WEBTICKET,
      .leg = LEG_CLIENT,
      .from = CLIENT(7),
      .to = PROXY(EXTERNAL),
      .summary = "GET https://lyncweb.contoso.com/Autodiscover/AutodiscoverService.svc/root/user "
                 "-> 401",
      .note = "asks for a ticket",
      .status = STEP_EXPECTED,
      .http = &user_challenged,
      .evidence = { SEEN(57, 100, 210) },
      .evidence_count = 1 },
    { .number = 4,
      .time_ns = AT(100, 400),
      .duration_ns = 120000000,
      .stage = STAGE_AUTH,
      .leg = LEG_CLIENT,
      .from = CLIENT(7),
      .to = PROXY(EXTERNAL),
      .summary = "POST https://lyncweb.contoso.com/WebTicket/WebTicketService.svc -> 401",
      .note = "NTLM answer (type 3) refused",
      .status = STEP_FAILED,
      .http = &ticket_refused,
      .url = "https://lyncweb.contoso.com/WebTicket/WebTicketService.svc?password=hunter2",
      .evidence = { SEEN(61, 100, 400), SEEN(62, 100, 520) },
      .evidence_count = 2 },
};

static const struct step opaque_steps[] = {
    { .number = 1,
      .time_ns = AT(120, 0),
      .duration_ns = 16000000,
      .stage = STAGE_DNS,
      .leg = LEG_DNS,
      .from = CLIENT(8),
      .to = RESOLVER,
      .summary = "A lyncdiscover.contoso.com -> 203.0.113.10",
      .status = STEP_OK,
      .dns = &external_found,
      .evidence = { SEEN(67, 120, 0) },
      .evidence_count = 1 },
    { .number = 2,
      .time_ns = AT(121, 0),
      .duration_ns = -1,
      .stage = STAGE_TLS,
      .leg = LEG_CLIENT,
      .from = CLIENT(8),
      .to = PROXY(EXTERNAL),
      .summary = "TLS 1.2 with lyncweb.contoso.com (203.0.113.10 port 443)",
      .note = "encrypted, not read",
      .status = STEP_OK,
      .tls = &opaque,
      .evidence = { SEEN(71, 121, 0) },
      .evidence_count = 1 },
};

static const struct step silent_steps[] = {
    { .number = 1,
      .time_ns = AT(179, 900),
      .duration_ns = 16000000,
      .stage = STAGE_DNS,
      .leg = LEG_DNS,
      .from = CLIENT(9),
      .to = RESOLVER,
      .summary = "A lyncdiscover.contoso.com -> 203.0.113.10",
      .status = STEP_OK,
      .dns = &external_found,
      .evidence = { SEEN(88, 179, 900) },
      .evidence_count = 1 },
    { .number = 2,
      .time_ns = AT(180, 0),
      .duration_ns = -1,
      .stage = STAGE_TCP,
      .leg = LEG_CLIENT,
      .from = CLIENT(9),
      .to = PROXY(DISCOVER),
      .summary = "connect to lyncdiscover.contoso.com (203.0.113.10 port 443) -> no answer (4 "
                 "tries)",
      .status = STEP_UNANSWERED,
      .tcp = &silent,
      .evidence = { SEEN(90, 180, 0), SEEN(99, 187, 0) },
      .evidence_count = 2 },
};

static const struct signin site[] = {
    { .id = 1,
      .client = CLIENT(5),
      .user = "sip:alice@contoso.com",
      .sip_domain = "contoso.com",
      .device = "iOS",
      .home_pool = "pool1.contoso.com",
      .started_ns = AT(0, 0),
      .ended_ns = AT(3, 300),
      .final_document = true,
      .entered_mobility = true,
      .closed = true,
      .steps = (struct step *)good_steps,
      .step_count = COUNT(good_steps),
      .outcome = OUTCOME_SUCCEEDED,
      .failed_stage = STAGE_NONE,
      .result = "signed in" },
    { .id = 2,
      .client = CLIENT(6),
      .sip_domain = "contoso.com",
      .device = "Android",
      .started_ns = AT(60, 0),
      .ended_ns = AT(67, 15),
      .closed = true,
      .steps = (struct step *)dns_steps,
      .step_count = COUNT(dns_steps),
      .outcome = OUTCOME_FAILED,
      .failed_stage = STAGE_DNS,
      .result = "no DNS record",
      .findings = dns_findings,
      .finding_count = 1 },
    { .id = 3,
      .client = CLIENT(7),
      .user = "sip:carol@contoso.com",
      .sip_domain = "contoso.com",
      .device = "desktop",
      .started_ns = AT(100, 0),
      .ended_ns = AT(100, 520),
      .closed = true,
      .steps = (struct step *)password_steps,
      .step_count = COUNT(password_steps),
      .outcome = OUTCOME_FAILED,
      .failed_stage = STAGE_AUTH,
      .result = "wrong password",
      .findings = password_findings,
      .finding_count = 1 },
    { .id = 4,
      .client = CLIENT(8),
      .sip_domain = "contoso.com",
      .device = "Windows Phone",
      .started_ns = AT(120, 0),
      .ended_ns = AT(125, 0),
      .closed = true,
      .steps = (struct step *)opaque_steps,
      .step_count = COUNT(opaque_steps),
      .outcome = OUTCOME_INCOMPLETE,
      .failed_stage = STAGE_NONE,
      .result = "encrypted, no keys",
      .findings = tls_findings,
      .finding_count = 1 },
    { .id = 5,
      .client = CLIENT(9),
      .user = "sip:erin@contoso.com",
      .sip_domain = "contoso.com",
      .device = "browser",
      .started_ns = AT(179, 900),
      .ended_ns = AT(201, 0),
      .closed = true,
      .steps = (struct step *)silent_steps,
      .step_count = COUNT(silent_steps),
      .outcome = OUTCOME_FAILED,
      .failed_stage = STAGE_TCP,
      .result = "203.0.113.10 does not answer on port 443",
      .findings = tcp_findings,
      .finding_count = 1 },
};

/* ---- what strangers may send ---- */

#define EVIL                                                                                       \
    "\x1b]0;owned\x07\x1b[2J\x9b"                                                                  \
    "31m\xe2\x80\xae evil\r\n\x7f\xff"
#define WIDE "\xe4\xbc\x9a\xe8\xad\xb0\xe5\xae\xa4\xe4\xbc\x9a\xe8\xad\xb0\xe5\xae\xa4 e\xcc\x81 "

static const struct header evil_headers[] = {
    { S("Host"), S(EVIL) },
    { S(EVIL), S(WIDE EVIL) },
    { S("Content-Type"), S("application/json" EVIL) },
};

#define EVIL_BODY                                                                                  \
    "{\"a\x1b[31m\":[[[[[[[[" WIDE EVIL "}}}}"                                                     \
    "\"open"

static const struct http_exchange evil_exchange = {
    .client = { V4(10, 0, 0, 66), 1 },
    .server = { V4(10, 0, 0, 66), 2 },
    .index = 1,
    .request = { .present = true,
                 .evidence = SEEN(1, 0, 0),
                 .method = S(EVIL),
                 .target = S("/" WIDE EVIL),
                 .host = S(EVIL),
                 .version = 10,
                 .headers = evil_headers,
                 .header_count = COUNT(evil_headers),
                 .body = { .kept = S("<a><b c='>'>" EVIL "</b><!-- " WIDE "</a></a></a><open"),
                           .bytes = 1000000 } },
    .response = { .present = true,
                  .evidence = SEEN(2, 0, 0),
                  .status = 4294967295U,
                  .reason = S(EVIL),
                  .version = 99,
                  .headers = evil_headers,
                  .header_count = COUNT(evil_headers),
                  .body = { .kept = S(EVIL_BODY),
                            .bytes = 12,
                            .missing = true,
                            .bad_coding = true } },
    .lync = { .sipuri = S(EVIL),
              .server_fqdn = S(EVIL),
              .ntlm = { .type = 3, .user = S(EVIL), .domain = S(WIDE) },
              .diagnostics = { S(EVIL), S(EVIL), S(EVIL), S(EVIL) },
              .response_document = { .kind = DOCUMENT_MALFORMED, .problem = "not JSON" } },
};

static const struct dns_record evil_answers[] = {
    { S(EVIL), S(EVIL), S(WIDE EVIL), 4294967295U, { 0 }, 99 },
};

static const struct dns_lookup evil_dns = {
    .name = WIDE EVIL,
    .type = EVIL,
    .questions = 4000000000U,
    .answered = true,
    .rcode = 23,
    .answers = evil_answers,
    .answer_count = 1,
};

static const struct step evil_steps[] = {
    { .number = 1,
      .time_ns = AT(0, 0),
      .duration_ns = INT64_MAX,
      .stage = STAGE_DNS,
      .leg = LEG_DNS,
      .from = { { { 0 }, 0 }, WIDE, ROLE_UNKNOWN },
      .to = { { { 0 }, 0 }, EVIL, ROLE_UNKNOWN },
      .summary = WIDE EVIL,
      .note = EVIL,
      .status = STEP_OK,
      .dns = &evil_dns },
    { .number = 2,
      .time_ns = INT64_MIN / 2,
      .duration_ns = -1,
      .stage = STAGE_TOPOLOGY,
      .from = { { V4(10, 0, 0, 66), 0 }, EVIL, ROLE_SERVER },
      .to = { { V4(10, 0, 0, 66), 0 }, EVIL, ROLE_SERVER },
      .summary = EVIL,
      .status = STEP_WARNING },
    { .number = 3,
      .time_ns = INT64_MAX / 2,
      .duration_ns = 0,
      .stage = STAGE_HTTP,
      .from = { { V4(10, 0, 0, 66), 0 }, NULL, ROLE_CLIENT },
      .to = { { V4(10, 0, 0, 66), 0 }, WIDE WIDE EVIL, ROLE_SERVER },
      .summary = EVIL,
      .status = STEP_FAILED,
      .http = &evil_exchange,
      .url = EVIL,
      .relay = &root_relay,
      .evidence = { { 77, UINT64_MAX, 0 } },
      .evidence_count = 1 },
};

static const struct finding evil_findings[] = {
    { .rule = &wrong_password,
      .severity = SEVERITY_CRITICAL,
      .title = EVIL WIDE,
      .cause = WIDE EVIL WIDE EVIL,
      .fix = EVIL,
      .step = 99,
      .evidence = { { 77, 5, 0 } },
      .evidence_count = 1 },
};

static const struct signin hostile[] = {
    { .id = 7,
      .client = { { V4(10, 0, 0, 66), 1 }, WIDE EVIL, ROLE_CLIENT },
      .user = "sip:" EVIL "@contoso.com",
      .sip_domain = EVIL,
      .device = EVIL,
      .home_pool = EVIL,
      .started_ns = AT(0, 0),
      .ended_ns = AT(0, 0),
      .steps = (struct step *)evil_steps,
      .step_count = COUNT(evil_steps),
      .steps_left_out = 3,
      .outcome = OUTCOME_FAILED,
      .failed_stage = STAGE_HTTP,
      .result = WIDE EVIL,
      .findings = evil_findings,
      .finding_count = 1 },
    { .id = 4000000000U,
      .started_ns = INT64_MIN / 2,
      .ended_ns = INT64_MAX / 2,
      .outcome = OUTCOME_INCOMPLETE,
      .failed_stage = STAGE_CAPTURE,
      .client = { { { 6, { 0x20, 1, 0xd, 0xb8, [15] = 1 } }, 0 }, NULL, ROLE_CLIENT } },
};

/* ---- reports ---- */

static const struct input_info input = {
    .path = "/captures/office.pcapng",
    .kind = INPUT_PCAPNG,
    .packets = 12345,
    .bytes = 9876543,
    .first_time_ns = AT(0, 0),
    .last_time_ns = AT(201, 0),
    .cut_packets = 12,
    .warnings = { "block 7 has an unknown type, skipped" },
    .warning_count = 1,
    .progress = 1.0,
};

static const struct flow_counters flows = { .packets = 12345,
                                            .connections = 42,
                                            .datagrams = 88,
                                            .duplicates = 3,
                                            .gaps = 1,
                                            .gap_bytes = 1460 };

enum { MANY = 30 };

struct ui_fixture {
    struct report report;
    const struct input_info *inputs[1];
    struct input_info proof;
    char proof_path[64];
    int proof_file; /* 0: none */
    const struct signin *signins[MANY];
    struct signin copies[MANY];
    struct step steps[MANY];
    size_t all; /* sign-ins there are */
    bool grows;
};

static void add_all(struct ui_fixture *fixture, const struct signin *signins, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fixture->signins[fixture->all++] = &signins[i];
}

static void add_many(struct ui_fixture *fixture, bool mixed)
{
    for (unsigned i = 0; i < MANY; i++) {
        struct signin *copy = &fixture->copies[i];

        *copy = site[i % COUNT(site)];
        copy->id = i + 1;
        copy->started_ns += i * 61000000000LL;
        copy->ended_ns += i * 61000000000LL + i * 1700000000LL;
        copy->client.endpoint.address.bytes[2] = (uint8_t)(i / 7);
        if (mixed)
            copy->sip_domain = i % 3 == 2 ? "fabrikam.com" : "contoso.com";
        if (mixed && copy->step_count > 0 && i % 2 == 1) {
            fixture->steps[i] = copy->steps[copy->step_count - 1];
            fixture->steps[i].number = 1;
            fixture->steps[i].relay = &fe02_relay;
            copy->steps = &fixture->steps[i];
            copy->step_count = 1;
        }
        fixture->signins[fixture->all++] = copy;
    }
}

static void add_proof(struct ui_fixture *fixture)
{
    size_t count;
    const struct signin *signins = ui_proof_signins(&count);

    add_all(fixture, signins, count);
    fixture->proof_file = ui_proof_capture(fixture->proof_path);
    fixture->proof = (struct input_info){
        .path = fixture->proof_path, .kind = INPUT_PCAP, .packets = 2, .progress = 1.0
    };
    fixture->inputs[0] = &fixture->proof;
    fixture->report.has_keys = true;
}

struct ui_fixture *ui_fixture_create(const char *name)
{
    struct ui_fixture *fixture = memory_take(NULL, sizeof *fixture);

    fixture->inputs[0] = &input;
    fixture->report = (struct report){
        .inputs = fixture->inputs, .input_count = 1, .flows = &flows, .events = 321
    };
    fixture->grows = strcmp(name, "live") == 0;
    if (fixture->grows) {
        fixture->report.has_keys = true;
        fixture->report.key_count = 1200;
        fixture->report.keys_used = 3;
        fixture->report.memory_used = 37 << 20;
        fixture->report.memory_limit = 512 << 20;
    }
    if (strcmp(name, "site") == 0 || fixture->grows) {
        add_all(fixture, site, COUNT(site));
        fixture->report.findings = capture_findings;
        fixture->report.finding_count = COUNT(capture_findings);
    } else if (strcmp(name, "proof") == 0) {
        add_proof(fixture);
    } else if (strcmp(name, "hostile") == 0) {
        add_all(fixture, hostile, COUNT(hostile));
    } else if (strcmp(name, "many") == 0) {
        add_many(fixture, false);
        fixture->report.hidden_count = 4;
    } else if (strcmp(name, "mixed") == 0) {
        add_many(fixture, true);
    } else if (strcmp(name, "empty") != 0) {
        ui_fixture_free(fixture);
        return NULL;
    }
    ui_fixture_show(fixture, 0, fixture->grows ? 1 : fixture->all);
    return fixture;
}

void ui_fixture_free(struct ui_fixture *fixture)
{
    if (fixture->proof_file > 0)
        close(fixture->proof_file);
    memory_give(NULL, fixture, sizeof *fixture);
}

void ui_fixture_show(struct ui_fixture *fixture, size_t first, size_t count)
{
    fixture->report.signins = &fixture->signins[first];
    fixture->report.signin_count = count;
}

static const struct report *give_report(void *context)
{
    return &((struct ui_fixture *)context)->report;
}

static bool work(void *context, unsigned milliseconds)
{
    struct ui_fixture *fixture = context;

    (void)milliseconds;
    if (!fixture->grows)
        return false;
    if (fixture->report.signins + fixture->report.signin_count < fixture->signins + fixture->all)
        fixture->report.signin_count++;
    return true;
}

static const int *no_descriptors(void *context)
{
    static const int none[] = { -1 };

    (void)context;
    return none;
}

struct ui_feed ui_fixture_feed(struct ui_fixture *fixture)
{
    return (struct ui_feed){ .context = fixture,
                             .report = give_report,
                             .work = work,
                             .descriptors = no_descriptors,
                             .live = fixture->grows };
}
