/* summary.c: the lines on top of the list: what is read, how many sign-ins, what fails most */
#include "ui/summary.h"

#include "ui/status_line.h"
#include "ui/words.h"

enum {
    OTHERS_ROOM = 30, /* what the cause gets before anything else */
    CAUSE_ROOM = 44,
};
enum { CAUSES_MAX = 64 }; /* rules that are told apart; there are hardly more in one capture */

struct cause {
    const struct rule *rule;
    const char *title;
    size_t count;
};

struct tally {
    size_t failed, unclear;
    struct cause causes[CAUSES_MAX];
    size_t cause_count;
};

static void count_cause(struct tally *tally, const struct finding *root)
{
    size_t i = 0;

    while (i < tally->cause_count && tally->causes[i].rule != root->rule)
        i++;
    if (i == CAUSES_MAX)
        return;
    if (i == tally->cause_count)
        tally->causes[tally->cause_count++] = (struct cause){ root->rule, root->title, 0 };
    tally->causes[i].count++;
}

static void count_all(struct tally *tally, const struct report *report)
{
    for (size_t i = 0; i < report->signin_count; i++) {
        const struct signin *signin = report->signins[i];

        tally->unclear += signin->outcome == OUTCOME_INCOMPLETE;
        if (signin->outcome != OUTCOME_FAILED)
            continue;
        tally->failed++;
        if (signin->finding_count > 0)
            count_cause(tally, &signin->findings[0]);
    }
}

static const struct cause *find_most(const struct tally *tally)
{
    const struct cause *most = tally->cause_count > 0 ? &tally->causes[0] : NULL;

    for (size_t i = 1; i < tally->cause_count; i++)
        if (tally->causes[i].count > most->count)
            most = &tally->causes[i];
    return most;
}

static void put_count(struct pen *pen, enum style style, size_t count, const char *what)
{
    struct text word = { 0 };

    count_add(&word, count);
    text_add(&word, what);
    pen_put(pen, style, text_string(&word));
    text_release(&word);
}

static void put_separator(struct pen *pen)
{
    pen_put(pen, STYLE_DIM, " ");
    pen_put_sign(pen, STYLE_DIM, SIGN_SEPARATOR);
    pen_put(pen, STYLE_DIM, " ");
}

static void put_cause(struct pen *pen, const struct cause *cause)
{
    struct text often = { 0 };
    int room;

    put_separator(pen);
    if (pen_left(pen) >= CAUSE_ROOM)
        pen_put(pen, STYLE_DIM, "most often: ");
    text_print(&often, " (%zu)", cause->count);
    room = pen_left(pen) - (int)text_length(&often);
    if (cause->title && room > 0 && (int)slice_of_text(cause->title).length > room)
        pen_put_field(pen, STYLE_FAILED, cause->title, room);
    else
        pen_put(pen, STYLE_FAILED, cause->title ? cause->title : "?");
    pen_put(pen, STYLE_DIM, text_string(&often));
    text_release(&often);
}

/* What is neither good nor bad is told when the cause has room besides. */
static void put_others(struct pen *pen, const struct tally *tally, const struct report *report)
{
    if (pen_left(pen) < OTHERS_ROOM)
        return;
    if (tally->unclear > 0) {
        put_separator(pen);
        put_count(pen, STYLE_UNKNOWN, tally->unclear, " unclear");
    }
    if (report->hidden_count > 0) {
        put_separator(pen);
        put_count(pen, STYLE_WARNING, report->hidden_count, " hidden");
    }
}

static void draw_counts(struct pen pen, const struct tally *tally, const struct report *report)
{
    const struct cause *most = find_most(tally);

    put_count(&pen, STYLE_TITLE, report->signin_count,
              report->signin_count == 1 ? " sign-in" : " sign-ins");
    put_separator(&pen);
    put_count(&pen, tally->failed > 0 ? STYLE_FAILED : STYLE_OK, tally->failed, " failed");
    put_others(&pen, tally, report);
    if (most)
        put_cause(&pen, most);
}

void summary_draw(struct canvas *canvas, struct area area, const struct scene *scene)
{
    struct tally tally = { 0 };

    count_all(&tally, scene->report);
    status_line_draw(pen_at(canvas, area, 0), scene);
    draw_counts(pen_at(canvas, area, 1), &tally, scene->report);
}
