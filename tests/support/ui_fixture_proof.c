/* ui_fixture_proof.c: sign-ins with a certificate, five hosts, and packets in a real file */
#include "tests/support/ui_fixture_proof.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define S(text)                                                                                    \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
#define COUNT(array) (sizeof(array) / sizeof *(array))
#define HOST(a, b, c, d, port, name, role)                                                         \
    {                                                                                              \
        { { 4, { a, b, c, d } }, port }, name, role                                                \
    }
/* 2026-11-20 23:02:11 UTC */
#define START_S 1795215731LL
#define AT(ms) (START_S * 1000000000LL + (ms)*1000000LL)
#define SEEN(number, ms)                                                                           \
    {                                                                                              \
        0, number, AT(ms)                                                                          \
    }

#define DISCOVER "lyncdiscover.contoso.com"
#define CLIENT(last) HOST(10, 0, 0, last, 50123, NULL, ROLE_CLIENT)
#define RESOLVER HOST(10, 0, 0, 53, 53, NULL, ROLE_DNS)
#define PROXY HOST(203, 0, 113, 10, 443, DISCOVER, ROLE_PROXY)
#define PROXY_INSIDE HOST(192, 168, 1, 10, 40001, NULL, ROLE_PROXY)
#define DIRECTOR HOST(192, 168, 1, 15, 4443, "dir1.contoso.com", ROLE_DIRECTOR)
#define FRONT_END HOST(192, 168, 1, 20, 4443, "pool1.contoso.com", ROLE_FRONT_END)

/* ---- what was said ---- */

static const struct dns_record answers[] = {
    { S(DISCOVER), S("A"), S("203.0.113.10"), 300, { 4, { 203, 0, 113, 10 } }, 1 },
};
static const struct dns_lookup found = {
    .name = DISCOVER,
    .type = "A",
    .type_number = 1,
    .questions = 2,
    .answered = true,
    .answers = answers,
    .answer_count = 1,
    .question = SEEN(1, 0),
    .last_question = SEEN(2, 1000),
    .answer = SEEN(3, 1012),
};

static const struct slice lacking_names[] = { S("lyncweb.contoso.com"), S("meet.contoso.com") };
static const struct slice good_names[] = { S(DISCOVER), S("lyncweb.contoso.com") };
static const struct certificate lacking = {
    .readable = true,
    .subject = S("C=US, O=Contoso, CN=lyncweb.contoso.com"),
    .issuer = S("C=US, O=Contoso, CN=Contoso Issuing CA"),
    .common_name = S("lyncweb.contoso.com"),
    .names = lacking_names,
    .name_count = COUNT(lacking_names),
    .not_before_s = START_S - 400LL * 86400,
    .not_after_s = START_S - 35LL * 86400,
    .key_type = "RSA",
    .key_bits = 1024,
    .signature = S("sha1WithRSAEncryption"),
    .weak_signature = true,
};
static const struct certificate right = {
    .readable = true,
    .subject = S("CN=lyncdiscover.contoso.com"),
    .issuer = S("CN=Contoso Issuing CA"),
    .names = good_names,
    .name_count = COUNT(good_names),
    .not_before_s = START_S - 86400,
    .not_after_s = START_S + 86400,
    .key_type = "RSA",
    .key_bits = 2048,
    .signature = S("sha256WithRSAEncryption"),
};
static const struct certificate *const lacking_list[] = { &lacking };
static const struct certificate *const right_list[] = { &right };
static const struct certificate_chain lacking_chain = {
    lacking_list, 1, CHAIN_INCOMPLETE, TRUST_UNKNOWN, 0, &lacking, 1
};
static const struct certificate_chain right_chain = {
    right_list, 1, CHAIN_COMPLETE, TRUST_UNKNOWN, 0, &right, 1
};

