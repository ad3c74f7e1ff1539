/* view_save.c: chooses what to save, asks for a name, and before it overwrites
 *
 * A file is made so that an existing one is never opened by accident: only the
 * answer "y" opens it, and what is being read is never written to.  Packets are
 * copied in slices of time while the screen goes on.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ui/prompt.h"
#include "ui/save.h"
#include "ui/scroll.h"
#include "ui/words.h"

enum { PATH_BYTES = 512, FIRST_CHOICE = 2 /* row */ };

struct save_view {
    struct save_matter matter;
    struct scroll scroll;
    struct prompt prompt;
    struct save_choice choice; /* that is being saved */
    char path[PATH_BYTES];
    bool asking; /* whether to overwrite */
    FILE *file;  /* packets are being copied to it */
    struct packet_copy *copy;
    struct text message; /* what came of the last one */
    bool failed;
};

static bool save_open(void *data, const struct target *target)
{
    struct save_view *state = data;

    if (save_matter_take(&state->matter, target))
        return true;
    save_matter_release(&state->matter);
    return false;
}

static void say(struct save_view *state, bool failed, const char *what, const char *reason)
{
    text_truncate(&state->message, 0);
    text_print(&state->message, "%s: %s", what, reason);
    state->failed = failed;
}

/* ---- the file ---- */

static void finish(struct save_view *state, FILE *file, uint64_t packets)
{
    long bytes = ftell(file);
    bool failed = ferror(file) != 0;

    errno = errno ? errno : EIO;
    failed = fclose(file) != 0 || failed;
    if (failed) {
        say(state, true, state->path, strerror(errno));
        return;
    }
    say(state, false, state->path, "written, ");
    if (packets > 0) {
        count_add(&state->message, packets);
        text_add(&state->message, " packets, ");
    }
    count_add(&state->message, bytes > 0 ? (uint64_t)bytes : 0);
    text_add(&state->message, " bytes");
}

static void begin_copy(struct save_view *state, FILE *file, const struct scene *scene)
{
    struct complaint complaint = { "no memory" };
    struct save_part part;

    if (save_part_take(&part, &state->matter, &state->choice, scene))
        state->copy = packet_copy_begin(file, &part.report, &complaint);
    save_part_release(&part);
    if (state->copy) {
        state->file = file;
        return;
    }
    say(state, true, "No packets", complaint.line);
    fclose(file);
    remove(state->path); /* it was made for them only */
}

static void end_copy(struct save_view *state)
{
    uint64_t packets = packet_copy_end(state->copy);
    FILE *file = state->file;

    state->copy = NULL;
    state->file = NULL;
    errno = 0;
    finish(state, file, packets);
}

static bool save_work(void *data, const struct scene *scene, unsigned milliseconds)
{
    struct save_view *state = data;

    (void)scene;
    if (!state->copy)
        return false;
    if (packet_copy_work(state->copy, milliseconds))
        return true;
    end_copy(state);
    return false;
}

static bool is_input(const char *path, const struct report *report)
{
    struct stat one, other;

    for (size_t i = 0; i < report->input_count && stat(path, &one) == 0; i++)
        if (report->inputs[i]->kind != INPUT_LIVE && stat(report->inputs[i]->path, &other) == 0 &&
            one.st_dev == other.st_dev && one.st_ino == other.st_ino)
            return true;
    return false;
}

static void write_file(struct save_view *state, const struct scene *scene, bool overwrite)
{
    FILE *file;

    if (is_input(state->path, scene->report)) {
        say(state, true, state->path, "is being read; choose another name");
        return;
    }
    file = fopen(state->path, overwrite ? "we" : "wxe");
    state->asking = !file && errno == EEXIST;
    if (!file && !state->asking)
        say(state, true, state->path, strerror(errno));
    if (!file)
        return;
    if (state->choice.form == SAVE_PACKETS) {
        begin_copy(state, file, scene);
        return;
    }
    errno = 0;
    save_write(file, &state->matter, &state->choice, scene);
    finish(state, file, 0);
}

/* ---- keys ---- */

static void take_path(struct save_view *state, const char *typed)
{
    const char *home = getenv("HOME");
    struct text path = { 0 };

    if (typed[0] == '~' && typed[1] == '/' && home)
        text_print(&path, "%s%s", home, typed + 1);
    else
        text_add(&path, typed);
    snprintf(state->path, sizeof state->path, "%s", text_string(&path));
    text_release(&path);
}

static bool save_type(void *data, uint32_t input, const struct scene *scene, struct wish *wish)
{
    struct save_view *state = data;

    (void)wish;
    if (state->asking) {
        state->asking = false;
        if (input == 'y' || input == 'Y')
            write_file(state, scene, true);
        else
            say(state, false, state->path, "left as it is");
        return true;
    }
    if (!state->prompt.is_open)
        return false;
    if (prompt_press(&state->prompt, input) == PROMPT_DONE && *prompt_text(&state->prompt)) {
        take_path(state, prompt_text(&state->prompt));
        write_file(state, scene, false);
    }
    return true;
}

static const char *save_hint(const void *data)
{
    const struct save_view *state = data;

    if (state->asking)
        return " y: overwrite it, any other key: leave it";
    return state->prompt.is_open ? prompt_hint : NULL;
}

