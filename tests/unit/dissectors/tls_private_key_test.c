/* tls_private_key_test.c: what is found by its public half, and what it opens
 *
 * Forms of files are tried with the openssl program in tests/keys; here are
 * keys made by the library.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "dissectors/tls_private_key.h"
#include "tests/support/exact.h"

enum { MODULUS_BYTES = 128 };

struct fixture {
    EVP_PKEY *key, *other;
    uint8_t sha256[32];
    struct tls_private_keys *keys;
    struct complaint complaint;
};

static void hash(EVP_PKEY *key, uint8_t sha256[32])
{
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(key, &der);

    assert_true(length > 0);
    SHA256(der, (size_t)length, sha256);
    OPENSSL_free(der);
}

static int set_up(void **state)
{
    static struct fixture f;

    f.key = EVP_RSA_gen(8 * MODULUS_BYTES);
    f.other = EVP_RSA_gen(8 * MODULUS_BYTES);
    f.keys = tls_private_keys_create();
    assert_true(f.key && f.other && f.keys);
    hash(f.key, f.sha256);
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    tls_private_keys_free(f->keys);
    EVP_PKEY_free(f->key);
    EVP_PKEY_free(f->other);
    return 0;
}

/* ---- files ---- */

struct written {
    BIO *bio;
    struct slice bytes;
};

static struct written finish(BIO *bio)
{
    char *data = NULL;
    long length = BIO_get_mem_data(bio, &data);

    return (struct written){ bio, exact_slice(slice_of(data, (size_t)length)) };
}

static struct written write_pem(EVP_PKEY *key, const char *password)
{
    BIO *bio = BIO_new(BIO_s_mem());

    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, key, password ? EVP_aes_128_cbc() : NULL,
                                                   password, password ? (int)strlen(password) : 0,
                                                   NULL, NULL),
                     1);
    return finish(bio);
}

static void release(struct written *written)
{
    exact_free(written->bytes);
    BIO_free(written->bio);
}

static enum status add(struct fixture *f, struct slice bytes, const char *password, size_t source)
{
    struct private_key_file file = { .path = "key",
                                     .password_path = password ? "password" : NULL,
                                     .bytes = bytes,
                                     .password = slice_of_text(password),
                                     .source = source };

    return tls_private_keys_add(f->keys, &file, &f->complaint);
}

static struct tls_private_key *add_key(struct fixture *f)
{
    struct written pem = write_pem(f->key, NULL);

    assert_int_equal(add(f, pem.bytes, NULL, 7), STATUS_OK);
    release(&pem);
    return tls_private_keys_find(f->keys, slice_of(f->sha256, 32));
}

static void test_found_by_its_public_half(void **state)
{
    struct fixture *f = *state;
    uint8_t sha256[32];

    assert_null(tls_private_keys_find(f->keys, slice_of(f->sha256, 32)));
    assert_non_null(add_key(f));
    hash(f->other, sha256);
    assert_null(tls_private_keys_find(f->keys, slice_of(sha256, 32)));
    assert_int_equal(tls_private_keys_count(f->keys, 7), 1);
    assert_int_equal(tls_private_keys_count(f->keys, 0), 0);
}

static void test_several_in_one_file(void **state)
{
    struct fixture *f = *state;
    EVP_PKEY *ec = EVP_EC_gen("P-256");
    BIO *bio = BIO_new(BIO_s_mem());
    struct written pem;
    uint8_t sha256[32];

    PEM_write_bio_PrivateKey(bio, ec, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_PUBKEY(bio, f->key);
    PEM_write_bio_PrivateKey_traditional(bio, f->key, NULL, NULL, 0, NULL, NULL);
    PEM_write_bio_PrivateKey(bio, f->other, NULL, NULL, 0, NULL, NULL);
    pem = finish(bio);
    assert_int_equal(add(f, pem.bytes, NULL, 1), STATUS_OK);
    assert_int_equal(tls_private_keys_count(f->keys, 1), 2);
    hash(f->other, sha256);
    assert_non_null(tls_private_keys_find(f->keys, slice_of(sha256, 32)));
    release(&pem);
    EVP_PKEY_free(ec);
}

static void test_passwords(void **state)
{
    struct fixture *f = *state;
    struct written pem = write_pem(f->key, "open sesame");

    assert_int_equal(add(f, pem.bytes, NULL, 0), STATUS_REFUSED);
    assert_non_null(strstr(f->complaint.line, "--password-file"));
    assert_int_equal(add(f, pem.bytes, "wrong", 0), STATUS_REFUSED);
    assert_non_null(strstr(f->complaint.line, "does not open it"));
    assert_int_equal(add(f, pem.bytes, "", 0), STATUS_REFUSED);
    assert_int_equal(add(f, pem.bytes, "open sesame", 0), STATUS_OK);
    release(&pem);
}

static void test_a_password_longer_than_any(void **state)
{
    struct fixture *f = *state;
    struct written pem = write_pem(f->key, "open sesame");
    char password[4096];

    memset(password, 'x', sizeof password - 1);
    password[sizeof password - 1] = 0;
    assert_int_equal(add(f, pem.bytes, password, 0), STATUS_REFUSED);
    release(&pem);
}

/* Every prefix, and every byte changed: refused or read, never more. */
static void test_damaged_der(void **state)
{
    struct fixture *f = *state;
    unsigned char *der = NULL;
    int length = i2d_PrivateKey(f->key, &der);

    assert_true(length > 0);
    for (size_t i = 0; i < (size_t)length; i += i < 64 ? 1 : 37) {
        struct slice cut = exact_slice(slice_of(der, i));
        struct slice changed = exact_slice(slice_of(der, (size_t)length));

        assert_int_equal(add(f, cut, NULL, 0), STATUS_REFUSED);
        *(uint8_t *)(uintptr_t)&changed.data[i] ^= 0x55;
        (void)add(f, changed, "password", 0);
        exact_free(cut);
        exact_free(changed);
    }
    OPENSSL_free(der);
}

/* ---- opening ---- */

/* What a client sends: PKCS#1 of `premaster` by the library. */
static size_t encrypt(EVP_PKEY *key, struct slice premaster, int padding,
                      uint8_t out[MODULUS_BYTES])
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    size_t length = MODULUS_BYTES;

    assert_int_equal(EVP_PKEY_encrypt_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, padding), 1);
    assert_int_equal(EVP_PKEY_encrypt(context, out, &length, premaster.data, premaster.length), 1);
    EVP_PKEY_CTX_free(context);
    return length;
}

