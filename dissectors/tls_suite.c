/* tls_suite.c: a cipher suite's properties, read from its registered name
 *
 * "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" is key exchange, cipher and hash: the
 * name says all, so there is one table of suites, that of their names.
 * RFC 5246 A.5, C; RFC 5288, 6655, 7905, 6209; RFC 8446 B.4.
 */
#include "dissectors/tls_suite.h"

#include "lyncscope/event.h"

struct cipher {
    const char *name; /* in the suite's name */
    struct tls_suite suite;
};

#define GCM(key) .mode = TLS_MODE_GCM, .key_length = (key), .iv_length = 4, .tag_length = 16
#define CCM(key, tag) .mode = TLS_MODE_CCM, .key_length = (key), .iv_length = 4, .tag_length = (tag)
#define CBC(key, block) .mode = TLS_MODE_CBC, .key_length = (key), .iv_length = (block)

/* A name that begins with another comes first. */
static const struct cipher ciphers[] = {
    { "AES_128_CBC", { .cipher = "AES-128-CBC", CBC(16, 16) } },
    { "AES_256_CBC", { .cipher = "AES-256-CBC", CBC(32, 16) } },
    { "AES_128_GCM", { .cipher = "AES-128-GCM", GCM(16) } },
    { "AES_256_GCM", { .cipher = "AES-256-GCM", GCM(32) } },
    { "AES_128_CCM_8", { .cipher = "AES-128-CCM", CCM(16, 8) } },
    { "AES_256_CCM_8", { .cipher = "AES-256-CCM", CCM(32, 8) } },
    { "AES_128_CCM", { .cipher = "AES-128-CCM", CCM(16, 16) } },
    { "AES_256_CCM", { .cipher = "AES-256-CCM", CCM(32, 16) } },
    { "CHACHA20_POLY1305",
      { .cipher = "ChaCha20-Poly1305",
        .mode = TLS_MODE_CHACHA,
        .key_length = 32,
        .iv_length = 12,
        .tag_length = 16 } },
    { "3DES_EDE_CBC", { .cipher = "DES-EDE3-CBC", CBC(24, 8) } },
    { "DES40_CBC", { .cipher = "DES-CBC", CBC(8, 8), .export_length = 5 } },
    { "DES_CBC", { .cipher = "DES-CBC", CBC(8, 8) } },
    { "IDEA_CBC", { .cipher = "IDEA-CBC", CBC(16, 8) } },
    { "SEED_CBC", { .cipher = "SEED-CBC", CBC(16, 16) } },
    { "RC2_CBC_40", { .cipher = "RC2-CBC", CBC(16, 8), .export_length = 5 } },
    { "RC4_40",
      { .cipher = "RC4", .mode = TLS_MODE_STREAM, .key_length = 16, .export_length = 5 } },
    { "RC4_128", { .cipher = "RC4", .mode = TLS_MODE_STREAM, .key_length = 16 } },
    { "CAMELLIA_128_CBC", { .cipher = "CAMELLIA-128-CBC", CBC(16, 16) } },
    { "CAMELLIA_256_CBC", { .cipher = "CAMELLIA-256-CBC", CBC(32, 16) } },
    { "ARIA_128_CBC", { .cipher = "ARIA-128-CBC", CBC(16, 16) } },
    { "ARIA_256_CBC", { .cipher = "ARIA-256-CBC", CBC(32, 16) } },
    { "ARIA_128_GCM", { .cipher = "ARIA-128-GCM", GCM(16) } },
    { "ARIA_256_GCM", { .cipher = "ARIA-256-GCM", GCM(32) } },
    { "NULL", { .mode = TLS_MODE_NULL } },
};

struct hash {
    const char *name; /* in the suite's name */
    const char *digest;
    size_t length;
};

static const struct hash hashes[] = {
    { "SHA256", "SHA256", 32 },
    { "SHA384", "SHA384", 48 },
    { "SHA", "SHA1", 20 },
    { "MD5", "MD5", 16 },
};

static const struct cipher *find_cipher(struct slice words)
{
    for (size_t i = 0; i < sizeof ciphers / sizeof *ciphers; i++)
        if (slice_starts_with(words, ciphers[i].name))
            return &ciphers[i];
    return NULL;
}

/* NULL: the name ends without one, as those of CCM do. */
static const struct hash *find_hash(struct slice words)
{
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++)
        if (slice_ends_with_nocase(words, hashes[i].name))
            return &hashes[i];
    return NULL;
}

static enum tls_exchange read_exchange(struct slice words)
{
    if (slice_starts_with(words, "DHE_") || slice_starts_with(words, "ECDHE_") ||
        slice_starts_with(words, "DH_anon") || slice_starts_with(words, "ECDH_anon"))
        return TLS_EXCHANGE_EPHEMERAL;
    return slice_is_text(words, "RSA") || slice_is_text(words, "RSA_EXPORT") ? TLS_EXCHANGE_RSA
                                                                             : TLS_EXCHANGE_OTHER;
}

bool tls_suite_find(uint16_t number, struct tls_suite *suite)
{
    struct slice name = slice_of_text(tls_cipher_name(number));
    size_t with = slice_find_text_nocase(name, "_WITH_");
    bool is_1_3 = with == name.length;
    struct slice words = slice_after(name, is_1_3 ? sizeof "TLS_" - 1 : with + sizeof "_WITH_" - 1);
    const struct cipher *cipher = find_cipher(words);
    const struct hash *hash = find_hash(words);

    if (!cipher)
        return false;
    *suite = cipher->suite;
    suite->exchange = is_1_3 ? TLS_EXCHANGE_1_3 : read_exchange(slice_part(name, 4, with - 4));
    suite->prf = hash && hash->length == 48 ? "SHA384" : "SHA256";
    if (!tls_suite_is_aead(suite)) {
        suite->mac = hash ? hash->digest : NULL;
        suite->mac_length = hash ? hash->length : 0;
    }
    return tls_suite_is_aead(suite) || hash;
}
