/* message_tls.c: a TLS session and the certificates in it, as facts to read */
#include <time.h>

#include "lyncscope/rule.h"
#include "ui/message.h"

enum { NAMES_SHOWN = 40, SHA256_BYTES = 32 };

/* ---- the session ---- */

static void add_alert(const struct message_writer *writer, const struct tls_alert *alert)
{
    const char *word = tls_alert_name(alert->description);
    bool fatal = alert->level == TLS_FATAL;
    struct text line = { 0 };

    text_print(&line, "%u %s, %s, from the %s, packet %llu", alert->description, word ? word : "",
               fatal ? "fatal" : "a warning", alert->from_server ? "server" : "client",
               (unsigned long long)alert->evidence.packet);
    page_add_labelled(writer->page,
                      fatal                ? STYLE_FAILED
                      : alert->description ? STYLE_WARNING
                                           : STYLE_PLAIN,
                      "alert", buffer_slice(&line.bytes));
    text_release(&line);
}

static void add_inside(const struct message_writer *writer, const struct tls_session *tls)
{
    struct text line = { 0 };

    if (tls->client_records + tls->server_records == 0)
        return;
    if (tls->decrypted == TLS_DECRYPTED_ALL)
        text_print(&line, "decrypted: %llu bytes from the client, %llu from the server",
                   (unsigned long long)tls->client_bytes, (unsigned long long)tls->server_bytes);
    else
        text_print(&line, "%s: %s",
                   tls->decrypted == TLS_DECRYPTED_PART ? "decrypted in part" : "not decrypted",
                   tls_obstacle_text(tls->obstacle, writer->report->has_keys));
    page_add_labelled(writer->page,
                      tls->decrypted == TLS_DECRYPTED_ALL ? STYLE_SECURE : STYLE_WARNING, "inside",
                      buffer_slice(&line.bytes));
    text_release(&line);
}

static void add_agreement(const struct message_writer *writer, const struct tls_session *tls)
{
    const char *cipher = tls_cipher_name(tls->cipher);

    if (tls->server_name.length > 0)
        message_add_field(writer, "name", tls->server_name);
    else if (tls->has_client_hello)
        message_print_field(writer, "name", "none: the client named no server (no SNI)");
    if (tls->version)
        message_print_field(writer, "version", "%s", tls_version_name(tls->version));
    if (tls->offered_version > tls->version)
        message_print_field(writer, "offered", "up to %s", tls_version_name(tls->offered_version));
    if (tls->has_server_hello && cipher)
        message_print_field(writer, "cipher", "%s", cipher);
    else if (tls->has_server_hello)
        message_print_field(writer, "cipher", "0x%04x", tls->cipher);
    message_add_field(writer, "alpn", tls->alpn);
    if (tls->resumed)
        message_print_field(writer, "resumed", "yes: no certificate is sent");
    if (tls->renegotiated)
        message_print_field(writer, "renegotiated", "yes: what is shown is of the first handshake");
    if (tls->certificate_asked)
        message_print_field(writer, "asks", "for a client certificate; the client %s",
                            tls->certificate_sent ? "sends one" : "sends none");
    message_add_packet(writer, "hello", &tls->hello);
    if (!tls->has_server_hello)
        page_add_labelled(writer->page, STYLE_WARNING, "server", slice_of_text("no ServerHello"));
}

/* ---- certificates ---- */

static void add_date(const struct message_writer *writer, const char *label, int64_t seconds,
                     enum style style)
{
    time_t time = (time_t)seconds;
    struct tm parts;
    char date[40];

    if (seconds == INT64_MIN || seconds == INT64_MAX || !gmtime_r(&time, &parts) ||
        strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S UTC", &parts) == 0)
        page_add_labelled(writer->page, STYLE_WARNING, label, slice_of_text("cannot be read"));
    else
        page_add_labelled(writer->page, style, label, slice_of_text(date));
}

static void add_names(const struct message_writer *writer, const struct certificate *certificate,
                      struct slice asked)
{
    bool covered = asked.length == 0 || certificate_covers(certificate, asked);
    enum style style = covered ? STYLE_PLAIN : STYLE_FAILED;

