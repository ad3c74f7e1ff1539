/* view.h: what a screen of the program provides
 *
 * A view holds ids and positions, never pointers into the report: it looks
 * everything up each time it draws or acts, because sign-ins grow, end and are
 * dropped in between.  A new screen is one such struct and the wish that opens
 * it; the loop knows no screen by name.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include "lyncscope/report.h"
#include "ui/actions.h"
#include "ui/canvas.h"

struct view_ops;
struct row_filter;
struct ui_settings;

/* What there is to show, for the time of one frame or one key. */
struct scene {
    const struct report *report;
    bool show_secrets;
    bool live;                    /* an interface, not files */
    bool reading;                 /* more may come */
    unsigned marked;              /* id of the sign-in that others are compared with; 0: none */
    struct row_filter *filter;    /* what a person wants to see; any view may change it */
    struct ui_settings *settings; /* kept for the next time; the same */
    bool no_save;                 /* files are not written */
    const struct keymap *keymap;
};

/* What a view is opened on; each takes what it needs. */
struct target {
    unsigned signin;                   /* id */
    unsigned step;                     /* number, 0: none */
    unsigned other_signin, other_step; /* to compare with */
    struct evidence evidence;          /* a packet to begin at; packet 0: none */
    const struct view_ops *about;      /* the screen that help or saving was asked on */
    const char *glass;                 /* of saving: what that screen shows; only during `open` */
    struct buffer *listed;             /* of saving: ids of sign-ins, by target_list; the same */
};

enum wish_kind {
    WISH_NOTHING,
    WISH_OPEN,
    WISH_CLOSE,
    WISH_MARK, /* target.signin; the one that is marked: no longer */
};

/* What a view wants done after a key. */
struct wish {
    enum wish_kind kind;
    const struct view_ops *view;
    struct target target;
    const char *notice; /* shown until the next key; NULL: none */
};

struct view_ops {
    const char *name;           /* in the help */
    const char *legend;         /* its signs explained, for the help; or NULL */
    const enum action *actions; /* that it understands, most important first; ACTION_NONE ends */
    size_t state_size;
    bool (*open)(void *state, const struct target *target); /* false: no memory */
    void (*draw)(void *state, struct canvas *canvas, struct area area, const struct scene *scene);
    struct wish (*act)(void *state, enum action action, const struct scene *scene);
    /* Optional: sees each key before the table of actions does, as a line being typed must. True:
     * it was taken. */
    bool (*type)(void *state, uint32_t input, const struct scene *scene, struct wish *wish);
    /* Optional: what the footer says instead of the keys of the table; NULL: nothing else. */
    const char *(*hint)(const void *state);
    /* Optional: what takes longer than a key may, for about so long; 0: does nothing. True: there
     * is more to do. */
    bool (*work)(void *state, const struct scene *scene, unsigned milliseconds);
    bool over_others; /* a box: the views below are drawn first */
    /* Optional: what of the target is selected now: a sign-in, a step; what is listed. */
    void (*select)(void *state, const struct scene *scene, struct target *target);
    /* Optional: a click there, both from 0 inside the area that was last drawn in. */
    struct wish (*click)(void *state, int row, int column, const struct scene *scene);
    void (*close)(void *state); /* gives back what the state holds, not the state */
};

extern const struct view_ops view_signins, view_ladder, view_message, view_verdict, view_capture,
    view_help, view_compare, view_compare_messages, view_filter, view_columns, view_numbers,
    view_save;

/* A sign-in that the screen lists, for what is saved of it. */
void target_list(struct target *target, unsigned id);
/* NULL when it is not there (any more). */
const struct signin *scene_signin(const struct scene *scene, unsigned id);
const struct step *signin_step(const struct signin *signin, unsigned number);

#endif
