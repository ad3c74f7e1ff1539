/* ntlm.h: NTLM messages 1 to 3: who is asking, and which server answers */
#ifndef LYNCSCOPE_DISSECTORS_NTLM_H
#define LYNCSCOPE_DISSECTORS_NTLM_H

#include "lyncscope/lync.h"
#include "lyncscope/memory.h"

bool ntlm_is_message(struct slice bytes); /* begins with the signature */
/* type is 0 when it is no NTLM message of types 1 to 3. */
struct ntlm_facts ntlm_read(struct slice message, struct arena *arena);

#endif
