/* save.c: what can be written to a file, and under which name
 *
 * A ladder or a message in full is its own screen drawn anew on a canvas that
 * is tall enough, so that what is pasted into a ticket is what was looked at.
 */
#include "ui/save.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ui/words.h"

enum { TALL = 1000, PAPER_COLUMNS = 100, NAMES_TRIED = 1000, NAME_MAX_BYTES = 64 };

/* ---- what there is to save ---- */

static int compare_ids(const void *a, const void *b)
{
    unsigned one = *(const unsigned *)a, other = *(const unsigned *)b;

    return (one > other) - (one < other);
}

bool save_matter_take(struct save_matter *matter, const struct target *target)
{
    struct slice listed = target->listed ? buffer_slice(target->listed) : SLICE_EMPTY;

    matter->signin = target->signin;
    matter->step = target->step;
    text_add(&matter->glass, target->glass ? target->glass : "");
    if (!buffer_append(&matter->listed, listed))
        return false;
    if (listed.length > 0)
        qsort(matter->listed.data, save_matter_count(matter), sizeof(unsigned), compare_ids);
    return true;
}

size_t save_matter_count(const struct save_matter *matter)
{
    return matter->listed.length / sizeof(unsigned);
}

void save_matter_release(struct save_matter *matter)
{
    text_release(&matter->glass);
    buffer_release(&matter->listed);
    *matter = (struct save_matter){ 0 };
}

static bool is_offered(const struct save_matter *matter, enum save_subject subject)
{
    switch (subject) {
    case SAVE_SCREEN:
        return true;
    case SAVE_LADDER:
    case SAVE_SIGNIN:
        return matter->signin != 0;
    case SAVE_STEP:
        return matter->signin != 0 && matter->step != 0;
    case SAVE_SIGNINS:
        return save_matter_count(matter) > 0;
    }
    return false;
}

size_t save_choices(const struct save_matter *matter, struct save_choice choices[SAVE_CHOICES_MAX])
{
    static const struct save_choice all[] = {
        { SAVE_SCREEN, SAVE_TEXT },    { SAVE_LADDER, SAVE_TEXT },     { SAVE_STEP, SAVE_TEXT },
        { SAVE_SIGNIN, SAVE_TEXT },    { SAVE_SIGNIN, SAVE_JSON },     { SAVE_SIGNIN, SAVE_HTML },
        { SAVE_SIGNIN, SAVE_PACKETS }, { SAVE_SIGNINS, SAVE_TEXT },    { SAVE_SIGNINS, SAVE_JSON },
        { SAVE_SIGNINS, SAVE_HTML },   { SAVE_SIGNINS, SAVE_PACKETS },
    };
    size_t count = 0;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (is_offered(matter, all[i].subject))
            choices[count++] = all[i];
    return count;
}

void save_describe(struct text *out, const struct save_matter *matter,
                   const struct save_choice *choice)
{
    static const char *const forms[] = {
        [SAVE_TEXT] = "report as text",
        [SAVE_JSON] = "report as JSON",
        [SAVE_HTML] = "report as HTML",
        [SAVE_PACKETS] = "packets, pcapng",
    };

    switch (choice->subject) {
    case SAVE_SCREEN:
        text_add(out, "this screen as it is");
        return;
    case SAVE_LADDER:
        text_print(out, "sign-in %u: ladder and verdict", matter->signin);
        return;
    case SAVE_STEP:
        text_print(out, "sign-in %u: all of step %u", matter->signin, matter->step);
        return;
    case SAVE_SIGNIN:
        text_print(out, "sign-in %u: %s", matter->signin, forms[choice->form]);
        return;
    case SAVE_SIGNINS:
        text_add(out, "all ");
        count_add(out, save_matter_count(matter));
        text_print(out, " of the list: %s", forms[choice->form]);
        return;
    }
}

/* ---- its name ---- */

static void add_stem(struct text *out, const struct save_matter *matter,
                     const struct save_choice *choice)
{
    switch (choice->subject) {
    case SAVE_SCREEN:
        text_add(out, "lyncscope-screen");
        break;
    case SAVE_LADDER:
        text_print(out, "signin-%u-ladder", matter->signin);
        break;
    case SAVE_STEP:
        text_print(out, "signin-%u-step-%u", matter->signin, matter->step);
        break;
    case SAVE_SIGNIN:
        text_print(out, "signin-%u", matter->signin);
        break;
    case SAVE_SIGNINS:
        text_add(out, "signins");
        break;
    }
}

