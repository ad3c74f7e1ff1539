/* signins.h: the parts of the first screen, for its own files only
 *
 * The selection is a sign-in or the head of a group, never a row: rows come,
 * go, and are sorted, filtered and folded under it.
 */
#ifndef UI_SIGNINS_H
#define UI_SIGNINS_H

#include "ui/columns.h"
#include "ui/prompt.h"
#include "ui/roster.h"
#include "ui/scroll.h"
#include "ui/seeker.h"
#include "ui/view.h"

struct signins {
    struct roster roster;
    struct scroll scroll;
    struct column_layout layout; /* of the last frame, for the mouse */
    int heading;                 /* its row */
    unsigned selected;           /* id of the sign-in at the cursor, 0: none yet */
    unsigned wanted;             /* the last one that a person chose; it may be hidden now */
    bool on_head;                /* the cursor is on the head of a group */
    uint64_t head;               /* of which */
    bool following;              /* stays at the last row while more arrive */
    struct folds folds;          /* groups that are shut */
    struct prompt prompt;
    struct seeker seeker;
    unsigned origin; /* the selection when the search began */
};

/* signins_rows.c */
void signins_build(struct signins *state, const struct scene *scene);
/* The row at the cursor is now what is selected; `chosen`: by a person. */
void signins_select_row(struct signins *state, bool chosen);
void signins_select(struct signins *state, unsigned id);
const struct roster_row *signins_row(const struct signins *state); /* at the cursor; may be NULL */
const struct roster_group *signins_group(const struct signins *state, const struct roster_row *row);
/* The sign-in at the cursor, or one of the group; NULL: none. */
const struct signin *signins_sample(const struct signins *state);
void signins_fold(struct signins *state, const struct scene *scene, bool folded);
void signins_fold_all(struct signins *state, const struct scene *scene);
void signins_group_next(struct signins *state, const struct scene *scene);

/* signins_search.c */
void signins_search_open(struct signins *state);
void signins_search_end(struct signins *state);
bool signins_search_type(struct signins *state, uint32_t input, const struct scene *scene);
void signins_search_step(struct signins *state, const struct scene *scene, int direction);
bool signins_search_is_shown(const struct signins *state);
void signins_search_draw(struct signins *state, struct pen pen, const struct scene *scene);

/* signins_draw.c */
void signins_draw(void *data, struct canvas *canvas, struct area area, const struct scene *scene);

#endif
