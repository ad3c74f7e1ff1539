/* tls_opener.h: opens the protected records of one direction */
#ifndef LYNCSCOPE_DISSECTORS_TLS_OPENER_H
#define LYNCSCOPE_DISSECTORS_TLS_OPENER_H

#include "dissectors/tls_crypto.h"
#include "dissectors/tls_suite.h"

enum { TLS_KEY_MAX = 32, TLS_IV_MAX = 16, TLS_MAC_MAX = 48 };

struct tls_keys {
    struct tls_suite suite;
    uint16_t version;
    bool encrypt_then_mac; /* RFC 7366 */
    uint8_t mac[TLS_MAC_MAX];
    uint8_t key[TLS_KEY_MAX];
    uint8_t iv[TLS_IV_MAX];
};

struct tls_plain {
    uint8_t type;
    struct slice bytes; /* in the buffer that was given, or in the record itself */
    size_t offset;      /* in the record's body, of their first byte */
};

struct tls_opener;
/* NULL: the library cannot do that suite. The keys are copied and wiped when freed. */
struct tls_opener *tls_opener_create(struct tls_crypto *crypto, const struct tls_keys *keys);
void tls_opener_free(struct tls_opener *opener); /* NULL is fine */

struct tls_sealed {
    uint8_t type;
    uint16_t version; /* of the record's header */
    struct slice body;
};
/* Opens the next record; `room` holds as many bytes as the body. False: MAC, tag or padding are
 * wrong, or the record is too short; with an AEAD nothing has changed then. */
bool tls_opener_open(struct tls_opener *opener, const struct tls_sealed *sealed, uint8_t *room,
                     struct tls_plain *plain);
/* The number of the next record. A gap makes it unknown; only where a record's own bytes suffice to
 * decrypt it (AEAD, explicit IV) can it be set anew. */
uint64_t tls_opener_sequence(const struct tls_opener *opener);
void tls_opener_seek(struct tls_opener *opener, uint64_t sequence);
bool tls_opener_can_seek(const struct tls_opener *opener);

#endif
