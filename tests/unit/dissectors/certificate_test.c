/* certificate_test.c: what is read of a certificate, also of odd and hostile ones */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dissectors/certificate.h"
#include "tests/support/certificates.h"
#include "tests/support/exact.h"

static const uint8_t hash[32] = { 1, 2, 3 };

static struct certificate_entry *read_made(struct made *made)
{
    struct certificate_entry *entry = certificate_entry_create(NULL, made->der, hash);

    assert_non_null(entry);
    made_free(made); /* nothing may point into what was read */
    return entry;
}

static void assert_text(struct slice text, const char *expected)
{
    if (!slice_is_text(text, expected))
        fail_msg("'%.*s', not '%s'", (int)text.length, (const char *)text.data, expected);
}

static void reads_the_facts(void **state)
{
    struct made root =
        make_certificate((struct wish){ .name = "C=US/O=Contoso/CN=Root", .flags = MADE_CA });
    struct made leaf = make_certificate((struct wish){
        .name = "C=US/O=Contoso, Inc./CN=old/CN=a.b",
        .issuer = &root,
        .names = "DNS:a.b,email:x@y.z,IP:10.0.0.1,DNS:*.c.d,IP:2001:db8::1,URI:http://e/",
        .not_before = "20200102030405Z",
        .not_after = "20491231235959Z" });
    struct certificate_entry *entry = read_made(&leaf);
    const struct certificate *facts = &entry->facts;

    (void)state;
    assert_true(facts->readable);
    assert_memory_equal(facts->sha256, hash, 32);
    assert_text(facts->subject, "C=US, O=Contoso\\, Inc., CN=old, CN=a.b");
    assert_text(facts->issuer, "C=US, O=Contoso, CN=Root");
    assert_text(facts->common_name, "a.b");
    assert_int_equal(facts->name_count, 4);
    assert_text(facts->names[0], "a.b");
    assert_text(facts->names[1], "10.0.0.1");
    assert_text(facts->names[2], "*.c.d");
    assert_text(facts->names[3], "2001:db8::1");
    assert_int_equal(facts->not_before_s, 1577934245);
    assert_int_equal(facts->not_after_s, 2524607999);
    assert_string_equal(facts->key_type, "EC");
    assert_int_equal(facts->key_bits, 256);
    assert_text(facts->signature, "ecdsa-with-SHA256");
    assert_false(facts->weak_signature);
    assert_false(facts->self_issued);
    assert_false(facts->self_signed);
    assert_false(facts->is_ca);
    assert_int_equal(facts->key_sha256.length, 32);
    certificate_entry_free(entry);
    made_free(&root);
}

static void key_hash_finds_the_private_key(void **state)
{
    struct made made = make_certificate((struct wish){ .name = "CN=a.b" });
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(made.key, &der);
    unsigned char expected[32];
    struct certificate_entry *entry;

    (void)state;
    assert_true(length > 0);
    EVP_Digest(der, (size_t)length, expected, NULL, EVP_sha256(), NULL);
    OPENSSL_free(der);
    entry = read_made(&made);
    assert_int_equal(entry->facts.key_sha256.length, 32);
    assert_memory_equal(entry->facts.key_sha256.data, expected, 32);
    certificate_entry_free(entry);
}

static void tells_weak_and_self_signed(void **state)
{
    struct made root =
        make_certificate((struct wish){ .name = "CN=Root", .flags = MADE_CA | MADE_SHA1 });
    struct made leaf =
        make_certificate((struct wish){ .name = "CN=a", .issuer = &root, .flags = MADE_SHA1 });
    /* The root's name, but another key signed it. */
    struct made forged =
        make_certificate((struct wish){ .name = "CN=Root", .issuer = &root, .names = "DNS:a" });
    struct certificate_entry *of_root = read_made(&root);
    struct certificate_entry *of_leaf = read_made(&leaf);
    struct certificate_entry *of_forged = read_made(&forged);

    (void)state;
    assert_true(of_root->facts.self_signed && of_root->facts.self_issued && of_root->facts.is_ca);
    assert_false(of_root->facts.weak_signature);
    assert_true(of_leaf->facts.weak_signature);
    assert_text(of_leaf->facts.signature, "ecdsa-with-SHA1");
    assert_true(of_forged->facts.self_issued);
    assert_false(of_forged->facts.self_signed);
    assert_int_equal(of_leaf->facts.name_count, 0);
    certificate_entry_free(of_root);
    certificate_entry_free(of_leaf);
    certificate_entry_free(of_forged);
}

