/* tls_names.h: words for numbers of TLS */
#ifndef LYNCSCOPE_REPORT_TLS_NAMES_H
#define LYNCSCOPE_REPORT_TLS_NAMES_H

#include <stdint.h>

const char *tls_version_name(uint16_t version); /* "1.2"; NULL when not known */
const char *tls_cipher_name(uint16_t cipher);   /* as registered with IANA; NULL when not known */
const char *tls_alert_name(uint8_t alert);      /* "handshake_failure"; NULL when not known */

#endif