static const struct tls_alert alerts[] = { { 2, 46, false, false, SEEN(24, 1060) } };
static const struct tls_session refused = {
    .server_name = S(DISCOVER),
    .version = 0x0303,
    .cipher = 0xc02f,
    .has_client_hello = true,
    .has_server_hello = true,
    .chain = &lacking_chain,
    .chain_evidence = SEEN(23, 1050),
    .alert = 46,
    .alert_level = 2,
    .alerts = alerts,
    .alert_count = 1,
    .alert_evidence = SEEN(24, 1060),
    .hello = SEEN(21, 1040),
};
static const struct tls_session opened = {
    .server_name = S(DISCOVER),
    .version = 0x0303,
    .cipher = 0xc02f,
    .has_client_hello = true,
    .has_server_hello = true,
    .chain = &right_chain,
    .chain_evidence = SEEN(13, 1050),
    .alert = TLS_NO_ALERT,
    .hello = SEEN(11, 1040),
    .client_records = 3,
    .server_records = 4,
    .decrypted = TLS_DECRYPTED_ALL,
    .client_bytes = 800,
    .server_bytes = 2400,
};

#define DOCUMENT(place)                                                                            \
    "<AutodiscoverResponse AccessLocation=\"" place "\"><Root><Link token=\"User\" "               \
    "href=\"https://lyncweb.contoso.com/root/user\"/></Root></AutodiscoverResponse>"

static const struct header asked[] = {
    { S("Host"), S(DISCOVER) },
    { S("User-Agent"), S("ACOMO/5.1 (iPhone; iOS 9.3)") },
};
static const struct header asked_otherwise[] = {
    { S("Host"), S(DISCOVER) },
    { S("Authorization"), S("Basic Y2Fyb2w6aHVudGVyMg==") },
    { S("User-Agent"), S("OCPhone/5.4") },
};
static const struct header answered[] = {
    { S("Content-Type"), S("application/vnd.microsoft.rtc.autodiscover+xml") },
    { S("Date"), S("Fri, 20 Nov 2026 23:02:12 GMT") },
};
static const struct header answered_otherwise[] = {
    { S("Content-Type"), S("text/html") },
    { S("Date"), S("Fri, 20 Nov 2026 23:32:12 GMT") },
};

#define REQUEST(number, ms, list)                                                                  \
    {                                                                                              \
        .present = true, .evidence = SEEN(number, ms), .method = S("GET"), .target = S("/"),       \
        .host = S(DISCOVER), .version = 11, .headers = list, .header_count = COUNT(list),          \
        .body = { .complete = true }, .complete = true,                                            \
    }
#define RESPONSE(number, ms, list, text)                                                           \
    {                                                                                              \
        .present = true, .evidence = SEEN(number, ms), .end = SEEN(number, ms), .status = 200,     \
        .reason = S("OK"), .version = 11, .headers = list, .header_count = COUNT(list),            \
        .body = { .kept = S(text), .bytes = sizeof(text) - 1, .complete = true },                  \
        .complete = true,                                                                          \
    }

static const struct http_exchange root = {
    .encrypted = true,
    .request = REQUEST(14, 1100, asked),
    .response = RESPONSE(15, 1150, answered, DOCUMENT("External")),
    .lync = { .service = SERVICE_AUTODISCOVER,
              .resource = RESOURCE_ROOT,
              .response_document = { .kind = DOCUMENT_AUTODISCOVER, .part = PART_ROOT } },
};
/* In the clear, with a password, and a page instead of a document. */
static const struct http_exchange page = {
    .request = REQUEST(1, 2000, asked_otherwise),
    .response = RESPONSE(2, 2050, answered_otherwise, "<html>Sign in</html>"),
    .lync = { .service = SERVICE_AUTODISCOVER,
              .resource = RESOURCE_ROOT,
              .credential = CREDENTIAL_BASIC,
              .response_document = { .kind = DOCUMENT_HTML } },
};

static const char *const changes[] = { "Host became dir1.contoso.com" };
static const struct relay to_director = { .from = PROXY_INSIDE,
                                          .to = DIRECTOR,
                                          .time_ns = AT(1104),
                                          .duration_ns = 30000000,
                                          .status = 200,
                                          .changes = changes,
                                          .change_count = 1,
                                          .http = &root };
