/* certificates.c: certificates made for a test */
#include "tests/support/certificates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/conf.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/support/exact.h"

static void must(bool done, const char *what)
{
    if (done)
        return;
    fprintf(stderr, "certificates.c: %s\n", what);
    abort();
}

static void set_name(X509_NAME *name, const char *parts)
{
    char copy[512];
    char *rest = NULL;

    must(strlen(parts) < sizeof copy, "name too long");
    snprintf(copy, sizeof copy, "%s", parts);
    for (char *part = strtok_r(copy, "/", &rest); part; part = strtok_r(NULL, "/", &rest)) {
        char *value = strchr(part, '=');

        must(value != NULL, "part of a name without =");
        *value++ = 0;
        must(X509_NAME_add_entry_by_txt(name, part, MBSTRING_UTF8, (unsigned char *)value, -1, -1,
                                        0) == 1,
             part);
    }
}

static void add_extension(X509 *x509, X509 *issuer, const char *name, const char *value)
{
    X509_EXTENSION *extension;
    X509V3_CTX context;
    CONF *none = NCONF_new(NULL); /* policies are not read without one */

    X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
    X509V3_set_nconf(&context, none);
    extension = X509V3_EXT_nconf(none, &context, name, value);
    must(extension && X509_add_ext(x509, extension, -1) == 1, name);
    X509_EXTENSION_free(extension);
    NCONF_free(none);
}

static void add_extensions(X509 *x509, X509 *issuer, const struct wish *wish)
{
    if (wish->flags & MADE_CA)
        add_extension(x509, issuer, "basicConstraints", "critical,CA:TRUE");
    if (!(wish->flags & MADE_NO_KEY_IDS)) {
        add_extension(x509, issuer, "subjectKeyIdentifier", "hash");
        add_extension(x509, issuer, "authorityKeyIdentifier", "keyid");
    }
    if (wish->names)
        add_extension(x509, issuer, "subjectAltName", wish->names);
    if (wish->extension) {
        char copy[512];
        char *value;

        snprintf(copy, sizeof copy, "%s", wish->extension);
        value = strchr(copy, '=');
        must(value != NULL, "extension without =");
        *value++ = 0;
        add_extension(x509, issuer, copy, value);
    }
}

static void set_times(X509 *x509, const struct wish *wish)
{
    if (wish->not_before)
        must(ASN1_TIME_set_string(X509_getm_notBefore(x509), wish->not_before) == 1, "time");
    else
        X509_gmtime_adj(X509_getm_notBefore(x509), 0);
    if (wish->not_after)
        must(ASN1_TIME_set_string(X509_getm_notAfter(x509), wish->not_after) == 1, "time");
    else
        X509_gmtime_adj(X509_getm_notAfter(x509), 365L * 86400);
}

static void encode(struct made *made)
{
    unsigned char *der = NULL;
    int length = i2d_X509(made->x509, &der);

    must(length > 0, "encode");
    exact_free(made->der);
    made->der = exact_slice(slice_of(der, (size_t)length));
    OPENSSL_free(der);
}

static void sign(X509 *x509, EVP_PKEY *key, bool sha1)
{
    int id = EVP_PKEY_get_base_id(key);
    const EVP_MD *digest = sha1 ? EVP_sha1() : EVP_sha256();

    must(X509_sign(x509, key, id == EVP_PKEY_ED25519 ? NULL : digest) > 0, "sign");
}

void made_again(struct made *made, EVP_PKEY *signer)
{
    sign(made->x509, signer, false);
    encode(made);
}

struct made make_certificate(struct wish wish)
{
    static long serial = 1000;
    struct made made = { .x509 = X509_new() };
    X509 *issuer = wish.issuer ? wish.issuer->x509 : made.x509;

    must(made.x509 != NULL, "X509_new");
    if (wish.key)
        EVP_PKEY_up_ref(wish.key);
    made.key = wish.key ? wish.key : EVP_EC_gen("P-256");
    must(made.key && X509_set_pubkey(made.x509, made.key) == 1, "key");
    X509_set_version(made.x509, wish.flags & MADE_V1 ? X509_VERSION_1 : X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.x509), serial++);
    set_name(X509_get_subject_name(made.x509), wish.name);
    X509_set_issuer_name(made.x509, X509_get_subject_name(issuer));
    set_times(made.x509, &wish);
    if (!(wish.flags & MADE_V1))
        add_extensions(made.x509, issuer, &wish);
    sign(made.x509, wish.issuer ? wish.issuer->key : made.key, wish.flags & MADE_SHA1);
    encode(&made);
    return made;
}

void made_free(struct made *made)
{
    X509_free(made->x509);
    EVP_PKEY_free(made->key);
    exact_free(made->der);
    *made = (struct made){ 0 };
}

char *made_file(const struct made *const *made, size_t count)
{
    char *path = strdup("/tmp/lyncscope-certificates-XXXXXX");
    int descriptor = mkstemp(path);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;

    must(file != NULL, path);
    fputs("Comments stand between certificates.\n", file);
    for (size_t i = 0; i < count; i++)
        must(PEM_write_X509(file, made[i]->x509) == 1, path);
    must(fclose(file) == 0, path);
    return path;
}
