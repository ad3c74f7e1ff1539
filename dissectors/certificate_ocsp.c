/* certificate_ocsp.c: what a stapled response says (RFC 6960 4.2)
 *
 * The answer must be of this certificate: its serial number and, where the
 * digest is known, its issuer's name.  The responder's signature is the
 * client's business.
 */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/x509.h>

#include "dissectors/certificate.h"

/* Real ones have 0.5 to 6 KiB, mostly the responder's certificates, which take long to parse. */
enum { RESPONSE_MAX = 32 << 10, ANSWERS_MAX = 64 };

static bool is_of_issuer(const X509_NAME *issuer, const ASN1_OBJECT *algorithm,
                         const ASN1_OCTET_STRING *hash)
{
    const EVP_MD *digest = EVP_get_digestbyobj(algorithm);
    unsigned char ours[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (!digest || X509_NAME_digest(issuer, digest, ours, &length) != 1)
        return true;
    return slice_equals(slice_of(ours, length),
                        slice_of(ASN1_STRING_get0_data(hash), (size_t)ASN1_STRING_length(hash)));
}

static bool is_of(const OCSP_SINGLERESP *answer, X509 *leaf)
{
    OCSP_CERTID *id = (OCSP_CERTID *)OCSP_SINGLERESP_get0_id(answer);
    ASN1_OCTET_STRING *name_hash = NULL;
    ASN1_OBJECT *algorithm = NULL;
    ASN1_INTEGER *serial = NULL;

    return OCSP_id_get0_info(&name_hash, &algorithm, NULL, &serial, id) == 1 &&
           ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(leaf)) == 0 &&
           is_of_issuer(X509_get_issuer_name(leaf), algorithm, name_hash);
}

static enum ocsp_status status_of(OCSP_SINGLERESP *answer)
{
    switch (OCSP_single_get0_status(answer, NULL, NULL, NULL, NULL)) {
    case V_OCSP_CERTSTATUS_GOOD:
        return OCSP_GOOD;
    case V_OCSP_CERTSTATUS_REVOKED:
        return OCSP_REVOKED;
    default:
        return OCSP_UNKNOWN;
    }
}

static enum ocsp_status find_answer(OCSP_RESPONSE *response, X509 *leaf)
{
    OCSP_BASICRESP *basic = OCSP_response_get1_basic(response);
    enum ocsp_status status = basic ? OCSP_NONE : OCSP_UNREADABLE;

    for (int i = 0; basic && i < OCSP_resp_count(basic) && i < ANSWERS_MAX; i++) {
        OCSP_SINGLERESP *answer = OCSP_resp_get0(basic, i);

        if (is_of(answer, leaf)) {
            status = status_of(answer);
            break;
        }
    }
    OCSP_BASICRESP_free(basic);
    return status;
}

enum ocsp_status ocsp_read(const struct certificate_entry *leaf, struct slice bytes)
{
    const unsigned char *at = bytes.data;
    enum ocsp_status status = OCSP_NONE;
    OCSP_RESPONSE *response;

    if (bytes.length == 0 || !leaf->x509)
        return OCSP_NONE;
    if (bytes.length > RESPONSE_MAX)
        return OCSP_UNREADABLE;
    response = d2i_OCSP_RESPONSE(NULL, &at, (long)bytes.length);
    if (!response)
        status = OCSP_UNREADABLE;
    else if (OCSP_response_status(response) == OCSP_RESPONSE_STATUS_SUCCESSFUL)
        status = find_answer(response, leaf->x509);
    OCSP_RESPONSE_free(response);
    ERR_clear_error();
    return status;
}