void save_propose(struct text *out, const struct save_matter *matter,
                  const struct save_choice *choice)
{
    static const char *const endings[] = { ".txt", ".json", ".html", ".pcapng" };

    for (unsigned number = 1; number <= NAMES_TRIED; number++) {
        text_truncate(out, 0);
        add_stem(out, matter, choice);
        if (number > 1)
            text_print(out, "-%u", number);
        text_add(out, endings[choice->form]);
        if (access(text_string(out), F_OK) != 0)
            return;
    }
}

/* ---- its content ---- */

static bool is_part(const struct save_matter *matter, const struct save_choice *choice, unsigned id)
{
    if (choice->subject != SAVE_SIGNINS)
        return id == matter->signin;
    return save_matter_count(matter) > 0 &&
           bsearch(&id, matter->listed.data, save_matter_count(matter), sizeof id, compare_ids);
}

bool save_part_take(struct save_part *part, const struct save_matter *matter,
                    const struct save_choice *choice, const struct scene *scene)
{
    const struct report *report = scene->report;

    *part = (struct save_part){ .report = *report, .capacity = report->signin_count };
    part->report.signin_count = 0;
    part->report.hidden_count = 0;
    if (choice->subject == SAVE_SIGNIN)
        part->report.finding_count = 0;
    if (part->capacity == 0)
        return true;
    part->signins = memory_take(NULL, part->capacity * sizeof *part->signins);
    part->report.signins = part->signins;
    for (size_t i = 0; part->signins && i < report->signin_count; i++)
        if (is_part(matter, choice, report->signins[i]->id))
            part->signins[part->report.signin_count++] = report->signins[i];
    return part->signins != NULL;
}

void save_part_release(struct save_part *part)
{
    memory_give(NULL, part->signins, part->capacity * sizeof *part->signins);
    part->signins = NULL;
}

/* Blank lines that only fill a screen are one. */
static void write_lines(FILE *out, struct slice lines)
{
    bool blank = true;

    while (lines.length > 0) {
        size_t end = slice_find_byte(lines, '\n');

        if (end > 0 || !blank)
            fprintf(out, "%.*s\n", (int)end, (const char *)lines.data);
        blank = end == 0;
        lines = slice_after(lines, end + 1);
    }
}

static void write_view(FILE *out, const struct view_ops *ops, const struct target *target,
                       const struct scene *scene)
{
    struct canvas canvas = { 0 };
    struct text lines = { 0 };
    void *state = memory_take(NULL, ops->state_size);

    canvas_resize(&canvas, TALL, PAPER_COLUMNS);
    if (state && ops->open(state, target)) {
        ops->draw(state, &canvas, canvas_area(&canvas), scene);
        ops->close(state);
    }
    canvas_print(&canvas, canvas.rows, &lines);
    write_lines(out, buffer_slice(&lines.bytes));
    memory_give(NULL, state, ops->state_size);
    text_release(&lines);
    canvas_release(&canvas);
}

static void write_report(FILE *out, const struct save_matter *matter,
                         const struct save_choice *choice, const struct scene *scene)
{
    struct report_options options = { .show_secrets = scene->show_secrets,
                                      .verbose = choice->subject == SAVE_SIGNIN,
                                      .width = PAPER_COLUMNS };
    struct save_part part;

    if (save_part_take(&part, matter, choice, scene)) {
        if (choice->form == SAVE_JSON)
            report_json(out, &part.report, &options);
        else if (choice->form == SAVE_HTML)
            report_html(out, &part.report, &options);
        else
            report_text(out, &part.report, &options);
    }
    save_part_release(&part);
}

void save_write(FILE *out, const struct save_matter *matter, const struct save_choice *choice,
                const struct scene *scene)
{
    struct target target = { .signin = matter->signin, .step = matter->step };

    if (choice->subject == SAVE_SCREEN)
        write_lines(out, buffer_slice(&matter->glass.bytes));
    else if (choice->subject == SAVE_LADDER)
        write_view(out, &view_ladder, &target, scene);
    else if (choice->subject == SAVE_STEP)
        write_view(out, &view_message, &target, scene);
    else
        write_report(out, matter, choice, scene);
}
