/* step_label.h: a step in a few words, for its arrow and for a heading */
#ifndef UI_STEP_LABEL_H
#define UI_STEP_LABEL_H

#include "lyncscope/signin.h"
#include "lyncscope/text.h"

enum { LABEL_FULL, LABEL_BRIEF, LABEL_TINY };

/* What was asked and what came of it, in less and less words. Escaped. */
void step_label_add(struct text *out, const struct step *step, int brevity, bool ascii);
/* How the inner side of a proxy went. */
void relay_label_add(struct text *out, const struct relay *relay, int brevity, bool ascii);

const char *http_ending_word(const struct http_exchange *http); /* "reset"; NULL when answered */
const char *tcp_word(const struct tcp_connection *tcp); /* how it opened: "refused", "connected" */

#endif
