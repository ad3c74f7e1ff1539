/* tls_schedule_test.c: the published vectors of the key schedules, and some made by other means */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "dissectors/tls_schedule.h"

enum { BYTES_MAX = 160, MASTER = TLS_MASTER_LENGTH };

static struct tls_crypto *crypto;

static int set_up(void **state)
{
    (void)state;
    crypto = tls_crypto_create();
    return crypto ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    tls_crypto_free(crypto);
    return 0;
}

static struct slice unhex(const char *text, uint8_t bytes[BYTES_MAX])
{
    size_t length = strlen(text) / 2;
    unsigned byte;

    assert_true(length <= BYTES_MAX);
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(sscanf(text + 2 * i, "%2x", &byte), 1);
        bytes[i] = (uint8_t)byte;
    }
    return slice_of(bytes, length);
}

static void expect_bytes(const char *what, const uint8_t *found, const char *expected)
{
    uint8_t bytes[BYTES_MAX];
    struct slice right = unhex(expected, bytes);

    if (memcmp(found, right.data, right.length) != 0)
        fail_msg("%s is not %s", what, expected);
}

/* ---- the PRF ---- */

static void prf_gives(const char *hash, const char *secret, const char *seed, const char *expected)
{
    uint8_t secret_bytes[BYTES_MAX], seed_bytes[BYTES_MAX], out[BYTES_MAX];
    struct tls_derivation from = { .hash = hash,
                                   .secret = unhex(secret, secret_bytes),
                                   .label = "test label",
                                   .seed = unhex(seed, seed_bytes) };

    for (int i = 0; i < 2; i++) { /* the second time must not remember the first */
        assert_true(tls_crypto_prf(&from, out, strlen(expected) / 2));
        expect_bytes(hash, out, expected);
    }
}

/* Those that went round when TLS 1.2 was made (mail to the IETF's TLS list, 2008). */
static void prf_of_tls_1_2(void **state)
{
    (void)state;
    prf_gives("SHA256", "9bbe436ba940f017b17652849a71db35", "a0ba9f936cda311827a6f796ffd5198c",
              "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a4"
              "6b4e14baf9af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d1"
              "22ee42c5a72e5a5110fff70187347b66");
    prf_gives("SHA384", "b80b733d6ceefcdc71566ea48e5567df", "cd665cf6a8447dd6ff8b27555edb7465",
              "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82"
              "b1233c9146a0e534cb400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473"
              "ebc2c5fd4abfdad05d9184259b5bf8cd4d90fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9"
              "aee691c8f3a26854308d5eaa3be85e0990703d73e56f");
}

/* ---- up to TLS 1.2; the expectations were computed with another program's HMAC ---- */

static struct tls_agreement make_agreement(uint16_t version, uint16_t cipher)
{
    struct tls_agreement agreement = { .version = version };

    assert_true(tls_suite_find(cipher, &agreement.suite));
    memset(agreement.client_random, 0x11, TLS_RANDOM_LENGTH);
    memset(agreement.server_random, 0x22, TLS_RANDOM_LENGTH);
    return agreement;
}

static void master_is(struct tls_agreement agreement, bool extended, const char *expected)
{
    static const char messages[] = "handshake messages";
    uint8_t premaster[MASTER] = { 3, 3 };
    uint8_t master[MASTER];

    for (uint8_t i = 2; i < MASTER; i++)
        premaster[i] = (uint8_t)(i - 2);
    agreement.extended_master_secret = extended;
    assert_true(tls_derive_master(crypto, &agreement, slice_of(premaster, sizeof premaster),
                                  slice_of_text(messages), master));
    expect_bytes("the master secret", master, expected);
}

