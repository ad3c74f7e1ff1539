/* certificate.c: what one certificate says of itself (RFC 5280 4)
 *
 * OpenSSL parses; this takes what is needed over into an arena.  The parsed
 * object is kept too: chains are judged by it.  It is many times larger than
 * its DER when that is made of many small parts, so its size is estimated by
 * counting them and charged.
 */
#include "dissectors/certificate.h"

#include <time.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "lyncscope/address.h"

/* Rough sizes of OpenSSL's objects, in bytes. */
enum { X509_COST = 4096, DER_FACTOR = 4, NAME_COST = 100, ENTRY_COST = 200 };
enum { RELATIVE_NAMES_MAX = 4096 };

static size_t entries_of(const X509_NAME *name)
{
    int count = X509_NAME_entry_count(name);

    return count > 0 ? (size_t)count : 0;
}

/* OpenSSL joins the issuer's name to each relative name of a distribution point (RFC 5280
 * 4.2.1.13): so many name entries that makes. */
static size_t count_relative_names(X509 *x509)
{
    int at = -1;
    CRL_DIST_POINTS *points = X509_get_ext_d2i(x509, NID_crl_distribution_points, NULL, &at);
    size_t relative = 0;

    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT *point = sk_DIST_POINT_value(points, i);

        relative += point->distpoint && point->distpoint->type == 1;
    }
    CRL_DIST_POINTS_free(points);
    return relative * entries_of(X509_get_issuer_name(x509));
}

/* ---- names ---- */

static bool add_name(struct certificate_entry *entry, const GENERAL_NAME *from, struct slice *to)
{
    const ASN1_STRING *value = from->type == GEN_DNS ? from->d.dNSName : from->d.iPAddress;
    struct slice bytes = slice_of(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    char text[ADDRESS_TEXT_SIZE];
    struct address address;

    if (from->type == GEN_IPADD) {
        address = bytes.length == 4 ? address_v4(bytes.data) : address_v6(bytes.data);
        address_format(&address, text);
        bytes = slice_of_text(text);
    }
    *to = arena_copy(entry->arena, bytes);
    return to->length == bytes.length;
}

static bool is_host_name(const GENERAL_NAME *name)
{
    int length = name->type == GEN_IPADD ? ASN1_STRING_length(name->d.iPAddress) : 0;

    return name->type == GEN_DNS || length == 4 || length == 16;
}

static bool copy_names(struct certificate_entry *entry, const GENERAL_NAMES *all)
{
    struct certificate *facts = &entry->facts;
    size_t count = 0;
    struct slice *names;

    for (int i = 0; i < sk_GENERAL_NAME_num(all); i++)
        count += is_host_name(sk_GENERAL_NAME_value(all, i));
    facts->names_left_out = count > CERTIFICATE_NAMES_MAX;
    if (facts->names_left_out)
        count = CERTIFICATE_NAMES_MAX;
    if (count == 0)
        return true;
    names = arena_take(entry->arena, count * sizeof *names);
    if (!names)
        return false;
    facts->names = names;
    for (int i = 0; facts->name_count < count; i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);

        if (is_host_name(name) && !add_name(entry, name, &names[facts->name_count++]))
            return false;
    }
    return true;
}

static bool read_names(struct certificate_entry *entry)
{
    int at = -1;
    GENERAL_NAMES *all = X509_get_ext_d2i(entry->x509, NID_subject_alt_name, NULL, &at);
    int count = sk_GENERAL_NAME_num(all);
    bool fits = copy_names(entry, all);

    GENERAL_NAMES_free(all);
    if (count > 0 && fits)
        fits = budget_take(entry->budget, (size_t)count * NAME_COST);
    if (count > 0 && fits)
        entry->charged += (size_t)count * NAME_COST;
    return fits;
}

static bool read_subjects(struct certificate_entry *entry)
{
    const X509_NAME *subject = X509_get_subject_name(entry->x509);
    const X509_NAME *issuer = X509_get_issuer_name(entry->x509);
    struct certificate *facts = &entry->facts;

    facts->self_issued = X509_NAME_cmp(subject, issuer) == 0;
    return certificate_subject_text(subject, entry->arena, entry->budget, &facts->subject) &&
           certificate_subject_text(issuer, entry->arena, entry->budget, &facts->issuer) &&
           certificate_subject_common_name(subject, entry->arena, &facts->common_name);
}

/* ---- times, key, signature ---- */

/* UTCTime and GeneralizedTime, also without seconds or with a fraction or an offset. */
static int64_t read_time(const ASN1_TIME *time, int64_t when_unreadable)
{
    struct tm parts;

    if (!time || ASN1_TIME_to_tm(time, &parts) != 1)
        return when_unreadable;
    return timegm(&parts);
}

static const char *key_type_name(int nid)
{
    static const struct {
        int nid;
        const char *name;
    } types[] = {
        { NID_rsaEncryption, "RSA" },       { NID_rsassaPss, "RSA-PSS" },
        { NID_X9_62_id_ecPublicKey, "EC" }, { NID_dsa, "DSA" },
        { NID_ED25519, "Ed25519" },         { NID_ED448, "Ed448" },
        { NID_X25519, "X25519" },           { NID_X448, "X448" },
        { NID_dhKeyAgreement, "DH" },       { NID_dhpublicnumber, "DH" },
    };

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].nid == nid)
            return types[i].name;
    return "unknown";
}

