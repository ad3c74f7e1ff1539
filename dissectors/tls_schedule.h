/* tls_schedule.h: from secrets to the keys of records */
#ifndef LYNCSCOPE_DISSECTORS_TLS_SCHEDULE_H
#define LYNCSCOPE_DISSECTORS_TLS_SCHEDULE_H

#include "dissectors/tls_opener.h"

enum { TLS_MASTER_LENGTH = 48, TLS_RANDOM_LENGTH = 32 };

/* What both sides know of a handshake up to TLS 1.2. */
struct tls_agreement {
    uint16_t version;
    struct tls_suite suite;
    bool encrypt_then_mac;
    bool extended_master_secret; /* RFC 7627 */
    uint8_t client_random[TLS_RANDOM_LENGTH];
    uint8_t server_random[TLS_RANDOM_LENGTH];
};

/* `messages`: the handshake up to and including ClientKeyExchange (for the extended secret). */
bool tls_derive_master(struct tls_crypto *crypto, const struct tls_agreement *agreement,
                       struct slice premaster, struct slice messages,
                       uint8_t master[TLS_MASTER_LENGTH]);
/* keys[0]: of what the client sends, keys[1]: of what the server sends. Wipe them after use. */
bool tls_derive_keys(struct tls_crypto *crypto, const struct tls_agreement *agreement,
                     struct slice master, struct tls_keys keys[2]);

/* TLS 1.3: keys of one direction from its traffic secret. RFC 8446 7.3 */
bool tls_derive_traffic_keys(const struct tls_suite *suite, struct slice secret,
                             struct tls_keys *keys);
/* The secret after a KeyUpdate, in place. RFC 8446 7.2 */
bool tls_update_secret(const struct tls_suite *suite, uint8_t *secret, size_t length);

#endif