static void master_secrets(void **state)
{
    (void)state;
    master_is(make_agreement(TLS_1_2, 0x003c), false,
              "674f57692819f5b43c0363f3ae9bd93986acf50e580500c440778a68d1ec6024dc0b2b7db9615acae681"
              "ad71cc30ab1c");
    master_is(make_agreement(TLS_1_2, 0x009d), false,
              "cc91ae6ab563acd76f15011e88ccda0e6caaa7572ef4af396896ed853b2a238cb3844265cba010a23f66"
              "3c8f52b493a6");
    master_is(make_agreement(TLS_1_0, 0x002f), false,
              "24e0f7f73ac3f83463974acd13e1215ed396c6a4bfed9ac0cc52aff05a70efee31a8645835936edcf8f1"
              "27295b350a51");
    master_is(make_agreement(TLS_SSL_3_0, 0x002f), false,
              "966f311b1e3c6f1dd3c5c260338df471c9cf61665e9e5f90df92e0c7d64f2f7e8367b0cc68286f08666c"
              "8685dce252ed");
}

static void extended_master_secrets(void **state)
{
    (void)state;
    master_is(make_agreement(TLS_1_2, 0x003c), true,
              "145dc9af47c08ed47170c8b5bc09e05718506a1607d3d2e7de1c4f9f44cdb398ff184e09e1e97eb6bd07"
              "52e022d331e8");
    master_is(make_agreement(TLS_1_0, 0x002f), true,
              "fec6e217dc1f017bba2033aa4a9a0ab2e3ed01e1a7052ada72b97de8e0be349147650bbab50e9cf7ea18"
              "5e9aaa7df8b1");
}

static void derive_keys(uint16_t version, uint16_t cipher, struct tls_keys keys[2])
{
    struct tls_agreement agreement = make_agreement(version, cipher);
    uint8_t master[MASTER];

    for (uint8_t i = 0; i < MASTER; i++)
        master[i] = i;
    assert_true(tls_derive_keys(crypto, &agreement, slice_of(master, MASTER), keys));
    assert_int_equal(keys[0].version, version);
}

static void key_blocks(void **state)
{
    struct tls_keys keys[2];

    (void)state;
    derive_keys(TLS_1_2, 0x003c, keys); /* AES-128-CBC, SHA256 */
    expect_bytes("MAC", keys[0].mac,
                 "777fce36a1935fafd1d581bf7cae5b316d887a941701fd4f91ee363690169efa");
    expect_bytes("MAC", keys[1].mac,
                 "3a5b370ca7e99fa97446b4f0d110f56dfeb7d04fc36e13f88366c815207b32d8");
    expect_bytes("key", keys[0].key, "c3b5644bcfa9fd2e7ca3c31b6c45373a");
    expect_bytes("key", keys[1].key, "6459c0e1a13bae4091b27333d6475f0d");
    derive_keys(TLS_1_2, 0x009d, keys); /* AES-256-GCM, SHA384 */
    expect_bytes("key", keys[0].key,
                 "7895bfd1a237ca0f7298d172fead167df616ce95f20d3bf2411b0e3cf6248f2b");
    expect_bytes("key", keys[1].key,
                 "e213f0eaa7b372583184d7b289d254f3b60dae644bb5827509e2760d115c5c95");
    expect_bytes("IV", keys[0].iv, "83b5498f");
    expect_bytes("IV", keys[1].iv, "06b25782");
    derive_keys(TLS_1_0, 0x000a, keys); /* 3DES */
    expect_bytes("MAC", keys[1].mac, "af1182ec41e40a6bc246dd308cd8411562d1fd0c");
    expect_bytes("key", keys[1].key, "6d628018e01f3c26b53ec86acad3da53741d98f51ff157de");
    expect_bytes("IV", keys[0].iv, "4d3b95bd1c0a8827");
    derive_keys(TLS_SSL_3_0, 0x002f, keys);
    expect_bytes("MAC", keys[0].mac, "3fb5c7439970e0c0d9518a9314e2d386037b76b2");
    expect_bytes("key", keys[0].key, "8a203b2269fd9acc386de155b64f3a41");
    expect_bytes("IV", keys[1].iv, "c5275be3f282254a073098231e32e5af");
}

