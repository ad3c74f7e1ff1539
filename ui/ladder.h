/* ladder.h: lifelines and arrows: where they stand and how they look */
#ifndef UI_LADDER_H
#define UI_LADDER_H

#include "ui/canvas.h"
#include "ui/lifelines.h"

/* Columns, from the width and the number of hosts alone. */
struct ladder_plan {
    int number, time, delta, mark; /* where those parts begin; -1: no room */
    int clock;                     /* characters of the time */
    int first, gap;                /* the first lifeline, and from one to the next */
    size_t shown;                  /* lifelines; the last may stand for several */
    bool merged;                   /* it does */
    unsigned failing;              /* number of the step that made it fail, 0: none */
    bool has_keys;                 /* something was given to decrypt with */
    int64_t before_ns;             /* the step above the one that is drawn, for its delta */
};

struct ladder_plan ladder_plan_for(int columns, size_t hosts);
/* The roles and names of the hosts; `area` has one row or two. */
void ladder_draw_hosts(struct canvas *canvas, struct area area, const struct ladder_plan *plan,
                       const struct lifelines *lifelines);
/* One row: the times, the mark, the lifelines and a step's arrow. */
void ladder_draw_step(struct pen pen, const struct ladder_plan *plan,
                      const struct lifelines *lifelines, const struct step *step);
/* One row: the same exchange on the inner side of a proxy. */
void ladder_draw_relay(struct pen pen, const struct ladder_plan *plan,
                       const struct lifelines *lifelines, const struct step *step);

/* Rows under a step that tell what an arrow cannot. */
enum ladder_extra {
    EXTRA_AGAIN,   /* it was sent again */
    EXTRA_SILENCE, /* nothing came back */
    EXTRA_SHADE,   /* what went through it is encrypted, and why that was not read */
    EXTRA_RELAY,   /* the same exchange on the inner side of a proxy */
    EXTRA_COUNT,
};

/* Those that a step has, in order; returns how many. */
size_t ladder_extras(const struct step *step, enum ladder_extra extras[EXTRA_COUNT]);
/* A step and where it is drawn. */
struct ladder_step {
    const struct ladder_plan *plan;
    const struct lifelines *lifelines;
    const struct step *step;
};
void ladder_draw_extra(struct pen pen, const struct ladder_step *drawn, enum ladder_extra extra);

int ladder_line_column(const struct ladder_plan *plan, size_t line);
void ladder_draw_lines(struct pen pen, const struct ladder_plan *plan);

#endif