static bool opens(struct tls_private_key *key, struct slice encrypted, uint8_t premaster[48])
{
    struct slice exact = exact_slice(encrypted);
    bool opened = tls_private_key_open(key, exact, premaster);

    exact_free(exact);
    return opened;
}

static void test_opens_a_premaster(void **state)
{
    struct fixture *f = *state;
    struct tls_private_key *key = add_key(f);
    uint8_t sent[48], got[48] = { 0 }, encrypted[MODULUS_BYTES];

    for (size_t i = 0; i < sizeof sent; i++)
        sent[i] = (uint8_t)(i * 5); /* the first is 0 */
    encrypt(f->key, slice_of(sent, sizeof sent), RSA_PKCS1_PADDING, encrypted);
    assert_true(opens(key, slice_of(encrypted, sizeof encrypted), got));
    assert_memory_equal(got, sent, sizeof sent);
    assert_int_equal(tls_private_keys_used(f->keys, 7), 1);
    encrypt(f->other, slice_of(sent, sizeof sent), RSA_PKCS1_PADDING, encrypted);
    assert_false(opens(key, slice_of(encrypted, sizeof encrypted), got));
    assert_int_equal(tls_private_keys_used(f->keys, 7), 1);
}

static void test_opens_nothing_of_another_length(void **state)
{
    struct fixture *f = *state;
    struct tls_private_key *key = add_key(f);
    uint8_t sent[64] = { 1 }, got[48], encrypted[MODULUS_BYTES + 1] = { 0 };

    for (size_t length = 1; length <= sizeof sent; length++) {
        encrypt(f->key, slice_of(sent, length), RSA_PKCS1_PADDING, encrypted);
        assert_int_equal(opens(key, slice_of(encrypted, MODULUS_BYTES), got), length == 48);
    }
    for (size_t length = 0; length <= sizeof encrypted; length++)
        if (length != MODULUS_BYTES)
            assert_false(opens(key, slice_of(encrypted, length), got));
    memset(encrypted, 0xff, sizeof encrypted); /* larger than any modulus */
    assert_false(opens(key, slice_of(encrypted, MODULUS_BYTES), got));
}

/* Blocks that the library does not make. */
static void test_refuses_wrong_padding(void **state)
{
    static const struct {
        size_t at;
        uint8_t byte;
    } rows[] = { { 0, 1 }, { 1, 1 }, { 1, 0 }, { 2, 0 }, { 9, 0 }, { 78, 0 }, { 79, 1 } };
    struct fixture *f = *state;
    struct tls_private_key *key = add_key(f);
    uint8_t block[MODULUS_BYTES], got[48], encrypted[MODULUS_BYTES];

    for (size_t i = 0; i <= sizeof rows / sizeof *rows; i++) {
        memset(block, 0x77, sizeof block);
        block[0] = 0;
        block[1] = 2;
        block[MODULUS_BYTES - 49] = 0;
        if (i < sizeof rows / sizeof *rows)
            block[rows[i].at] = rows[i].byte;
        encrypt(f->key, slice_of(block, sizeof block), RSA_NO_PADDING, encrypted);
        assert_int_equal(opens(key, slice_of(encrypted, sizeof encrypted), got),
                         i == sizeof rows / sizeof *rows);
    }
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_found_by_its_public_half),
        CASE(test_several_in_one_file),
        CASE(test_passwords),
        CASE(test_a_password_longer_than_any),
        CASE(test_damaged_der),
        CASE(test_opens_a_premaster),
        CASE(test_opens_nothing_of_another_length),
        CASE(test_refuses_wrong_padding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
