/* halves.c: two things side by side */
#include "ui/halves.h"

enum { MIDDLE = 3 };

struct halves halves_of(struct area area)
{
    struct halves halves = { area, area, area };
    int half = (area.columns - MIDDLE) / 2;

    halves.left.columns = half;
    halves.middle.column = area.column + half;
    halves.middle.columns = MIDDLE;
    halves.right.column = halves.middle.column + MIDDLE;
    halves.right.columns = area.columns - half - MIDDLE;
    return halves;
}

void halves_draw_relation(struct canvas *canvas, const struct halves *halves, int row,
                          enum half_relation relation)
{
    static const struct {
        enum sign sign;
        enum style style;
    } looks[] = {
        [HALVES_SAME] = { SIGN_VERTICAL, STYLE_DIM },
        [HALVES_DIFFER] = { SIGN_DIFFERENT, STYLE_WARNING },
        [HALVES_LEFT_ONLY] = { SIGN_HEAD_LEFT, STYLE_WARNING },
        [HALVES_RIGHT_ONLY] = { SIGN_HEAD_RIGHT, STYLE_WARNING },
    };
    struct pen pen = pen_at(canvas, halves->middle, row);

    pen_move(&pen, 1);
    pen_put_sign(&pen, looks[relation].style, looks[relation].sign);
}

void halves_draw_signin(struct pen pen, const struct signin *signin, unsigned step)
{
    enum style style = style_of_outcome(signin->outcome);
    struct text word = { 0 };

    text_print(&word, "Sign-in %u", signin->id);
    if (step)
        text_print(&word, ", step %u", step);
    text_add(&word, " ");
    pen_put(&pen, STYLE_TITLE, text_string(&word));
    pen_put_sign(&pen, style, sign_of_outcome(signin->outcome));
    pen_put(&pen, style, " ");
    pen_put(&pen, style, signin->result ? signin->result : outcome_name(signin->outcome));
    text_release(&word);
}

void halves_draw_gone(struct canvas *canvas, struct area area)
{
    struct pen pen = pen_at(canvas, area, 0);

    pen_put(&pen, STYLE_WARNING,
            "One of the two sign-ins is no longer kept: too many came after "
            "it.");
}
