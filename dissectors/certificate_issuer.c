/* certificate_issuer.c: what a certificate tells of an issuer that nobody sent
 *
 * A root signs servers' certificates in many a private PKI and need not be
 * sent; an intermediate must be.  A public CA never signs a server's
 * certificate with its root (CA/Browser Forum, Baseline Requirements 6.1.7), and
 * AD CS, when asked to, names the issuer's issuer (RFC 5280 4.2.1.1).  Failing
 * that, administrators name their CAs for what they are.
 */
#include <openssl/objects.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "dissectors/certificate.h"

/* The issuer's issuer, when named, is the issuer itself only of a root. */
static enum missing_issuer hint_of_key_identifier(X509 *x509)
{
    const GENERAL_NAMES *names = X509_get0_authority_issuer(x509);

    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);

        if (name->type == GEN_DIRNAME)
            return X509_NAME_cmp(name->d.directoryName, X509_get_issuer_name(x509)) == 0
                       ? ISSUER_ROOT
                       : ISSUER_INTERMEDIATE;
    }
    return ISSUER_UNKNOWN;
}

/* The policies that the CA/Browser Forum gives to servers' certificates. */
static bool has_public_policy(X509 *x509)
{
    int at = -1;
    CERTIFICATEPOLICIES *policies = X509_get_ext_d2i(x509, NID_certificate_policies, NULL, &at);
    bool found = false;

    for (int i = 0; i < sk_POLICYINFO_num(policies) && !found; i++) {
        char digits[128];

        if (OBJ_obj2txt(digits, sizeof digits, sk_POLICYINFO_value(policies, i)->policyid, 1) > 0)
            found = slice_starts_with(slice_of_text(digits), "2.23.140.1.");
    }
    CERTIFICATEPOLICIES_free(policies);
    return found;
}

static bool is_from_public_ca(X509 *x509)
{
    return X509_get_ext_by_NID(x509, NID_ct_precert_scts, -1) >= 0 || has_public_policy(x509);
}

static bool holds(struct slice text, const char *word)
{
    return slice_find_text_nocase(text, word) < text.length;
}

static enum missing_issuer hint_of_words(struct slice text)
{
    static const char *const words[] = { "intermediate", "issuing", "subordinate",
                                         "sub ca",       "sub-ca",  "subca" };

    if (holds(text, "root"))
        return ISSUER_ROOT;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds(text, words[i]))
            return ISSUER_INTERMEDIATE;
    return ISSUER_UNKNOWN;
}

static enum missing_issuer hint_of_name(const X509_NAME *name)
{
    int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, at);
    enum missing_issuer hint = ISSUER_UNKNOWN;
    unsigned char *utf8 = NULL;
    int length;

    if (!entry)
        return ISSUER_UNKNOWN;
    length = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(entry));
    if (length > 0)
        hint = hint_of_words(slice_of(utf8, (size_t)length));
    OPENSSL_free(utf8);
    return hint;
}

enum missing_issuer certificate_issuer_hint(const struct certificate_entry *entry)
{
    enum missing_issuer hint = hint_of_key_identifier(entry->x509);

    if (hint == ISSUER_UNKNOWN && !entry->facts.is_ca && is_from_public_ca(entry->x509))
        hint = ISSUER_INTERMEDIATE;
    if (hint == ISSUER_UNKNOWN)
        hint = hint_of_name(X509_get_issuer_name(entry->x509));
    return hint;
}
