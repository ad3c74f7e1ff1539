/* ladder_extra.c: rows under a step: what was sent again, what stayed silent, what nobody could
 * read
 */
#include "lyncscope/rule.h"
#include "ui/ladder.h"
#include "ui/measure.h"
#include "ui/step_label.h"
#include "ui/words.h"

enum { BEHIND_LEAST = 20 }; /* columns that words behind an arrow are worth it for */

/* ---- which rows there are ---- */

static unsigned times_sent(const struct step *step)
{
    if (step->dns)
        return step->dns->questions;
    return step->tcp ? step->tcp->attempts : 1;
}

static int64_t again_for_ns(const struct step *step)
{
    if (step->dns)
        return time_between(step->dns->question.time_ns, step->dns->last_question.time_ns);
    return time_between(step->tcp->first_attempt.time_ns, step->tcp->last_attempt.time_ns);
}

size_t ladder_extras(const struct step *step, enum ladder_extra extras[EXTRA_COUNT])
{
    size_t count = 0;

    if (times_sent(step) > 1)
        extras[count++] = EXTRA_AGAIN;
    if (step->status == STEP_UNANSWERED)
        extras[count++] = EXTRA_SILENCE;
    if (step->tls && tls_is_unread(step->tls))
        extras[count++] = EXTRA_SHADE;
    if (step->relay)
        extras[count++] = EXTRA_RELAY;
    return count;
}

/* ---- their words ---- */

struct row {
    const struct ladder_plan *plan;
    const struct step *step;
    bool ascii;
    /* Appends them, in less and less words. */
    void (*add_words)(struct text *out, const struct row *row, int brevity);
    enum sign sign;
    enum style style;
};

static void add_again(struct text *out, const struct row *row, int brevity)
{
    unsigned again = times_sent(row->step) - 1;
    const char *times = sign_text(SIGN_TIMES, row->ascii);
    char word[WORD_SIZE];

    duration_format(again_for_ns(row->step), word);
    if (brevity == LABEL_FULL)
        text_print(out, "sent again %u%s, the last after %s", again, times, word);
    else if (brevity == LABEL_BRIEF)
        text_print(out, "again %u%s in %s", again, times, word);
    else
        text_print(out, "again %u%s", again, times);
}

static void add_silence(struct text *out, const struct row *row, int brevity)
{
    char word[WORD_SIZE];

    text_add(out, brevity == LABEL_FULL ? "nothing came back" : "no answer");
    if (row->step->silence_ns > 0 && brevity != LABEL_TINY) {
        duration_format(row->step->silence_ns, word);
        text_print(out, " for %s", word);
    }
}

static void add_shade(struct text *out, const struct row *row, int brevity)
{
    const struct tls_session *tls = row->step->tls;
    const char *why = tls_obstacle_text(tls->obstacle, row->plan->has_keys);
    unsigned long long records = tls->client_records + tls->server_records;

    if (brevity == LABEL_FULL)
        text_print(out, "encrypted, %llu records: %s", records, why);
    else if (brevity == LABEL_BRIEF)
        text_print(out, "encrypted: %s", why);
    else
        text_add(out, "encrypted");
}

/* The longest that fits; returns which one it is. */
static int choose_words(struct text *out, const struct row *row, int columns)
{
    for (int brevity = LABEL_FULL;; brevity++) {
        text_truncate(out, 0);
        row->add_words(out, row, brevity);
        if (brevity == LABEL_TINY || measure_text(buffer_slice(&out->bytes)) <= columns)
            return brevity;
    }
}

/* ---- drawing ---- */

/* Columns between two lifelines. */
struct span {
    int from, columns;
};

static struct span span_of(const struct ladder_plan *plan, struct leg_ends ends)
{
    int from = ladder_line_column(plan, ends.from), to = ladder_line_column(plan, ends.to);

    return from < to ? (struct span){ from + 1, to - from - 1 }
                     : (struct span){ to + 1, from - to - 1 };
}

static void put_words(struct pen pen, const struct row *row, struct span span, const char *words)
{
    int columns = measure_text(slice_of_text(words)) + 2;

    if (columns > span.columns)
        columns = span.columns;
    pen_move(&pen, span.from + (span.columns - columns) / 2);
    pen.end = pen.column + columns;
    pen_put(&pen, row->style, " ");
    pen.end--;
    pen_put(&pen, row->style, words);
    pen.end++;
    pen_put(&pen, row->style, " ");
}

/* What has no room between the lifelines goes behind them, where no arrow is. */
static void draw_row(struct pen pen, const struct row *row, struct span span)
{
    struct text words = { 0 };
    struct pen behind = pen;

    pen_move(&pen, span.from);
    pen_fill(&pen, row->style, row->sign, span.columns);
    pen_move(&behind, span.from + span.columns + 2);
    if (choose_words(&words, row, span.columns - 4) != LABEL_FULL &&
        pen_left(&behind) >= BEHIND_LEAST) {
        (void)choose_words(&words, row, pen_left(&behind));
        pen_put(&behind, row->style, text_string(&words));
    } else if (span.columns > 6) {
        put_words(pen, row, span, text_string(&words));
    }
    text_release(&words);
}

void ladder_draw_extra(struct pen pen, const struct ladder_step *drawn, enum ladder_extra extra)
{
    struct row row = { .plan = drawn->plan, .step = drawn->step, .ascii = pen.canvas->ascii };

    switch (extra) {
    case EXTRA_AGAIN:
        row.add_words = add_again;
        row.sign = SIGN_REPEAT;
        row.style = STYLE_WARNING;
        break;
    case EXTRA_SILENCE:
        row.add_words = add_silence;
        row.sign = SIGN_SILENCE;
        row.style = STYLE_FAILED;
        break;
    case EXTRA_SHADE:
        row.add_words = add_shade;
        row.sign = SIGN_SHADE;
        row.style = STYLE_UNKNOWN;
        break;
    case EXTRA_RELAY:
    case EXTRA_COUNT:
        ladder_draw_relay(pen, drawn->plan, drawn->lifelines, drawn->step);
        return;
    }
    ladder_draw_lines(pen, drawn->plan);
    draw_row(pen, &row, span_of(drawn->plan, lifelines_of_step(drawn->lifelines, drawn->step)));
}
