/* search_tls.c: looks through a TLS session, its alerts and certificates */
#include "ui/search.h"

#include <stdio.h>

#include "lyncscope/rule.h"

static void search_word(struct search *search, const char *where, const char *word)
{
    search_text(search, where, slice_of_text(word));
}

static void search_date(struct search *search, int64_t time_s)
{
    char date[TIME_TEXT_SIZE];

    if (time_s < -9000000000 || time_s > 9000000000)
        return; /* beyond what nanoseconds can say */
    time_format_utc(time_s * 1000000000, date);
    search_word(search, "certificate date", date);
}

static void search_hash(struct search *search, const uint8_t sha256[32])
{
    char digits[65];

    for (size_t i = 0; i < 32; i++)
        snprintf(&digits[2 * i], 3, "%02x", sha256[i]);
    search_word(search, "certificate hash", digits);
}

static void search_certificate(struct search *search, const struct certificate *certificate)
{
    search_text(search, "certificate subject", certificate->subject);
    search_text(search, "certificate issuer", certificate->issuer);
    search_text(search, "certificate name", certificate->common_name);
    for (size_t i = 0; i < certificate->name_count; i++)
        search_text(search, "certificate name", certificate->names[i]);
    search_word(search, "certificate key", certificate->key_type);
    search_text(search, "certificate signature", certificate->signature);
    if (search->found || !certificate->readable)
        return;
    search_date(search, certificate->not_before_s);
    search_date(search, certificate->not_after_s);
    search_hash(search, certificate->sha256);
}

static void search_alerts(struct search *search, const struct tls_session *tls)
{
    if (tls->alert != TLS_NO_ALERT)
        search_word(search, "TLS alert", tls_alert_name(tls->alert));
    for (size_t i = 0; i < tls->alert_count; i++) {
        search_word(search, "TLS alert", tls_alert_name(tls->alerts[i].description));
        search_evidence(search, &tls->alerts[i].evidence, 1);
    }
    search_evidence(search, &tls->alert_evidence, 1);
}

void search_tls(struct search *search, const struct tls_session *tls)
{
    search_text(search, "TLS server name", tls->server_name);
    search_text(search, "TLS protocol", tls->alpn);
    search_word(search, "TLS version", tls_version_name(tls->version));
    search_word(search, "TLS cipher", tls_cipher_name(tls->cipher));
    if (tls_is_unread(tls))
        search_word(search, "why not decrypted", tls_obstacle_text(tls->obstacle, true));
    search_alerts(search, tls);
    for (size_t i = 0; tls->chain && i < tls->chain->count; i++)
        search_certificate(search, tls->chain->certificates[i]);
    search_evidence(search, &tls->hello, 1);
    search_evidence(search, &tls->chain_evidence, 1);
}
