/* screen.h: what shows a canvas and hands over keys
 *
 * Two back ends: a terminal (screen.c, the only curses) and plain memory
 * (screen_memory.c), which tests read.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "lyncscope/status.h"
#include "lyncscope/ui.h"
#include "ui/canvas.h"
#include "ui/input.h"

struct screen;

struct screen_ops {
    void (*size)(struct screen *screen, int *rows, int *columns); /* as it is now */
    uint32_t (*read)(struct screen *screen); /* a key, INPUT_NONE, INPUT_LOST; never waits */
    void (*show)(struct screen *screen, const struct canvas *canvas);
    void (*mouse)(struct screen *screen, bool ours); /* ours: clicks and the wheel come as keys */
    void (*redraw)(struct screen *screen);  /* the next `show` trusts nothing on the glass */
    void (*suspend)(struct screen *screen); /* the terminal as it was before */
    void (*resume)(struct screen *screen);
    void (*close)(struct screen *screen); /* suspends and frees */
};

struct screen {
    const struct screen_ops *ops;
    bool ascii;       /* no other characters */
    int keyboard;     /* descriptor to wait on, -1: none */
    char notice[160]; /* what a person should know about the terminal; shown until a key comes */
};

/* The terminal this program was started on. */
enum status screen_open(const struct ui_options *options, struct screen **screen,
                        struct complaint *complaint) MUST_CHECK;

/* A screen that is only memory. */
struct screen *screen_memory_create(int rows, int columns, bool ascii); /* NULL: no memory */
void screen_memory_resize(struct screen *screen, int rows, int columns);
const struct canvas *screen_memory_shown(const struct screen *screen);
/* What it shows, as lines without trailing blanks. */
void screen_memory_print(const struct screen *screen, struct text *out);

#endif