static void names_are_made_harmless(void **state)
{
    static const unsigned char evil[] = "a\x1b[2J\n,b ";
    static const unsigned char latin[] = { 'M', 0xfc, 'n' };
    static const unsigned char wide[] = { 0x20, 0x2e, 0, 'x' }; /* turns the text around */
    struct made made = make_certificate((struct wish){ .name = "O=#1" });
    X509_NAME *name = X509_get_subject_name(made.x509);
    struct certificate_entry *entry;

    (void)state;
    X509_NAME_add_entry_by_NID(name, NID_organizationalUnitName, V_ASN1_UTF8STRING,
                               (unsigned char *)(uintptr_t)evil, 9, -1, 0);
    X509_NAME_add_entry_by_NID(name, NID_localityName, V_ASN1_T61STRING,
                               (unsigned char *)(uintptr_t)latin, 3, -1, -1);
    X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_BMPSTRING,
                               (unsigned char *)(uintptr_t)wide, 4, -1, 0);
    made_again(&made, made.key);
    entry = read_made(&made);
    assert_text(entry->facts.subject,
                "O=\\#1, L=M\xc3\xbcn+OU=a\\x1B[2J\\x0A\\,b\\ , CN=\\u{202E}x");
    assert_text(entry->facts.common_name, "\xe2\x80\xaex");
    certificate_entry_free(entry);
}

/* A time of any bytes in place of notBefore. */
static int64_t read_odd_time(int type, const char *text)
{
    struct made made = make_certificate((struct wish){ .name = "CN=a" });
    struct certificate_entry *entry;
    int64_t seconds;

    ASN1_TIME *time = X509_getm_notBefore(made.x509);

    ASN1_STRING_set(time, text, -1);
    time->type = type;
    made_again(&made, made.key);
    entry = read_made(&made);
    assert_true(entry->facts.readable);
    seconds = entry->facts.not_before_s;
    certificate_entry_free(entry);
    return seconds;
}

static void reads_odd_times(void **state)
{
    (void)state;
    assert_int_equal(read_odd_time(V_ASN1_UTCTIME, "200102030405Z"), 1577934245);
    assert_int_equal(read_odd_time(V_ASN1_UTCTIME, "2001020304Z"), 1577934240);
    assert_int_equal(read_odd_time(V_ASN1_UTCTIME, "200102030405+0100"), 1577930645);
    assert_int_equal(read_odd_time(V_ASN1_UTCTIME, "700101000000Z"), 0);
    assert_int_equal(read_odd_time(V_ASN1_UTCTIME, "500101000000Z"), -631152000);
    assert_int_equal(read_odd_time(V_ASN1_GENERALIZEDTIME, "20200102030405.75Z"), 1577934245);
    assert_int_equal(read_odd_time(V_ASN1_GENERALIZEDTIME, "99991231235959Z"), 253402300799);
    assert_int_equal(read_odd_time(V_ASN1_UTCTIME, "201302030405Z"), INT64_MIN);
    assert_int_equal(read_odd_time(V_ASN1_UTCTIME, ""), INT64_MIN);
    assert_int_equal(read_odd_time(V_ASN1_GENERALIZEDTIME, "20201"), INT64_MIN);
}

static void names_are_capped(void **state)
{
    static char names[1 << 18];
    size_t length = 0;
    struct made made;
    struct certificate_entry *entry;

    (void)state;
    for (int i = 0; i < CERTIFICATE_NAMES_MAX + 10; i++)
        length += (size_t)snprintf(names + length, sizeof names - length,
                                   "%sDNS:host%d.contoso.com", i ? "," : "", i);
    made = make_certificate((struct wish){ .name = "CN=a", .names = names });
    entry = read_made(&made);
    assert_int_equal(entry->facts.name_count, CERTIFICATE_NAMES_MAX);
    assert_text(entry->facts.names[4095], "host4095.contoso.com");
    assert_true(entry->facts.names_left_out);
    certificate_entry_free(entry);
}

/* A modulus that nobody should calculate with. */
static EVP_PKEY *make_huge_key(void)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    BIGNUM *n = BN_new(), *e = BN_new();
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters;

    BN_set_bit(n, 99999);
    BN_set_bit(n, 0);
    BN_set_word(e, 65537);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, n);
    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, e);
    parameters = OSSL_PARAM_BLD_to_param(builder);
    assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
    assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
    OSSL_PARAM_free(parameters);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    BN_free(n);
    BN_free(e);
    return key;
}

