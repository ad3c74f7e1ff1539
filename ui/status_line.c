/* status_line.c: the top line: what is read, how much came, and that it is live */
#include "ui/status_line.h"

#include "ui/measure.h"
#include "ui/words.h"

enum {
    RANK_MOST = 9,
    NAME_LEAST = 12, /* columns for the name of what is read */
};

static const char TITLE[] = "lyncscope ";

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

/* What stands at the right of the line, from the left; where there is no room in brief words
 * either, what has the highest rank yields first. */
struct piece {
    struct text full, brief; /* nothing in one: the same */
    enum style style;
    unsigned rank; /* 0: always there */
};

enum { PIECES_MAX = 8 };

struct pieces {
    struct piece list[PIECES_MAX];
    size_t count;
};

/* How much of the line is told. */
struct brevity {
    bool title, full;
    unsigned rank; /* pieces up to this one */
};

static struct piece *add_piece(struct pieces *pieces, enum style style, unsigned rank)
{
    struct piece *piece = &pieces->list[pieces->count++];

    piece->style = style;
    piece->rank = rank;
    return piece;
}

static void add_counted(struct text *out, uint64_t count, const char *what)
{
    count_add(out, count);
    text_add(out, what);
}

static void add_faults(struct pieces *pieces)
{
    struct piece *piece = add_piece(pieces, STYLE_WARNING, 1);

    text_add(&piece->full, "faulty, see i");
    text_add(&piece->brief, "faulty: i");
}

static void add_traffic(struct pieces *pieces, const struct scene *scene)
{
    uint64_t packets = 0, drops = 0;
    struct piece *piece;

    for (size_t i = 0; i < scene->report->input_count; i++) {
        packets += scene->report->inputs[i]->packets;
        drops += scene->report->inputs[i]->drops;
    }
    piece = add_piece(pieces, scene->reading ? STYLE_LIVE : STYLE_DIM, 2);
    add_counted(&piece->full, packets, " packets");
    if (drops == 0 && !scene->live)
        return;
    piece = add_piece(pieces, drops > 0 ? STYLE_WARNING : STYLE_DIM, drops > 0 ? 1 : 5);
    add_counted(&piece->full, drops, " dropped");
    add_counted(&piece->brief, drops, drops == 1 ? " drop" : " drops");
}

/* What comes near its end is more than a number. */
static void add_memory(struct pieces *pieces, const struct report *report)
{
    enum { MIB = 1 << 20 };
    bool scarce = report->memory_limit > 0 && report->memory_used > report->memory_limit / 8 * 7;
    struct piece *piece = add_piece(pieces, scarce ? STYLE_WARNING : STYLE_DIM, scarce ? 1 : 4);

    add_counted(&piece->brief, report->memory_used / MIB, " MiB");
    if (report->memory_limit == 0)
        return;
    add_counted(&piece->full, report->memory_used / MIB, " of ");
    add_counted(&piece->full, report->memory_limit / MIB, " MiB");
}

static void add_keys(struct pieces *pieces, const struct report *report)
{
    struct piece *piece = add_piece(pieces, STYLE_DIM, 3);

    if (!report->has_keys) {
        text_add(&piece->full, "no keys");
        return;
    }
    add_counted(&piece->full, report->key_count, report->key_count == 1 ? " key, " : " keys, ");
    add_counted(&piece->full, report->keys_used, " used");
    add_counted(&piece->brief, report->keys_used, "/");
    add_counted(&piece->brief, report->key_count, " keys");
}

static void add_state(struct pieces *pieces, const struct canvas *canvas, const struct scene *scene)
{
    struct text *out;

    if (!scene->reading)
        return;
    out = &add_piece(pieces, STYLE_LIVE, 0)->full;
    text_add(out, sign_text(SIGN_LIVE, canvas->ascii));
    text_add(out, " ");
    if (scene->live)
        text_add(out, "live");
    else
        add_progress(out, scene->report);
}

static void add_pieces(struct pieces *pieces, const struct canvas *canvas,
                       const struct scene *scene)
{
    if (scene->report->finding_count > 0)
        add_faults(pieces);
    add_traffic(pieces, scene);
    if (scene->live) {
        add_memory(pieces, scene->report);
        add_keys(pieces, scene->report);
    }
    add_state(pieces, canvas, scene);
}

static const struct text *words_of(const struct piece *piece, bool full)
{
    const struct text *chosen = full ? &piece->full : &piece->brief;

    if (text_length(chosen) == 0)
        chosen = full ? &piece->brief : &piece->full;
    return chosen;
}

static int pieces_columns(const struct pieces *pieces, const struct brevity *brevity)
{
    int columns = brevity->title ? (int)sizeof TITLE - 1 : 0;

    for (size_t i = 0; i < pieces->count; i++)
        if (pieces->list[i].rank <= brevity->rank)
            columns +=
                measure_text(buffer_slice(&words_of(&pieces->list[i], brevity->full)->bytes)) + 2;
    return columns;
}

/* Brief words before no words, the program's name before either. */
static struct brevity choose_brevity(const struct pieces *pieces, int room)
{
    struct brevity brevity = { true, true, RANK_MOST };

    if (pieces_columns(pieces, &brevity) > room)
        brevity.full = false;
    if (pieces_columns(pieces, &brevity) > room)
        brevity.title = false;
    while (brevity.rank > 0 && pieces_columns(pieces, &brevity) > room)
        brevity.rank--;
    return brevity;
}

static void put_pieces(struct pen *pen, const struct pieces *pieces, const struct brevity *brevity)
{
    for (size_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->list[i];

        if (piece->rank > brevity->rank)
            continue;
        pen_put(pen, STYLE_PLAIN, "  ");
        pen_put(pen, piece->style, text_string(words_of(piece, brevity->full)));
    }
}

static void release_pieces(struct pieces *pieces)
{
    for (size_t i = 0; i < pieces->count; i++) {
        text_release(&pieces->list[i].full);
        text_release(&pieces->list[i].brief);
    }
}

void status_line_draw(struct pen pen, const struct scene *scene)
{
    struct pieces pieces = { 0 };
    struct brevity brevity;
    struct text name = { 0 };
    int columns;

    add_pieces(&pieces, pen.canvas, scene);
    add_inputs(&name, scene->report);
    columns = measure_text(buffer_slice(&name.bytes));
    brevity =
        choose_brevity(&pieces, pen_left(&pen) - (columns < NAME_LEAST ? columns : NAME_LEAST));
    columns = pen_left(&pen) - pieces_columns(&pieces, &brevity);
    if (brevity.title)
        pen_put(&pen, STYLE_TITLE, TITLE);
    pen_put_field(&pen, STYLE_PLAIN, text_string(&name), columns);
    put_pieces(&pen, &pieces, &brevity);
    release_pieces(&pieces);
    text_release(&name);
}
