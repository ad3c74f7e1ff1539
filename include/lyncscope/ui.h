/* ui.h: the terminal screen over a report that may still grow */
#ifndef LYNCSCOPE_UI_H
#define LYNCSCOPE_UI_H

#include "lyncscope/report.h"
#include "lyncscope/status.h"

/* Where the screen gets its facts. Called from the one thread that draws. */
struct ui_feed {
    void *context;
    /* The facts as they are now; valid until the next call of `work` or `report`. */
    const struct report *(*report)(void *context);
    /* Live or still reading: do up to about `milliseconds` of work. False: nothing more will come.
     */
    bool (*work)(void *context, unsigned milliseconds);
    const int *(*descriptors)(
        void *context); /* to wait on besides the keyboard, -1-terminated; may be NULL */
    bool live;
};

struct ui_options {
    bool color;
    bool show_secrets;
    bool no_mouse;           /* it stays the terminal's, until a key asks for it */
    bool no_save;            /* nothing is written to files */
    bool light;              /* the terminal's background is */
    const char *const *keys; /* chosen by a person: "sort=o Tab" */
    size_t key_count;
};

enum status ui_run(const struct ui_feed *feed, const struct ui_options *options,
                   struct complaint *complaint) MUST_CHECK;

#endif