static const struct relay to_front_end = { .from = PROXY_INSIDE,
                                           .to = FRONT_END,
                                           .time_ns = AT(1204),
                                           .duration_ns = 30000000,
                                           .status = 200,
                                           .http = &root };

/* ---- steps ---- */

#define FROM_CLIENT(client, host, place)                                                           \
    .from = CLIENT(client), .to = host, .leg = place, .duration_ns = 50000000

static const struct step good[] = {
    { .number = 1,
      .time_ns = AT(0),
      .stage = STAGE_DNS,
      FROM_CLIENT(5, RESOLVER, LEG_DNS),
      .summary = "A lyncdiscover.contoso.com -> 203.0.113.10",
      .dns = &found },
    { .number = 2,
      .time_ns = AT(1040),
      .stage = STAGE_TLS,
      FROM_CLIENT(5, PROXY, LEG_CLIENT),
      .summary = "TLS 1.2 with lyncdiscover.contoso.com",
      .tls = &opened },
    { .number = 3,
      .time_ns = AT(1100),
      .stage = STAGE_HTTP,
      FROM_CLIENT(5, PROXY, LEG_CLIENT),
      .summary = "GET https://lyncdiscover.contoso.com/ -> 200",
      .http = &root,
      .relay = &to_director },
    { .number = 4,
      .time_ns = AT(1200),
      .stage = STAGE_RESPONSE,
      FROM_CLIENT(5, PROXY, LEG_CLIENT),
      .summary = "GET https://lyncdiscover.contoso.com/ -> 200",
      .http = &root,
      .relay = &to_front_end },
};

#define REFUSED(client)                                                                            \
    {                                                                                              \
        .number = 1, .time_ns = AT(1040), .stage = STAGE_TLS,                                      \
        FROM_CLIENT(client, PROXY, LEG_CLIENT),                                                    \
        .summary = "TLS 1.2 with lyncdiscover.contoso.com", .tls = &refused,                       \
        .evidence = { SEEN(21, 1040), SEEN(24, 1060) }, .evidence_count = 2,                       \
    }
static const struct step refused_6[] = { REFUSED(6) }, refused_7[] = { REFUSED(7) };

static const struct step clear[] = {
    { .number = 1,
      .time_ns = AT(2000),
      .stage = STAGE_HTTP,
      FROM_CLIENT(8, PROXY, LEG_CLIENT),
      .summary = "GET http://lyncdiscover.contoso.com/ -> 200",
      .status = STEP_FAILED,
      .http = &page,
      .evidence = { SEEN(1, 2000), SEEN(2, 2050) },
      .evidence_count = 2 },
};

/* ---- findings ---- */

static const struct rule lacks = {
    .id = "tls-san-lacks-name",
    .severity = SEVERITY_CRITICAL,
    .stage = STAGE_TLS,
    .user_sees = "\"There was a problem verifying the certificate from the server.\"",
    .wire = "alert 46 right after the certificate",
    .reference = "RFC 6125 6.4",
    .result = "certificate lacks a name",
};
static const struct rule portal = {
    .id = "captive-portal",
    .severity = SEVERITY_CRITICAL,
    .stage = STAGE_RESPONSE,
    .result = "a page instead of a document",
};
static const struct finding lacks_findings[] = {
    { .rule = &lacks,
      .severity = SEVERITY_CRITICAL,
      .title = "The certificate lacks lyncdiscover.contoso.com",
      .cause = "It covers lyncweb.contoso.com and meet.contoso.com only.",
      .fix = "Issue it anew with lyncdiscover.contoso.com among its names.",
      .step = 1,
      .evidence = { SEEN(24, 1060), SEEN(99, 1070) },
      .evidence_count = 2 },
};
static const struct finding portal_findings[] = {
    { .rule = &portal,
      .severity = SEVERITY_CRITICAL,
      .title = "A page instead of the document",
      .cause = "Something on the way answers instead of the server.",
      .fix = "Let the device sign in to its network first.",
      .step = 1,
      .evidence = { SEEN(2, 2050) },
      .evidence_count = 1 },
};

/* ---- sign-ins ---- */

