/* prompt.h: one line that a person types
 *
 * A view that has one gives its keys to prompt_press first (view_ops.type) and
 * draws it in a row of its own.  What is in the line is always harmless and
 * valid UTF-8; it still passes a pen like everything else.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include "ui/canvas.h"

enum { PROMPT_BYTES = 200, PROMPT_HISTORY = 12 };

struct prompt_line {
    size_t length;
    char bytes[PROMPT_BYTES + 1]; /* NUL-terminated */
};

/* Zero is a closed one without history. Holds nothing that must be given back. */
struct prompt {
    bool is_open;
    const char *label;                          /* in front of the line; borrowed, must stay */
    struct prompt_line line;                    /* what is typed; stays after it is closed */
    size_t at;                                  /* the cursor, a byte of the line */
    struct prompt_line earlier[PROMPT_HISTORY]; /* the newest first */
    size_t earlier_count;
    size_t recalled;          /* which of them is shown, from 1; 0: the person's own */
    struct prompt_line draft; /* that, while an earlier one is shown */
};

enum prompt_event {
    PROMPT_NOTHING,   /* the line is as before; the key was taken all the same */
    PROMPT_CHANGED,   /* other text: for a search while it is typed */
    PROMPT_DONE,      /* Enter; the line went into the history, the prompt is closed */
    PROMPT_CANCELLED, /* Esc, or Backspace in an empty line; closed */
};

/* `text` is what the line begins with; NULL: nothing. */
void prompt_open(struct prompt *prompt, const char *label, const char *text);
enum prompt_event prompt_press(struct prompt *prompt, uint32_t input);
const char *prompt_text(const struct prompt *prompt); /* "" when nothing is typed */
/* In the rest of the pen's line, with its cursor as a selected cell. */
void prompt_draw(const struct prompt *prompt, struct pen pen);
extern const char prompt_hint[]; /* its keys, for view_ops.hint */

#endif
