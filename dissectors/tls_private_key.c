/* tls_private_key.c: servers' RSA private keys, by the hash of their public half
 *
 * Reads PEM (PKCS#1, PKCS#8, encrypted or not), DER and PKCS#12.  Nothing is
 * ever asked on the terminal.  Old files are encrypted with what OpenSSL 3
 * keeps in its legacy provider (RC2, single DES): keys have a library context
 * of their own, where that provider is loaded once a file needs it.
 * Follows RFC 5208, RFC 7292, and RFC 8017 7.2.2 for what a premaster is wrapped in.
 */
#include "dissectors/tls_private_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "dissectors/tls_key_file.h"

enum {
    SHA256_BYTES = 32,
    PREMASTER_BYTES = 48,
    PADDING_BYTES_MIN = 8,
    MODULUS_BYTES_MAX = 2048,
    PASSWORD_BYTES_MAX = 1024,
    ROUNDS_MAX = 20000000, /* of hashing a password: beyond any program's choice */
};

struct tls_private_key {
    struct tls_private_key *next;
    const struct tls_private_keys *owner;
    EVP_PKEY *key;
    uint8_t sha256[SHA256_BYTES]; /* of the SubjectPublicKeyInfo */
    size_t source, used;
};

struct tls_private_keys {
    OSSL_LIB_CTX *library; /* NULL until the first key */
    OSSL_PROVIDER *standard, *legacy;
    struct tls_private_key *first;
};

/* One try to read a file. */
struct attempt {
    struct tls_private_keys *keys;
    const struct private_key_file *file;
    char password[PASSWORD_BYTES_MAX];
    size_t kept; /* keys of use */
    struct key_findings findings;
};

struct tls_private_keys *tls_private_keys_create(void)
{
    return memory_take(NULL, sizeof(struct tls_private_keys));
}

void tls_private_keys_free(struct tls_private_keys *keys)
{
    struct tls_private_key *key = keys ? keys->first : NULL;

    if (!keys)
        return;
    while (key) {
        struct tls_private_key *next = key->next;

        EVP_PKEY_free(key->key);
        memory_give(NULL, key, sizeof *key);
        key = next;
    }
    OSSL_PROVIDER_unload(keys->legacy);
    OSSL_PROVIDER_unload(keys->standard);
    OSSL_LIB_CTX_free(keys->library);
    memory_give(NULL, keys, sizeof *keys);
}

static bool start_library(struct tls_private_keys *keys)
{
    if (!keys->library)
        keys->library = OSSL_LIB_CTX_new();
    if (keys->library && !keys->standard)
        keys->standard = OSSL_PROVIDER_load(keys->library, "default");
    return keys->standard;
}

/* ---- keeping ---- */

static bool hash_public_half(EVP_PKEY *key, uint8_t sha256[SHA256_BYTES])
{
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(key, &der);
    bool done =
        length > 0 && EVP_Digest(der, (size_t)length, sha256, NULL, EVP_sha256(), NULL) == 1;

    OPENSSL_free(der);
    return done;
}

static bool has_private_half(EVP_PKEY *key)
{
    BIGNUM *exponent = NULL;
    bool has = EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_D, &exponent) == 1;

    BN_clear_free(exponent);
    return has;
}

/* Owns the key from here on. */
static void keep_key(struct attempt *attempt, EVP_PKEY *key)
{
    struct tls_private_keys *keys = attempt->keys;
    struct tls_private_key *kept;

    if (!EVP_PKEY_is_a(key, "RSA")) {
        attempt->findings.other_type = EVP_PKEY_get0_type_name(key);
        EVP_PKEY_free(key);
        return;
    }
    kept = has_private_half(key) && EVP_PKEY_get_size(key) <= MODULUS_BYTES_MAX
               ? memory_take(NULL, sizeof *kept)
               : NULL;
    if (!kept || !hash_public_half(key, kept->sha256)) {
        EVP_PKEY_free(key);
        memory_give(NULL, kept, sizeof *kept);
        return;
    }
    kept->key = key;
    kept->owner = keys;
    kept->source = attempt->file->source;
    kept->next = keys->first;
    keys->first = kept;
    attempt->kept++;
}

/* ---- reading ---- */

/* Instead of the library's own, which asks on the terminal. */
static int give_password(char *out, int size, int writing, void *context)
{
    struct attempt *attempt = context;
    struct slice password = attempt->file->password;

    (void)writing;
    attempt->findings.encrypted = true;
    if (!attempt->file->password_path || size < 0 || password.length > (size_t)size)
        return -1;
    for (size_t i = 0; i < password.length; i++)
        out[i] = (char)password.data[i];
    return (int)password.length;
}

