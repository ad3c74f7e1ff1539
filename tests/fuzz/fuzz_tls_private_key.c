/* fuzz_tls_private_key.c: any bytes as a private key; what is read must bear being used
 *
 * The first byte chooses whether there is a password.
 */
#include <assert.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include "dissectors/tls_private_key.h"

/* DER is read here too, to know what the key must be found by. */
static void use_key(const struct tls_private_keys *keys, struct slice bytes)
{
    static const uint8_t encrypted[512] = { 1, 2, 3 };
    const unsigned char *at = bytes.data;
    EVP_PKEY *key = d2i_AutoPrivateKey(NULL, &at, (long)bytes.length);
    struct tls_private_key *found = NULL;
    unsigned char *der = NULL;
    int length = key ? i2d_PUBKEY(key, &der) : 0;
    uint8_t sha256[32], premaster[48];

    if (length > 0 && SHA256(der, (size_t)length, sha256))
        found = tls_private_keys_find(keys, slice_of(sha256, sizeof sha256));
    assert(found || length <= 0);
    for (size_t i = 0; found && i <= sizeof encrypted; i += 64)
        (void)tls_private_key_open(found, slice_of(encrypted, i), premaster);
    OPENSSL_free(der);
    EVP_PKEY_free(key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tls_private_keys *keys = tls_private_keys_create();
    struct private_key_file file = { .path = "key" };
    struct complaint complaint = { .line = "" };
    enum status status;

    assert(keys);
    if (size > 0 && data[0] % 2) {
        file.password_path = "password";
        file.password = slice_of_text("open sesame");
    }
    file.bytes = slice_after(slice_of(data, size), 1);
    status = tls_private_keys_add(keys, &file, &complaint);
    assert((status == STATUS_OK) == (tls_private_keys_count(keys, 0) > 0));
    assert(status == STATUS_OK || strstr(complaint.line, "key"));
    if (status == STATUS_OK)
        use_key(keys, file.bytes);
    tls_private_keys_free(keys);
    return 0;
}