#define SIGNIN(number, client_last, list)                                                          \
    .id = number, .client = CLIENT(client_last), .sip_domain = "contoso.com", .closed = true,      \
    .started_ns = AT(1000 * (number - 1)), .ended_ns = AT(1000 * number + 400),                    \
    .steps = (struct step *)list, .step_count = COUNT(list)

static const struct signin proof_signins[] = {
    { SIGNIN(1, 5, good), .user = "sip:alice@contoso.com", .outcome = OUTCOME_SUCCEEDED,
      .failed_stage = STAGE_NONE, .result = "signed in" },
    { SIGNIN(2, 6, refused_6), .user = "sip:bob@contoso.com", .outcome = OUTCOME_FAILED,
      .failed_stage = STAGE_TLS, .result = "certificate lacks lyncdiscover.contoso.com",
      .findings = lacks_findings, .finding_count = 1 },
    { SIGNIN(3, 7, refused_7), .outcome = OUTCOME_FAILED, .failed_stage = STAGE_TLS,
      .result = "certificate lacks lyncdiscover.contoso.com", .findings = lacks_findings,
      .finding_count = 1 },
    { SIGNIN(4, 8, clear), .user = "sip:carol@contoso.com", .outcome = OUTCOME_FAILED,
      .failed_stage = STAGE_RESPONSE, .result = "a page instead of a document",
      .findings = portal_findings, .finding_count = 1 },
};

const struct signin *ui_proof_signins(size_t *count)
{
    *count = COUNT(proof_signins);
    return proof_signins;
}

/* ---- the file ---- */

static void put_u32(struct buffer *out, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        uint8_t byte = (uint8_t)(value >> 8 * i);

        (void)buffer_append(out, slice_of(&byte, 1));
    }
}

/* A frame of TCP over IPv4 with that payload; lengths and checksums are nobody's business here. */
static void put_packet(struct buffer *out, int64_t ms, const char *payload)
{
    static const uint8_t headers[54] = {
        0x02, 0,  0, 0, 0,    1, 0x02, 0, 0,  0, 0,    2,    8,   0, 0x45, 0,  0,    200,
        0,    1,  0, 0, 0x40, 6, 0,    0, 10, 0, 0,    8,    203, 0, 113,  10, 0xc3, 0xcb,
        0,    80, 0, 0, 0,    1, 0,    0, 0,  1, 0x50, 0x18, 1,   0, 0,    0,  0,    0,
    };
    struct slice bytes = slice_of_text(payload);
    uint32_t length = (uint32_t)(sizeof headers + bytes.length);

    put_u32(out, (uint32_t)(START_S + ms / 1000));
    put_u32(out, (uint32_t)(ms % 1000 * 1000000));
    put_u32(out, length);
    put_u32(out, length + (bytes.length > 60 ? 40 : 0));
    (void)buffer_append(out, slice_of(headers, sizeof headers));
    (void)buffer_append(out, bytes);
}

int ui_proof_capture(char path[64])
{
    int descriptor = memfd_create("proof", MFD_CLOEXEC);
    struct buffer out = { 0 };
    ssize_t wrote;

    put_u32(&out, 0xa1b23c4d);
    put_u32(&out, 4 << 16 | 2);
    put_u32(&out, 0);
    put_u32(&out, 0);
    put_u32(&out, 65535);
    put_u32(&out, 1);
    put_packet(&out, 2000, "GET / HTTP/1.1\r\nAuthorization: Basic Y2Fyb2w6aHVudGVyMg==\r\n\r\n");
    put_packet(&out, 2050, "HTTP/1.1 200 OK\r\n\r\n<html>\x1b[2J");
    wrote = write(descriptor, out.data, out.length);
    assert(wrote == (ssize_t)out.length);
    buffer_release(&out);
    snprintf(path, 64, "/dev/fd/%d", wrote > 0 ? descriptor : -1);
    return descriptor;
}

/* A fuzz target includes this file and its sibling, which has its own. */
#undef S
#undef COUNT
#undef AT
#undef SEEN
#undef DISCOVER
#undef CLIENT
#undef RESOLVER
#undef PROXY
#undef PROXY_INSIDE
#undef FRONT_END
