/* certificate_ocsp_test.c: stapled responses, built as a responder builds them */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/ocsp.h>
#include <stdlib.h>
#include <unistd.h>

#include "lyncscope/certificate.h"
#include "tests/support/certificates.h"
#include "tests/support/exact.h"

static struct made root, leaf, other;
static struct certificate_store *store;
static const struct certificate_chain *chain;

static int set_up(void **state)
{
    const struct made *roots[] = { &root };
    struct complaint complaint;
    char *path;

    (void)state;
    root = make_certificate((struct wish){ .name = "CN=Root", .flags = MADE_CA });
    leaf = make_certificate((struct wish){ .name = "CN=a", .issuer = &root });
    other = make_certificate((struct wish){ .name = "CN=b", .issuer = &root });
    path = made_file(roots, 1);
    store = certificate_store_create(NULL, path, &complaint);
    unlink(path);
    free(path);
    chain = certificate_store_take(store, &leaf.der, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    certificate_store_give(store, chain);
    certificate_store_free(store);
    made_free(&root);
    made_free(&leaf);
    made_free(&other);
    return 0;
}

static void add_answer(OCSP_BASICRESP *basic, const struct made *of, int status)
{
    OCSP_CERTID *id = OCSP_cert_to_id(status == V_OCSP_CERTSTATUS_GOOD ? EVP_sha1() : EVP_sha256(),
                                      of->x509, root.x509);
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);

    assert_non_null(OCSP_basic_add1_status(
        basic, id, status, 0, status == V_OCSP_CERTSTATUS_REVOKED ? now : NULL, now, NULL));
    ASN1_TIME_free(now);
    OCSP_CERTID_free(id);
}

static struct slice respond(OCSP_BASICRESP *basic, int response_status)
{
    OCSP_RESPONSE *response;
    unsigned char *der = NULL;
    struct slice bytes;
    int length;

    if (basic)
        assert_int_equal(OCSP_basic_sign(basic, root.x509, root.key, EVP_sha256(), NULL, 0), 1);
    response = OCSP_response_create(response_status, basic);
    length = i2d_OCSP_RESPONSE(response, &der);
    assert_true(length > 0);
    bytes = exact_slice(slice_of(der, (size_t)length));
    OPENSSL_free(der);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    return bytes;
}

static void assert_status(struct slice response, enum ocsp_status status)
{
    /* The second time from memory. */
    assert_int_equal(certificate_store_ocsp(store, chain, response), status);
    assert_int_equal(certificate_store_ocsp(store, chain, response), status);
    exact_free(response);
}

static void says_what_the_responder_says(void **state)
{
    static const struct {
        int said;
        enum ocsp_status status;
    } cases[] = { { V_OCSP_CERTSTATUS_GOOD, OCSP_GOOD },
                  { V_OCSP_CERTSTATUS_REVOKED, OCSP_REVOKED },
                  { V_OCSP_CERTSTATUS_UNKNOWN, OCSP_UNKNOWN } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        OCSP_BASICRESP *basic = OCSP_BASICRESP_new();

        add_answer(basic, &other, V_OCSP_CERTSTATUS_UNKNOWN);
        add_answer(basic, &leaf, cases[i].said);
        assert_status(respond(basic, OCSP_RESPONSE_STATUS_SUCCESSFUL), cases[i].status);
    }
}

static void another_certificate_is_none(void **state)
{
    struct made twin = make_certificate((struct wish){ .name = "CN=a", .issuer = &root });
    struct made stranger = make_certificate((struct wish){ .name = "CN=Stranger" });
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id =
        OCSP_cert_id_new(EVP_sha256(), X509_get_subject_name(stranger.x509),
                         X509_get0_pubkey_bitstr(root.x509), X509_get0_serialNumber(leaf.x509));
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);

    (void)state;
    add_answer(basic, &twin, V_OCSP_CERTSTATUS_REVOKED);
    /* Our serial number, but of another issuer. */
    OCSP_basic_add1_status(basic, id, V_OCSP_CERTSTATUS_REVOKED, 0, now, now, NULL);
    assert_status(respond(basic, OCSP_RESPONSE_STATUS_SUCCESSFUL), OCSP_NONE);
    ASN1_TIME_free(now);
    OCSP_CERTID_free(id);
    made_free(&twin);
    made_free(&stranger);
}

static void no_answer(void **state)
{
    (void)state;
    assert_status(respond(NULL, OCSP_RESPONSE_STATUS_TRYLATER), OCSP_NONE);
    assert_status(exact_text(""), OCSP_NONE);
    assert_status(exact_text("0"), OCSP_UNREADABLE);
    assert_status(exact_text("\x30\x82\x01\x00\x0a\x01"), OCSP_UNREADABLE);
    assert_int_equal(certificate_store_ocsp(store, NULL, slice_of_text("0")), OCSP_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_the_responder_says),
        cmocka_unit_test(another_certificate_is_none),
        cmocka_unit_test(no_answer),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