static bool read_key(struct certificate_entry *entry)
{
    X509_PUBKEY *public = X509_get_X509_PUBKEY(entry->x509);
    EVP_PKEY *key = X509_get0_pubkey(entry->x509);
    int bits = key ? EVP_PKEY_get_bits(key) : 0;
    unsigned char *der = NULL;
    ASN1_OBJECT *type = NULL;
    int length = i2d_X509_PUBKEY(public, &der);
    uint8_t sha256[32];
    bool hashed =
        length > 0 && EVP_Digest(der, (size_t)length, sha256, NULL, EVP_sha256(), NULL) == 1;

    OPENSSL_free(der);
    X509_PUBKEY_get0_param(&type, NULL, NULL, NULL, public);
    entry->facts.key_type = key_type_name(OBJ_obj2nid(type));
    entry->facts.key_bits = bits > 0 ? (unsigned)bits : 0;
    if (hashed)
        entry->facts.key_sha256 = arena_copy(entry->arena, slice_of(sha256, sizeof sha256));
    return !hashed || entry->facts.key_sha256.length > 0;
}

static bool is_weak(int digest)
{
    return digest == NID_md2 || digest == NID_md4 || digest == NID_md5 || digest == NID_sha1 ||
           digest == NID_md5_sha1;
}

static bool read_signature(struct certificate_entry *entry)
{
    const X509_ALGOR *algorithm = NULL;
    const ASN1_OBJECT *type = NULL;
    char name[128] = "";
    int digest = NID_undef;

    X509_get0_signature(NULL, &algorithm, entry->x509);
    X509_ALGOR_get0(&type, NULL, NULL, algorithm);
    if (OBJ_obj2txt(name, sizeof name, type, 0) <= 0)
        name[0] = 0;
    X509_get_signature_info(entry->x509, &digest, NULL, NULL, NULL);
    entry->facts.weak_signature = is_weak(digest) && !entry->facts.self_signed;
    entry->facts.signature = arena_copy(entry->arena, slice_of_text(name));
    return name[0] == 0 || entry->facts.signature.length > 0;
}

/* ---- issuing ---- */

bool certificate_issued(const struct certificate_entry *issuer,
                        const struct certificate_entry *subject)
{
    const ASN1_OCTET_STRING *wanted = X509_get0_authority_key_id(subject->x509);
    const ASN1_OCTET_STRING *key = X509_get0_subject_key_id(issuer->x509);

    return X509_NAME_cmp(X509_get_issuer_name(subject->x509),
                         X509_get_subject_name(issuer->x509)) == 0 &&
           (!wanted || !key || ASN1_OCTET_STRING_cmp(wanted, key) == 0);
}

bool certificate_signed(const struct certificate_entry *issuer,
                        const struct certificate_entry *subject)
{
    EVP_PKEY *key = X509_get0_pubkey(issuer->x509);

    if (!certificate_issued(issuer, subject))
        return false;
    /* Such a key takes long, and an algorithm that the library lacks proves nothing. */
    return !key || issuer->facts.key_bits > CERTIFICATE_KEY_MAX ||
           X509_verify(subject->x509, key) != 0;
}

/* ---- together ---- */

static bool read_facts(struct certificate_entry *entry)
{
    struct certificate *facts = &entry->facts;

    facts->not_before_s = read_time(X509_get0_notBefore(entry->x509), INT64_MIN);
    facts->not_after_s = read_time(X509_get0_notAfter(entry->x509), INT64_MAX);
    facts->is_ca = X509_check_ca(entry->x509) > 0;
    facts->not_for_servers = /* without that extension all bits are set */
        (X509_get_extended_key_usage(entry->x509) & (XKU_SSL_SERVER | XKU_SGC | XKU_ANYEKU)) == 0;
    if (!read_subjects(entry) || !read_names(entry) || !read_key(entry))
        return false;
    facts->self_signed = facts->self_issued && certificate_signed(entry, entry);
    entry->issuer_hint = certificate_issuer_hint(entry);
    facts->readable = true;
    return read_signature(entry);
}

/* False: over budget. */
static bool parse(struct certificate_entry *entry, struct slice der)
{
    const unsigned char *at = der.data;
    size_t relative, cost;

    if (der.length == 0 || der.length > CERTIFICATE_DER_MAX)
        return true;
    entry->x509 = d2i_X509(NULL, &at, (long)der.length);
    if (!entry->x509)
        return true;
    relative = count_relative_names(entry->x509);
    cost = X509_COST + der.length * DER_FACTOR +
           ENTRY_COST * (relative + entries_of(X509_get_subject_name(entry->x509)) +
                         entries_of(X509_get_issuer_name(entry->x509)));
    if (relative > RELATIVE_NAMES_MAX) {
        X509_free(entry->x509);
        entry->x509 = NULL;
        return true;
    }
    if (!budget_take(entry->budget, cost))
        return false;
    entry->charged = cost;
    entry->der = arena_copy(entry->arena, der);
    return entry->der.length > 0 && read_facts(entry);
}

struct certificate_entry *certificate_entry_create(struct budget *budget, struct slice der,
                                                   const uint8_t sha256[32])
{
    struct certificate_entry *entry = memory_take(budget, sizeof *entry);
    bool fits;

    if (!entry)
        return NULL;
    entry->budget = budget;
    for (size_t i = 0; i < sizeof entry->facts.sha256; i++)
        entry->facts.sha256[i] = sha256[i];
    entry->facts.key_type = "unknown";
    entry->facts.not_before_s = INT64_MIN;
    entry->facts.not_after_s = INT64_MAX;
    entry->arena = arena_create(budget, 0);
    fits = entry->arena && parse(entry, der);
    ERR_clear_error();
    if (!fits) {
        certificate_entry_free(entry);
        return NULL;
    }
    return entry;
}

void certificate_entry_free(struct certificate_entry *entry)
{
    if (!entry)
        return;
    X509_free(entry->x509);
    arena_free(entry->arena);
    budget_give(entry->budget, entry->charged);
    memory_give(entry->budget, entry, sizeof *entry);
}