    for (size_t i = 0; i < certificate->name_count && i < NAMES_SHOWN; i++)
        page_add_labelled(writer->page, style, i ? "" : "covers", certificate->names[i]);
    if (certificate->name_count > NAMES_SHOWN)
        message_print_field(writer, "", "and %zu more", certificate->name_count - NAMES_SHOWN);
    if (certificate->name_count == 0 && !certificate->is_ca)
        page_add_labelled(writer->page, style, "covers", certificate->common_name);
}

static void add_digest(const struct message_writer *writer, const struct certificate *certificate)
{
    struct text hex = { 0 };

    for (size_t i = 0; i < SHA256_BYTES; i++)
        text_print(&hex, "%02x", certificate->sha256[i]);
    message_add_field(writer, "SHA-256", buffer_slice(&hex.bytes));
    text_release(&hex);
}

static void add_certificate(const struct message_writer *writer,
                            const struct certificate *certificate, int64_t seen_s,
                            struct slice asked)
{
    message_add_field(writer, "subject", certificate->subject);
    message_add_field(writer, "issuer", certificate->issuer);
    add_names(writer, certificate, asked);
    if (certificate->readable) {
        add_date(writer, "from", certificate->not_before_s,
                 certificate->not_before_s > seen_s ? STYLE_FAILED : STYLE_PLAIN);
        add_date(writer, "to", certificate->not_after_s,
                 certificate->not_after_s < seen_s ? STYLE_FAILED : STYLE_PLAIN);
        message_print_field(writer, "key", "%s %u", certificate->key_type, certificate->key_bits);
    }
    if (certificate->weak_signature)
        page_add_labelled(writer->page, STYLE_WARNING, "signed", certificate->signature);
    else
        message_add_field(writer, "signed", certificate->signature);
    add_digest(writer, certificate);
}

static const char *order_text(const struct certificate_chain *chain)
{
    switch (chain->order) {
    case CHAIN_EMPTY:
        return "cannot be judged";
    case CHAIN_COMPLETE:
        return chain->trust == TRUST_NO ? "complete; its root is a private one" : "complete";
    case CHAIN_INCOMPLETE:
        return "incomplete: an intermediate certificate is not sent";
    case CHAIN_WRONG_ORDER:
        return "sent in the wrong order";
    case CHAIN_SELF_SIGNED:
        break;
    }
    return "self-signed";
}

static void add_chain(const struct message_writer *writer, const struct tls_session *tls)
{
    static const char *const stapled[] = {
        [OCSP_NONE] = NULL,
        [OCSP_GOOD] = "good",
        [OCSP_REVOKED] = "revoked",
        [OCSP_UNKNOWN] = "unknown",
        [OCSP_UNREADABLE] = "cannot be read",
    };
    int64_t seen_s = tls->chain_evidence.time_ns / 1000000000;

    for (size_t i = 0; i < tls->chain->count; i++) {
        message_add_heading(writer, i ? "Certificate sent with it" : "Certificate of the server");
        if (i == 0) {
            message_print_field(writer, "chain", "%s", order_text(tls->chain));
            message_add_field(writer, "stapled", slice_of_text(stapled[tls->ocsp]));
            message_add_packet(writer, "sent", &tls->chain_evidence);
        }
        add_certificate(writer, tls->chain->certificates[i], seen_s,
                        i == 0 ? tls->server_name : SLICE_EMPTY);
    }
}

void message_add_tls(const struct message_writer *writer, const struct tls_session *tls)
{
    message_add_heading(writer, "TLS");
    add_agreement(writer, tls);
    for (size_t i = 0; i < tls->alert_count; i++)
        add_alert(writer, &tls->alerts[i]);
    if (tls->client_silent && tls->client_ended && tls->has_server_hello)
        message_print_field(writer, "client", "leaves without a request");
    add_inside(writer, tls);
    message_print_field(writer, "records", "%llu from the client, %llu from the server",
                        (unsigned long long)tls->client_records,
                        (unsigned long long)tls->server_records);
    if (tls->chain)
        add_chain(writer, tls);
}