static void huge_keys_are_not_used(void **state)
{
    struct made made = make_certificate((struct wish){ .name = "CN=a" });
    EVP_PKEY *key = make_huge_key();
    struct certificate_entry *entry;

    (void)state;
    X509_set_pubkey(made.x509, key);
    EVP_PKEY_free(key);
    made_again(&made, made.key);
    entry = read_made(&made);
    assert_string_equal(entry->facts.key_type, "RSA");
    assert_int_equal(entry->facts.key_bits, 100000);
    assert_true(entry->facts.self_issued);
    certificate_entry_free(entry);
}

static void bytes_that_are_none(void **state)
{
    struct made made = make_certificate((struct wish){ .name = "CN=a", .names = "DNS:a.b" });
    uint8_t *large = calloc(1, CERTIFICATE_DER_MAX + 1);
    struct slice inputs[] = { SLICE_EMPTY, slice_of_text("0"),
                              slice_part(made.der, 0, made.der.length - 1),
                              slice_of(large, CERTIFICATE_DER_MAX + 1) };

    (void)state;
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        struct slice exact = exact_slice(inputs[i]);
        struct certificate_entry *entry = certificate_entry_create(NULL, exact, hash);

        assert_non_null(entry);
        assert_false(entry->facts.readable);
        assert_memory_equal(entry->facts.sha256, hash, 32);
        assert_string_equal(entry->facts.key_type, "unknown");
        assert_false(certificate_covers(&entry->facts, slice_of_text("a.b")));
        certificate_entry_free(entry);
        exact_free(exact);
    }
    free(large);
    made_free(&made);
}

/* OpenSSL would join a large issuer to each of many relative names: 250 million entries. */
static void relative_names_cost_nothing(void **state)
{
    struct made made = make_certificate((struct wish){ .name = "CN=a" });
    X509_NAME *issuer = X509_get_issuer_name(made.x509);
    CRL_DIST_POINTS *points = sk_DIST_POINT_new_null();
    struct certificate_entry *entry;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        DIST_POINT *point = DIST_POINT_new();

        point->distpoint = DIST_POINT_NAME_new();
        point->distpoint->type = 1;
        point->distpoint->name.relativename = sk_X509_NAME_ENTRY_new_null();
        sk_X509_NAME_ENTRY_push(point->distpoint->name.relativename,
                                X509_NAME_ENTRY_create_by_NID(NULL, NID_commonName, MBSTRING_ASC,
                                                              (const unsigned char *)"a", 1));
        sk_DIST_POINT_push(points, point);
        X509_NAME_add_entry_by_NID(issuer, NID_commonName, MBSTRING_ASC, (const unsigned char *)"b",
                                   1, -1, 0);
    }
    X509_add1_ext_i2d(made.x509, NID_crl_distribution_points, points, 0, X509V3_ADD_DEFAULT);
    CRL_DIST_POINTS_free(points);
    made_again(&made, made.key);
    assert_true(made.der.length < CERTIFICATE_DER_MAX);
    entry = read_made(&made);
    assert_false(entry->facts.readable);
    certificate_entry_free(entry);
}

static void budgets_hold(void **state)
{
    struct made made = make_certificate(
        (struct wish){ .name = "C=US/O=Contoso/CN=a", .names = "DNS:a.b,DNS:b.c" });
    size_t refused = 0;

    (void)state;
    for (size_t limit = 64; limit < 64000; limit += 64) {
        struct budget budget;
        struct certificate_entry *entry;

        budget_init(&budget, limit, NULL);
        entry = certificate_entry_create(&budget, made.der, hash);
        refused += !entry;
        assert_true(!entry || (entry->facts.readable && entry->facts.name_count == 2));
        certificate_entry_free(entry);
        assert_int_equal(budget.used, 0);
    }
    assert_in_range(refused, 20, 500);
    made_free(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_facts),
        cmocka_unit_test(key_hash_finds_the_private_key),
        cmocka_unit_test(tells_weak_and_self_signed),
        cmocka_unit_test(names_are_made_harmless),
        cmocka_unit_test(reads_odd_times),
        cmocka_unit_test(names_are_capped),
        cmocka_unit_test(huge_keys_are_not_used),
        cmocka_unit_test(bytes_that_are_none),
        cmocka_unit_test(relative_names_cost_nothing),
        cmocka_unit_test(budgets_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
