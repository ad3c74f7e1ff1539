/* tls_schedule.c: from secrets to the keys of records
 *
 * RFC 5246 6.3, 8.1 (TLS 1.2), RFC 2246 6.3, 8.1 (1.0), RFC 6101 6.1, 6.2.2
 * (SSL 3.0), RFC 7627 4 (extended master secret), RFC 8446 7 (TLS 1.3).
 */
#include "dissectors/tls_schedule.h"

#include "lyncscope/cursor.h"
#include "lyncscope/memory.h"

enum {
    KEY_BLOCK_MAX = 2 * (TLS_MAC_MAX + TLS_KEY_MAX + TLS_IV_MAX),
    ROUNDS_MAX = 16,
    MD5_LENGTH = 16,
    IV_1_3 = 12,
};

static const char *prf_hash(const struct tls_agreement *agreement)
{
    return agreement->version >= TLS_1_2 ? agreement->suite.prf : "MD5-SHA1";
}

/* ---- SSL 3.0 ---- */

/* MD5(secret, SHA1("A", secret, seed)), then with "BB", "CCC", ... */
static bool ssl3_round(struct tls_crypto *crypto, const struct tls_derivation *from, size_t round,
                       uint8_t out[TLS_HASH_MAX])
{
    struct buffer bytes = { 0 };
    uint8_t letter = (uint8_t)('A' + round);
    uint8_t inner[TLS_HASH_MAX];
    size_t inner_length;
    bool done = true;

    for (size_t i = 0; i <= round; i++)
        done = done && buffer_append(&bytes, slice_of(&letter, 1));
    done = done && buffer_append(&bytes, from->secret) && buffer_append(&bytes, from->seed);
    inner_length = tls_crypto_digest(crypto, "SHA1", buffer_slice(&bytes), inner);
    tls_crypto_wipe(bytes.data, bytes.length);
    bytes.length = 0;
    done = done && buffer_append(&bytes, from->secret) &&
           buffer_append(&bytes, slice_of(inner, inner_length)) &&
           tls_crypto_digest(crypto, "MD5", buffer_slice(&bytes), out) > 0;
    tls_crypto_wipe(bytes.data, bytes.length);
    buffer_wipe(&bytes);
    return done;
}

static bool ssl3_derive(struct tls_crypto *crypto, const struct tls_derivation *from, uint8_t *out,
                        size_t length)
{
    uint8_t block[TLS_HASH_MAX];

    for (size_t round = 0; round < ROUNDS_MAX && round * MD5_LENGTH < length; round++) {
        if (!ssl3_round(crypto, from, round, block))
            return false;
        for (size_t i = 0; i < MD5_LENGTH && round * MD5_LENGTH + i < length; i++)
            out[round * MD5_LENGTH + i] = block[i];
    }
    tls_crypto_wipe(block, sizeof block);
    return length <= (size_t)ROUNDS_MAX * MD5_LENGTH;
}

/* ---- up to TLS 1.2 ---- */

static bool derive(struct tls_crypto *crypto, const struct tls_agreement *agreement,
                   struct tls_derivation from, uint8_t *out, size_t length)
{
    from.hash = prf_hash(agreement);
    return agreement->version == TLS_SSL_3_0 ? ssl3_derive(crypto, &from, out, length)
                                             : tls_crypto_prf(&from, out, length);
}

static void write_randoms(const uint8_t *first, const uint8_t *second,
                          uint8_t out[2 * TLS_RANDOM_LENGTH])
{
    for (size_t i = 0; i < TLS_RANDOM_LENGTH; i++) {
        out[i] = first[i];
        out[TLS_RANDOM_LENGTH + i] = second[i];
    }
}

bool tls_derive_master(struct tls_crypto *crypto, const struct tls_agreement *agreement,
                       struct slice premaster, struct slice messages,
                       uint8_t master[TLS_MASTER_LENGTH])
{
    uint8_t randoms[2 * TLS_RANDOM_LENGTH];
    uint8_t session[TLS_HASH_MAX];
    struct tls_derivation from = { .secret = premaster, .label = "master secret" };

    write_randoms(agreement->client_random, agreement->server_random, randoms);
    from.seed = slice_of(randoms, sizeof randoms);
    if (agreement->extended_master_secret) {
        from.label = "extended master secret";
        from.seed =
            slice_of(session, tls_crypto_digest(crypto, prf_hash(agreement), messages, session));
    }
    return derive(crypto, agreement, from, master, TLS_MASTER_LENGTH);
}

