/* certificate_trust_test.c: --trust FILE and the system's store */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lyncscope/certificate.h"
#include "tests/support/certificates.h"

static struct made root, leaf;

static int set_up(void **state)
{
    (void)state;
    root = make_certificate((struct wish){ .name = "CN=Root", .flags = MADE_CA });
    leaf = make_certificate((struct wish){ .name = "CN=a", .issuer = &root });
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    made_free(&root);
    made_free(&leaf);
    return 0;
}

static char *write_file(const void *bytes, size_t length)
{
    char *path = strdup("/tmp/lyncscope-trust-XXXXXX");
    int descriptor = mkstemp(path);

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, length), (ssize_t)length);
    close(descriptor);
    return path;
}

static void assert_refused(const char *path, const char *why)
{
    struct complaint complaint = { "" };
    struct budget budget;
    char expected[300];

    budget_init(&budget, 0, NULL);
    snprintf(expected, sizeof expected, "%s: %s", path, why);
    assert_null(certificate_store_create(&budget, path, &complaint));
    if (strncmp(complaint.line, expected, strlen(expected)) != 0)
        fail_msg("'%s', not '%s'", complaint.line, expected);
    assert_int_equal(budget.used, 0);
}

static void says_what_is_wrong_with_a_file(void **state)
{
    static const char damaged[] = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
    char *empty = write_file("", 0);
    char *text = write_file("hello\n", 6);
    char *der = write_file(root.der.data, root.der.length);
    char *broken = write_file(damaged, sizeof damaged - 1);

    (void)state;
    assert_refused("/nonexistent/trust.pem", "No such file or directory");
    assert_refused("/tmp", "Is a directory");
    assert_refused(empty, "no certificate in it; it must be PEM");
    assert_refused(text, "no certificate in it; it must be PEM");
    assert_refused(der, "no certificate in it; it must be PEM");
    assert_refused(broken, "certificate 1 cannot be read");
    unlink(empty);
    unlink(text);
    unlink(der);
    unlink(broken);
    free(empty);
    free(text);
    free(der);
    free(broken);
}

static enum chain_trust trust_by(const char *file)
{
    struct complaint complaint;
    struct certificate_store *store = certificate_store_create(NULL, file, &complaint);
    const struct certificate_chain *chain = certificate_store_take(store, &leaf.der, 1);
    enum chain_trust trust = chain->trust;

    certificate_store_give(store, chain);
    certificate_store_free(store);
    return trust;
}

static void many_certificates_in_a_file(void **state)
{
    struct made others[30];
    const struct made *all[32];
    char *path;

    (void)state;
    for (size_t i = 0; i < 30; i++) {
        char name[32];

        snprintf(name, sizeof name, "CN=Root %zu", i);
        others[i] = make_certificate((struct wish){ .name = name, .flags = MADE_CA });
        all[i] = &others[i];
    }
    all[30] = &root;
    all[31] = &root; /* twice does no harm */
    path = made_file(all, 32);
    assert_int_equal(trust_by(path), TRUST_YES);
    unlink(path);
    free(path);
    path = made_file(all, 30);
    assert_int_equal(trust_by(path), TRUST_NO);
    unlink(path);
    free(path);
    for (size_t i = 0; i < 30; i++)
        made_free(&others[i]);
}

/* SSL_CERT_DIR and SSL_CERT_FILE stand in for the system's. */
static void system_directory(void **state)
{
    char directory[] = "/tmp/lyncscope-[certs]-XXXXXX";
    char other[300], link[300];
    const struct made *roots[] = { &root };
    char *pem = made_file(roots, 1);

    (void)state;
    assert_non_null(mkdtemp(directory));
    setenv("SSL_CERT_FILE", "/nonexistent", 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    assert_int_equal(trust_by(NULL), TRUST_UNKNOWN);
    setenv("SSL_CERT_DIR", directory, 1);
    assert_int_equal(trust_by(NULL), TRUST_UNKNOWN);
    snprintf(link, sizeof link, "%s/%08lx.0", directory,
             X509_NAME_hash_ex(X509_get_subject_name(root.x509), NULL, NULL, NULL));
    assert_int_equal(symlink(pem, link), 0);
    assert_int_equal(trust_by(NULL), TRUST_YES);
    snprintf(other, sizeof other, "/nonexistent:%s", directory);
    setenv("SSL_CERT_DIR", other, 1);
    assert_int_equal(trust_by(NULL), TRUST_YES);
    unlink(link);
    snprintf(link, sizeof link, "%s/00000000.0", directory);
    assert_int_equal(symlink(pem, link), 0);
    assert_int_equal(trust_by(NULL), TRUST_NO);
    setenv("SSL_CERT_FILE", pem, 1);
    setenv("SSL_CERT_DIR", "/nonexistent", 1);
    assert_int_equal(trust_by(NULL), TRUST_YES);
    setenv("SSL_CERT_DIR", directory, 1); /* the file counts beside a directory */
    assert_int_equal(trust_by(NULL), TRUST_YES);
    setenv("SSL_CERT_DIR", "/tmp", 1); /* which holds none by their hashes */
    assert_int_equal(trust_by(NULL), TRUST_YES);
    unlink(link);
    unlink(pem);
    rmdir(directory);
    free(pem);
    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_wrong_with_a_file),
        cmocka_unit_test(many_certificates_in_a_file),
        cmocka_unit_test(system_directory),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
