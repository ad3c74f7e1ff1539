/* idea.c: IDEA-CBC, by libgcrypt
 *
 * The one cipher of TLS (RFC 5469) that Debian's OpenSSL is built without.
 * libgcrypt is at hand wherever nDPI is.
 */
#include "dissectors/idea.h"

#include <gcrypt.h>

/* The library's handle under our name. */
struct idea *idea_create(const uint8_t key[16], const uint8_t iv[8])
{
    gcry_cipher_hd_t handle = NULL;

    if (!gcry_check_version(NULL) ||
        gcry_cipher_open(&handle, GCRY_CIPHER_IDEA, GCRY_CIPHER_MODE_CBC, 0) != 0)
        return NULL;
    if (gcry_cipher_setkey(handle, key, 16) == 0 && gcry_cipher_setiv(handle, iv, 8) == 0)
        return (struct idea *)handle;
    gcry_cipher_close(handle);
    return NULL;
}

bool idea_decrypt(struct idea *idea, struct slice in, uint8_t *out)
{
    return gcry_cipher_decrypt((gcry_cipher_hd_t)idea, out, in.length, in.data, in.length) == 0;
}

void idea_free(struct idea *idea)
{
    gcry_cipher_close((gcry_cipher_hd_t)idea);
}
