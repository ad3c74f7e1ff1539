/* summary.c: the lines on top of the list: what is read, how many sign-ins, what fails most */
#include "ui/summary.h"

#include "ui/words.h"

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

/* ---- the first line: what is read ---- */

static void add_inputs(struct text *out, const struct report *report)
{
    for (size_t i = 0; i < report->input_count && i < 2; i++) {
        text_add(out, i > 0 ? ", " : "");
        text_add_escaped(out, slice_of_text(input_short_name(report->inputs[i])));
    }
    if (report->input_count > 2)
        text_print(out, " and %zu more", report->input_count - 2);
}

static void add_progress(struct text *out, const struct report *report)
{
    double sum = 0;
    size_t known = 0;

    for (size_t i = 0; i < report->input_count; i++) {
        if (report->inputs[i]->progress >= 0) {
            sum += report->inputs[i]->progress;
            known++;
        }
    }
    if (known > 0)
        text_print(out, "reading %d %%", (int)(sum * 100 / (double)known));
    else
        text_add(out, "reading");
}

static void add_state(struct text *out, const struct canvas *canvas, const struct scene *scene)
{
    uint64_t packets = 0, drops = 0;

    for (size_t i = 0; i < scene->report->input_count; i++) {
        packets += scene->report->inputs[i]->packets;
        drops += scene->report->inputs[i]->drops;
    }
    count_add(out, packets);
    text_add(out, " packets");
    if (drops > 0) {
        text_add(out, ", ");
        count_add(out, drops);
        text_add(out, " dropped");
    }
    if (!scene->reading)
        return;
    text_add(out, "  ");
    text_add(out, sign_text(SIGN_LIVE, canvas->ascii));
    text_add(out, " ");
    if (scene->live)
        text_add(out, "live");
    else
        add_progress(out, scene->report);
}

static void draw_inputs(struct canvas *canvas, struct pen pen, const struct scene *scene)
{
    const char *fault = scene->report->finding_count > 0 ? "faulty, see i: " : "";
    struct text left = { 0 }, right = { 0 };
    int right_columns;

    add_inputs(&left, scene->report);
    add_state(&right, canvas, scene);
    pen_put(&pen, STYLE_TITLE, "lyncscope ");
    right_columns =
        (int)(text_length(&right) + slice_of_text(fault).length) + 1; /* bytes: never too few */
    if (right_columns < pen_left(&pen))
        pen_put_field(&pen, STYLE_PLAIN, text_string(&left), pen_left(&pen) - right_columns);
    pen_put(&pen, STYLE_PLAIN, " ");
    pen_put(&pen, STYLE_WARNING, fault);
    pen_put(&pen, scene->reading ? STYLE_LIVE : STYLE_DIM, text_string(&right));
    text_release(&left);
    text_release(&right);
}

/* ---- the second line: what came of it ---- */

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

static void draw_counts(struct pen pen, const struct tally *tally, const struct report *report)
{
    const struct cause *most = find_most(tally);

    put_count(&pen, STYLE_TITLE, report->signin_count,
              report->signin_count == 1 ? " sign-in" : " sign-ins");
    put_separator(&pen);
    put_count(&pen, tally->failed > 0 ? STYLE_FAILED : STYLE_OK, tally->failed, " failed");
    if (tally->unclear > 0) {
        put_separator(&pen);
        put_count(&pen, STYLE_UNKNOWN, tally->unclear, " unclear");
    }
    if (report->hidden_count > 0) {
        put_separator(&pen);
        put_count(&pen, STYLE_WARNING, report->hidden_count, " hidden");
    }
    if (most)
        put_cause(&pen, most);
}

void summary_draw(struct canvas *canvas, struct area area, const struct scene *scene)
{
    struct tally tally = { 0 };

    count_all(&tally, scene->report);
    draw_inputs(canvas, pen_at(canvas, area, 0), scene);
    draw_counts(pen_at(canvas, area, 1), &tally, scene->report);
}