static void export_keys(void **state)
{
    struct tls_agreement agreement = make_agreement(TLS_SSL_3_0, 0x0003);
    uint8_t master[MASTER] = { 0 };
    struct tls_keys keys[2];

    (void)state;
    derive_keys(TLS_1_0, 0x0003, keys); /* RC4, 40 bits */
    expect_bytes("MAC", keys[0].mac, "8c2ae6228a150a0708c21e9e46c025d2");
    expect_bytes("key", keys[0].key, "1ae3636444e5635e15bfcd2f2f73331a");
    expect_bytes("key", keys[1].key, "85af5a80eec7a6f62ee2cada9a6411a0");
    derive_keys(TLS_1_0, 0x0008, keys); /* DES, 40 bits */
    expect_bytes("key", keys[0].key, "ace5407bda30f90d");
    expect_bytes("key", keys[1].key, "c2a4f968a74b91e0");
    expect_bytes("IV", keys[0].iv, "ae51d8c1ed913855");
    expect_bytes("IV", keys[1].iv, "aadbb522dfcf281d");
    /* SSL 3.0 has another way, which is not done. */
    assert_false(tls_derive_keys(crypto, &agreement, slice_of(master, MASTER), keys));
}

static void a_null_cipher_has_only_a_mac(void **state)
{
    struct tls_keys keys[2];

    (void)state;
    derive_keys(TLS_1_0, 0x0002, keys);
    expect_bytes("MAC", keys[0].mac, "8c2ae6228a150a0708c21e9e46c025d27f9eb725");
}

/* ---- TLS 1.3: RFC 8448 3, "Simple 1-RTT Handshake" ---- */

static void traffic_keys_are(const char *secret, const char *key, const char *iv)
{
    uint8_t bytes[BYTES_MAX];
    struct tls_suite suite;
    struct tls_keys keys;

    assert_true(tls_suite_find(0x1301, &suite));
    assert_true(tls_derive_traffic_keys(&suite, unhex(secret, bytes), &keys));
    assert_int_equal(keys.version, TLS_1_3);
    expect_bytes("key", keys.key, key);
    expect_bytes("IV", keys.iv, iv);
}

static void traffic_keys_of_tls_1_3(void **state)
{
    (void)state;
    traffic_keys_are("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21",
                     "dbfaa693d1762c5b666af5d950258d01", "5bd3c71b836e0b76bb73265f");
    traffic_keys_are("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38",
                     "3fce516009c21727d0f2e4e86ee403bc", "5d313eb2671276ee13000b30");
    traffic_keys_are("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643",
                     "9f02283b6c9c07efc26bb9f2ac92e356", "cf782b88dd83549aadf1e984");
    traffic_keys_are("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5",
                     "17422dda596ed5d9acd890e3c63f5051", "5b78923dee08579033e523d9");
}

static void secrets_are_updated(void **state)
{
    uint8_t secret[BYTES_MAX];
    struct tls_suite suite;

    (void)state;
    assert_true(tls_suite_find(0x1301, &suite));
    unhex("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5", secret);
    assert_true(tls_update_secret(&suite, secret, 32));
    expect_bytes("the next secret", secret,
                 "fcdfcc72725aaee48bf64e4fd8b749cdbdbab39d90da0b26e2245ca6ea167207");
    assert_true(tls_suite_find(0x1302, &suite));
    for (uint8_t i = 0; i < 48; i++)
        secret[i] = i;
    assert_true(tls_update_secret(&suite, secret, 48));
    expect_bytes(
        "the next secret", secret,
        "401331b63e9d59f202e8f041042d9516f4cd7fa2e2ee14631d3b49fc340d7af37fc2c0c9f252d8036f"
        "81ec5b85cbe5db");
    assert_false(tls_update_secret(&suite, secret, TLS_HASH_MAX + 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prf_of_tls_1_2),
        cmocka_unit_test(master_secrets),
        cmocka_unit_test(extended_master_secrets),
        cmocka_unit_test(key_blocks),
        cmocka_unit_test(export_keys),
        cmocka_unit_test(a_null_cipher_has_only_a_mac),
        cmocka_unit_test(traffic_keys_of_tls_1_3),
        cmocka_unit_test(secrets_are_updated),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