static void take(struct cursor *in, uint8_t *out, size_t length)
{
    struct slice bytes = cursor_bytes(in, length);

    for (size_t i = 0; i < bytes.length; i++)
        out[i] = bytes.data[i];
}

static size_t iv_in_block(const struct tls_suite *suite)
{
    return suite->export_length ? 0 : suite->iv_length;
}

/* RFC 2246 6.3.1: the short key is stretched, and IVs come from the randoms alone. */
static bool stretch(struct tls_crypto *crypto, const struct tls_agreement *agreement,
                    struct tls_keys keys[2])
{
    static const char *const labels[2] = { "client write key", "server write key" };
    const struct tls_suite *suite = &agreement->suite;
    uint8_t randoms[2 * TLS_RANDOM_LENGTH];
    uint8_t ivs[2 * TLS_IV_MAX];
    uint8_t key[TLS_KEY_MAX];
    struct tls_derivation from = { .label = "IV block", .secret = slice_of(randoms, 0) };

    write_randoms(agreement->client_random, agreement->server_random, randoms);
    from.seed = slice_of(randoms, sizeof randoms);
    if (suite->iv_length > 0 && !derive(crypto, agreement, from, ivs, 2 * suite->iv_length))
        return false;
    for (size_t i = 0; i < 2; i++) {
        from.label = labels[i];
        from.secret = slice_of(keys[i].key, suite->export_length);
        if (!derive(crypto, agreement, from, key, suite->key_length))
            return false;
        for (size_t j = 0; j < suite->key_length; j++)
            keys[i].key[j] = key[j];
        for (size_t j = 0; j < suite->iv_length; j++)
            keys[i].iv[j] = ivs[i * suite->iv_length + j];
    }
    tls_crypto_wipe(key, sizeof key);
    return agreement->version > TLS_SSL_3_0; /* SSL 3.0 did it in another way */
}

bool tls_derive_keys(struct tls_crypto *crypto, const struct tls_agreement *agreement,
                     struct slice master, struct tls_keys keys[2])
{
    const struct tls_suite *suite = &agreement->suite;
    size_t length = 2 * (suite->mac_length + tls_suite_agreed_key(suite) + iv_in_block(suite));
    uint8_t randoms[2 * TLS_RANDOM_LENGTH];
    uint8_t block[KEY_BLOCK_MAX] = { 0 };
    struct tls_derivation from = { .secret = master, .label = "key expansion" };
    struct reading reading;
    struct cursor in = cursor_over_message(slice_of(block, length), &reading);

    write_randoms(agreement->server_random, agreement->client_random, randoms);
    from.seed = slice_of(randoms, sizeof randoms);
    if (length > 0 && !derive(crypto, agreement, from, block, length))
        return false;
    for (size_t i = 0; i < 2; i++)
        keys[i] = (struct tls_keys){ .suite = *suite,
                                     .version = agreement->version,
                                     .encrypt_then_mac = agreement->encrypt_then_mac };
    for (size_t i = 0; i < 2; i++)
        take(&in, keys[i].mac, suite->mac_length);
    for (size_t i = 0; i < 2; i++)
        take(&in, keys[i].key, tls_suite_agreed_key(suite));
    for (size_t i = 0; i < 2; i++)
        take(&in, keys[i].iv, iv_in_block(suite));
    tls_crypto_wipe(block, sizeof block);
    return reading.state == READ_OK && (!suite->export_length || stretch(crypto, agreement, keys));
}

/* ---- TLS 1.3 ---- */

bool tls_derive_traffic_keys(const struct tls_suite *suite, struct slice secret,
                             struct tls_keys *keys)
{
    struct tls_hmac hmac;
    bool done;

    *keys = (struct tls_keys){ .suite = *suite, .version = TLS_1_3 };
    if (!tls_hmac_begin(&hmac, suite->prf, secret))
        return false;
    done = tls_crypto_expand_label(&hmac, "key", keys->key, suite->key_length) &&
           tls_crypto_expand_label(&hmac, "iv", keys->iv, IV_1_3);
    tls_hmac_wipe(&hmac);
    return done;
}

bool tls_update_secret(const struct tls_suite *suite, uint8_t *secret, size_t length)
{
    struct tls_hmac hmac;
    bool done;

    if (!tls_hmac_begin(&hmac, suite->prf, slice_of(secret, length)))
        return false;
    done = tls_crypto_expand_label(&hmac, "traffic upd", secret, length);
    tls_hmac_wipe(&hmac);
    return done;
}
