/* events_tls.c: a connection's TLS as the events output tells it */
#include "analyzer/report/events_tls.h"

#include "analyzer/report/json_signin.h"

static const char *decrypted_word(enum tls_decrypted decrypted)
{
    static const char *const words[] = {
        [TLS_DECRYPTED_NONE] = "none",
        [TLS_DECRYPTED_PART] = "part",
        [TLS_DECRYPTED_ALL] = "all",
    };

    return words[decrypted];
}

static void add_alerts(struct json *json, const struct tls_session *tls)
{
    json_array(json, "alerts");
    for (size_t i = 0; i < tls->alert_count; i++) {
        const struct tls_alert *alert = &tls->alerts[i];

        json_object(json, NULL);
        json_text(json, "from", alert->from_server ? "server" : "client");
        json_text(json, "level", alert->level == TLS_FATAL ? "fatal" : "warning");
        json_text(json, "description", tls_alert_name(alert->description));
        json_number(json, "packet", alert->evidence.packet);
        json_end(json);
    }
    json_end(json);
}

static void add_certificate(struct json *json, const struct certificate *certificate)
{
    json_object(json, NULL);
    json_sha256(json, "sha256", certificate->sha256);
    json_slice(json, "subject", certificate->subject);
    json_slice(json, "issuer", certificate->issuer);
    json_text(json, "key_type", certificate->readable ? certificate->key_type : NULL);
    if (certificate->key_bits)
        json_number(json, "key_bits", certificate->key_bits);
    else
        json_null(json, "key_bits");
    json_slice(json, "signature", certificate->signature);
    json_array(json, "names");
    for (size_t i = 0; i < certificate->name_count; i++)
        json_string(json, NULL, certificate->names[i]);
    json_end(json);
    if (certificate->readable) {
        json_date(json, "not_before", certificate->not_before_s);
        json_date(json, "not_after", certificate->not_after_s);
    } else {
        json_null(json, "not_before");
        json_null(json, "not_after");
    }
    json_end(json);
}

static void add_certificates(struct json *json, const struct certificate_chain *chain)
{
    json_array(json, "certificates");
    for (size_t i = 0; chain && i < chain->count; i++)
        add_certificate(json, chain->certificates[i]);
    json_end(json);
}

/* How whole the chain is, whether a root of the store vouches for it, and what a stapled OCSP
 * response says. */
static void add_chain(struct json *json, const struct tls_session *tls)
{
    static const char *const orders[] = {
        [CHAIN_EMPTY] = NULL,
        [CHAIN_COMPLETE] = "complete",
        [CHAIN_INCOMPLETE] = "incomplete",
        [CHAIN_WRONG_ORDER] = "wrong-order",
        [CHAIN_SELF_SIGNED] = "self-signed",
    };
    static const char *const stapled[] = {
        [OCSP_NONE] = NULL,
        [OCSP_GOOD] = "good",
        [OCSP_REVOKED] = "revoked",
        [OCSP_UNKNOWN] = "unknown",
        [OCSP_UNREADABLE] = "unreadable",
    };

    json_text(json, "chain", tls->chain ? orders[tls->chain->order] : NULL);
    if (tls->chain && tls->chain->trust != TRUST_UNKNOWN)
        json_bool(json, "trusted", tls->chain->trust == TRUST_YES);
    else
        json_null(json, "trusted");
    json_text(json, "ocsp", stapled[tls->ocsp]);
}

static void add_data(struct json *json, const struct tls_session *tls)
{
    if (tls->decrypted == TLS_DECRYPTED_NONE || !tls->has_sha256) {
        json_null(json, "client_bytes");
        json_null(json, "client_sha256");
        json_null(json, "server_bytes");
        json_null(json, "server_sha256");
        return;
    }
    json_number(json, "client_bytes", tls->client_bytes);
    json_sha256(json, "client_sha256", tls->client_sha256);
    json_number(json, "server_bytes", tls->server_bytes);
    json_sha256(json, "server_sha256", tls->server_sha256);
}

void events_add_tls(struct json *json, const struct tls_session *tls)
{
    json_endpoint(json, "client", &tls->client);
    json_endpoint(json, "server", &tls->server);
    json_text(json, "version", tls_version_number(tls->version));
    json_text(json, "cipher",
              tls->has_server_hello && tls->version >= 0x0300 ? tls_cipher_name(tls->cipher)
                                                              : NULL);
    json_slice(json, "sni", tls->server_name);
    json_slice(json, "alpn", tls->alpn);
    if (tls->has_server_hello)
        json_bool(json, "resumed", tls->resumed);
    else
        json_null(json, "resumed");
    json_bool(json, "renegotiated", tls->renegotiated);
    add_certificates(json, tls->chain);
    add_chain(json, tls);
    add_alerts(json, tls);
    json_text(json, "decrypted", decrypted_word(tls->decrypted));
    json_text(json, "reason", tls_obstacle_name(tls->obstacle));
    add_data(json, tls);
}
