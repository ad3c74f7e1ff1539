/* spnego.h: what a Negotiate token carries */
#ifndef LYNCSCOPE_DISSECTORS_SPNEGO_H
#define LYNCSCOPE_DISSECTORS_SPNEGO_H

#include "lyncscope/slice.h"

struct negotiate_token {
    struct slice ntlm; /* an NTLM message, raw or unwrapped; empty when there is none */
    bool kerberos;     /* an AP-REQ is in it */
};

struct negotiate_token spnego_read(struct slice token);

#endif