static BIO *open_bytes(struct slice bytes)
{
    return bytes.length > 0 && bytes.length <= INT32_MAX
               ? BIO_new_mem_buf(bytes.data, (int)bytes.length)
               : NULL;
}

/* Each section is shown to the library on its own: it stops at the first it dislikes. */
static void read_pem(struct attempt *attempt)
{
    struct slice rest = attempt->file->bytes;

    for (size_t at = slice_find_text_nocase(rest, "-----BEGIN "); at < rest.length;
         at = slice_find_text_nocase(rest, "-----BEGIN ")) {
        struct slice section = slice_after(rest, at);
        size_t length = 1 + slice_find_text_nocase(slice_after(section, 1), "-----BEGIN ");
        BIO *bio = open_bytes(slice_part(section, 0, length));
        EVP_PKEY *key = PEM_read_bio_PrivateKey_ex(bio, NULL, give_password, attempt,
                                                   attempt->keys->library, NULL);

        BIO_free(bio);
        if (key)
            keep_key(attempt, key);
        rest = slice_after(section, length);
    }
}

static void read_encrypted_der(struct attempt *attempt, X509_SIG *wrapped)
{
    struct tls_private_keys *keys = attempt->keys;
    int length = give_password(attempt->password, PASSWORD_BYTES_MAX, 0, attempt);
    PKCS8_PRIV_KEY_INFO *info =
        length < 0 ? NULL
                   : PKCS8_decrypt_ex(wrapped, attempt->password, length, keys->library, NULL);
    EVP_PKEY *key = info ? EVP_PKCS82PKEY_ex(info, keys->library, NULL) : NULL;

    if (key)
        keep_key(attempt, key);
    PKCS8_PRIV_KEY_INFO_free(info);
}

static bool has_sane_mac(const PKCS12 *store)
{
    const ASN1_INTEGER *rounds = NULL;

    PKCS12_get0_mac(NULL, NULL, NULL, &rounds, store);
    return !rounds || (ASN1_INTEGER_get(rounds) > 0 && ASN1_INTEGER_get(rounds) <= ROUNDS_MAX);
}

static bool parse_pkcs12(PKCS12 *store, const char *password, EVP_PKEY **key, X509 **certificate)
{
    return PKCS12_parse(store, password, key, certificate, NULL) == 1;
}

static bool is_wrong_password(void)
{
    return ERR_GET_REASON(ERR_peek_last_error()) == PKCS12_R_MAC_VERIFY_FAILURE;
}

static void read_pkcs12(struct attempt *attempt, PKCS12 *store)
{
    bool given = attempt->file->password_path;
    X509 *certificate = NULL;
    EVP_PKEY *key = NULL;
    int length = given ? give_password(attempt->password, PASSWORD_BYTES_MAX - 1, 0, attempt) : 0;

    attempt->findings.encrypted = true;
    if (length < 0 || !has_sane_mac(store))
        return;
    attempt->password[length] = 0;
    if (parse_pkcs12(store, given ? attempt->password : NULL, &key, &certificate) ||
        (given && is_wrong_password() && parse_pkcs12(store, NULL, &key, &certificate)))
        attempt->findings.certificate = !key; /* of several files some need no password */
    else
        attempt->findings.mismatched = is_wrong_password();
    X509_free(certificate);
    if (key)
        keep_key(attempt, key);
}

static PKCS12 *open_pkcs12(const struct attempt *attempt)
{
    PKCS12 *store = PKCS12_init_ex(NID_pkcs7_data, attempt->keys->library, NULL);
    BIO *bio = open_bytes(attempt->file->bytes);

    bool read = store && bio && d2i_PKCS12_bio(bio, &store);

    BIO_free(bio);
    if (read)
        return store;
    PKCS12_free(store); /* what fails late has freed it and left NULL */
    return NULL;
}

static void read_der(struct attempt *attempt)
{
    struct slice bytes = attempt->file->bytes;
    const unsigned char *at = bytes.data;
    X509_SIG *wrapped = d2i_X509_SIG(NULL, &at, (long)bytes.length);
    PKCS12 *store = wrapped ? NULL : open_pkcs12(attempt);
    EVP_PKEY *key = NULL;

    at = bytes.data;
    if (wrapped)
        read_encrypted_der(attempt, wrapped);
    else if (store)
        read_pkcs12(attempt, store);
    else
        key = d2i_AutoPrivateKey_ex(NULL, &at, (long)bytes.length, attempt->keys->library, NULL);
    if (key)
        keep_key(attempt, key);
    X509_SIG_free(wrapped);
    PKCS12_free(store);
}