static struct wish save_act(void *data, enum action action, const struct scene *scene)
{
    struct save_view *state = data;
    struct save_choice choices[SAVE_CHOICES_MAX];
    size_t count = save_choices(&state->matter, choices);
    struct text name = { 0 };

    if (action != ACTION_OPEN) {
        (void)scroll_act(&state->scroll, action);
        scroll_fit(&state->scroll, (int)count, state->scroll.shown);
    } else if (scene->no_save) {
        say(state, true, "Nothing is written", "saving is switched off (--no-save)");
    } else if (state->copy) {
        say(state, true, state->path, "is still being written");
    } else {
        state->choice = choices[state->scroll.at < (int)count ? state->scroll.at : 0];
        save_propose(&name, &state->matter, &state->choice);
        prompt_open(&state->prompt, "Save as: ", text_string(&name));
        text_truncate(&state->message, 0);
    }
    text_release(&name);
    return (struct wish){ .kind = WISH_NOTHING };
}

/* On the choice that is selected already: it is meant. */
static struct wish save_click(void *data, int row, int column, const struct scene *scene)
{
    struct save_view *state = data;
    struct save_choice choices[SAVE_CHOICES_MAX];
    int at = row - FIRST_CHOICE + state->scroll.top;

    (void)column;
    if (row < FIRST_CHOICE || at >= (int)save_choices(&state->matter, choices))
        return (struct wish){ .kind = WISH_NOTHING };
    if (at == state->scroll.at)
        return save_act(data, ACTION_OPEN, scene);
    state->scroll.at = at;
    return (struct wish){ .kind = WISH_NOTHING };
}

static void save_close(void *data)
{
    struct save_view *state = data;

    if (state->copy) {
        (void)packet_copy_end(state->copy);
        fclose(state->file);
        remove(state->path); /* half of it is worse than none */
    }
    save_matter_release(&state->matter);
    text_release(&state->message);
}

/* ---- drawing ---- */

static void draw_choices(struct save_view *state, struct canvas *canvas, struct area area)
{
    struct save_choice choices[SAVE_CHOICES_MAX];
    int count = (int)save_choices(&state->matter, choices);
    struct text line = { 0 };

    scroll_fit(&state->scroll, count, area.rows);
    for (int i = state->scroll.top; i < count && i - state->scroll.top < area.rows; i++) {
        struct pen pen = pen_at(canvas, area, i - state->scroll.top);

        text_truncate(&line, 0);
        save_describe(&line, &state->matter, &choices[i]);
        pen_put(&pen, STYLE_PLAIN, "  ");
        pen_put(&pen, STYLE_PLAIN, text_string(&line));
        if (i == state->scroll.at)
            canvas_select(canvas, area_part(area, i - state->scroll.top, 1));
    }
    text_release(&line);
}

static void draw_progress(struct pen pen, const struct save_view *state)
{
    struct text line = { 0 };

    text_print(&line, "copying packets, %d %%", (int)(packet_copy_progress(state->copy) * 100));
    pen_put(&pen, STYLE_LIVE, text_string(&line));
    text_release(&line);
}

static void draw_below(struct save_view *state, struct pen pen)
{
    if (state->copy) {
        draw_progress(pen, state);
    } else if (state->asking) {
        pen_put(&pen, STYLE_WARNING, state->path);
        pen_put(&pen, STYLE_WARNING, " is there already. Overwrite it?");
    } else if (state->prompt.is_open) {
        prompt_draw(&state->prompt, pen);
    } else {
        pen_put(&pen, state->failed ? STYLE_FAILED : STYLE_OK, text_string(&state->message));
    }
}

static void save_draw(void *data, struct canvas *canvas, struct area area,
                      const struct scene *scene)
{
    struct save_view *state = data;
    struct pen title = pen_at(canvas, area, 0);
    struct pen note = pen_at(canvas, area, 1);

    pen_put(&title, STYLE_TITLE, "Save");
    if (scene->reading)
        pen_put(&note, STYLE_DIM, "Reading goes on: what is saved is what is known now.");
    draw_choices(state, canvas, area_part(area, FIRST_CHOICE, area.rows - 4));
    draw_below(state, pen_at(canvas, area, area.rows - 1));
}

static const enum action save_actions[] = { ACTION_OPEN,    ACTION_UP,        ACTION_DOWN,
                                            ACTION_PAGE_UP, ACTION_PAGE_DOWN, ACTION_FIRST,
                                            ACTION_LAST,    ACTION_NONE };

const struct view_ops view_save = {
    .name = "Save",
    .legend = "Enter asks for the file's name. A file that is there already is overwritten only "
              "after a question. Packets are looked for in the input files, which are read once "
              "more: those that prove something, and those of the sign-in's connections. Secrets "
              "are masked as on the screen; packets are as they were captured.",
    .actions = save_actions,
    .state_size = sizeof(struct save_view),
    .open = save_open,
    .draw = save_draw,
    .act = save_act,
    .type = save_type,
    .hint = save_hint,
    .click = save_click,
    .work = save_work,
    .close = save_close,
};