static bool is_der(struct slice bytes)
{
    return slice_starts_with(bytes, "\x30");
}

static void read_any(struct attempt *attempt)
{
    ERR_clear_error();
    if (is_der(attempt->file->bytes))
        read_der(attempt);
    else
        read_pem(attempt);
    memory_wipe(attempt->password, sizeof attempt->password);
}

static bool is_certificate(struct slice bytes)
{
    const unsigned char *at = bytes.data;
    X509 *certificate = is_der(bytes) ? d2i_X509(NULL, &at, (long)bytes.length) : NULL;

    X509_free(certificate);
    return certificate;
}

/* ---- adding, finding ---- */

static bool may_need_legacy(struct attempt *attempt)
{
    struct tls_private_keys *keys = attempt->keys;
    const struct key_findings *findings = &attempt->findings;

    if (!findings->encrypted || findings->mismatched || findings->certificate ||
        findings->other_type)
        return false;
    if (!keys->legacy)
        keys->legacy = OSSL_PROVIDER_load(keys->library, "legacy");
    return keys->legacy;
}

enum status tls_private_keys_add(struct tls_private_keys *keys, const struct private_key_file *file,
                                 struct complaint *complaint)
{
    struct attempt attempt = { .keys = keys, .file = file };
    enum status status = STATUS_OK;

    if (!start_library(keys))
        return complain(complaint, "%.400s: OpenSSL cannot be started: %s", file->path,
                        ERR_reason_error_string(ERR_get_error()));
    read_any(&attempt);
    if (attempt.kept == 0 && may_need_legacy(&attempt))
        read_any(&attempt);
    if (attempt.kept == 0) {
        attempt.findings.certificate |= is_certificate(file->bytes);
        attempt.findings.lacks_legacy = !keys->legacy;
        status = key_file_refuse(file, &attempt.findings, complaint);
    }
    ERR_clear_error();
    return status;
}

struct tls_private_key *tls_private_keys_find(const struct tls_private_keys *keys,
                                              struct slice key_sha256)
{
    for (struct tls_private_key *key = keys->first; key; key = key->next)
        if (slice_equals(slice_of(key->sha256, SHA256_BYTES), key_sha256))
            return key;
    return NULL;
}

size_t tls_private_keys_count(const struct tls_private_keys *keys, size_t source)
{
    size_t count = 0;

    for (const struct tls_private_key *key = keys->first; key; key = key->next)
        count += key->source == source;
    return count;
}

size_t tls_private_keys_used(const struct tls_private_keys *keys, size_t source)
{
    size_t used = 0;

    for (const struct tls_private_key *key = keys->first; key; key = key->next)
        used += key->source == source ? key->used : 0;
    return used;
}

/* ---- opening ---- */

/* 00 02, padding without a zero, 00, 48 bytes.  Done here, because newer versions of the library
 * make bytes up where the padding is wrong. */
static bool unwrap(struct slice block, uint8_t premaster[PREMASTER_BYTES])
{
    size_t end;

    if (block.length < 2 + PADDING_BYTES_MIN + 1 + PREMASTER_BYTES)
        return false;
    end = block.length - PREMASTER_BYTES - 1;
    if (block.data[0] != 0 || block.data[1] != 2 || block.data[end] != 0 ||
        slice_find_byte(slice_part(block, 2, end - 2), 0) < end - 2)
        return false;
    for (size_t i = 0; i < PREMASTER_BYTES; i++)
        premaster[i] = block.data[end + 1 + i];
    return true;
}

static bool decrypt(const struct tls_private_key *key, struct slice encrypted, uint8_t *block,
                    size_t *length)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(key->owner->library, key->key, NULL);
    bool done = context && EVP_PKEY_decrypt_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_NO_PADDING) == 1 &&
                EVP_PKEY_decrypt(context, block, length, encrypted.data, encrypted.length) == 1;

    EVP_PKEY_CTX_free(context);
    ERR_clear_error();
    return done;
}

void tls_private_key_spare(struct tls_private_key *key)
{
    if (key)
        key->used++;
}

bool tls_private_key_open(struct tls_private_key *key, struct slice encrypted,
                          uint8_t premaster[48])
{
    uint8_t block[MODULUS_BYTES_MAX];
    size_t length = sizeof block;
    bool opened = encrypted.length > 0 && encrypted.length <= (size_t)EVP_PKEY_get_size(key->key) &&
                  decrypt(key, encrypted, block, &length) &&
                  unwrap(slice_of(block, length), premaster);

    memory_wipe(block, sizeof block);
    key->used += opened;
    return opened;
}
