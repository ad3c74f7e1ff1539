/* prompt.c: one line that a person types
 *
 * The cursor stands between characters as they are seen: a combining mark goes
 * with its letter.  A character that would be drawn escaped is not taken, so
 * columns and characters stay in step.
 */
#include "ui/prompt.h"

#include "lyncscope/memory.h"
#include "ui/input.h"
#include "ui/measure.h"
#include "ui/words.h"

const char prompt_hint[] = " Enter: accept  Esc: cancel  Up: earlier lines  ^U: empty";

static struct slice line_slice(const struct prompt_line *line)
{
    return slice_of(line->bytes, line->length);
}

/* Drawn as itself, not escaped. */
static bool is_harmless(struct slice character)
{
    struct text drawn = { 0 };
    bool same;

    text_add_escaped(&drawn, character);
    same = slice_equals(buffer_slice(&drawn.bytes), character);
    text_release(&drawn);
    return same;
}

/* What is harmful or does not fit is left out. */
static void line_set(struct prompt_line *line, struct slice text)
{
    uint32_t character;
    size_t length;

    line->length = 0;
    for (; (length = utf8_decode(text, &character)) > 0; text = slice_after(text, length)) {
        if (line->length + length > PROMPT_BYTES)
            break;
        if (!is_harmless(slice_part(text, 0, length)))
            continue;
        memory_put((uint8_t *)line->bytes + line->length, text.data, length);
        line->length += length;
    }
    line->bytes[line->length] = 0;
}

/* ---- places in the line ---- */

static size_t character_at(const struct prompt *prompt, size_t at, uint32_t *character)
{
    size_t length = utf8_decode(slice_after(line_slice(&prompt->line), at), character);

    return length > 0 ? length : 1;
}

static size_t step_right(const struct prompt *prompt, size_t at)
{
    uint32_t character = 0;

    if (at >= prompt->line.length)
        return prompt->line.length;
    at += character_at(prompt, at, &character);
    while (at < prompt->line.length) {
        size_t length = character_at(prompt, at, &character);

        if (measure_character(character) > 0)
            break;
        at += length;
    }
    return at;
}

static size_t step_left(const struct prompt *prompt, size_t at)
{
    size_t before = 0;

    for (size_t next = 0; next < at; next = step_right(prompt, next))
        before = next;
    return before;
}

static size_t word_left(const struct prompt *prompt, size_t at)
{
    while (at > 0 && prompt->line.bytes[at - 1] == ' ')
        at--;
    while (at > 0 && prompt->line.bytes[at - 1] != ' ')
        at--;
    return at;
}

/* ---- changes ---- */

/* Puts `piece` where `from`..`to` stood; without room nothing happens. */
static enum prompt_event replace(struct prompt *prompt, size_t from, size_t to, struct slice piece)
{
    struct prompt_line old = prompt->line;
    size_t length = old.length - (to - from) + piece.length;

    if (length > PROMPT_BYTES || (from == to && piece.length == 0))
        return PROMPT_NOTHING;
    for (size_t i = 0; i < piece.length; i++)
        prompt->line.bytes[from + i] = (char)piece.data[i];
    for (size_t i = to; i <= old.length; i++) /* the NUL comes along */
        prompt->line.bytes[from + piece.length + i - to] = old.bytes[i];
    prompt->line.length = length;
    prompt->at = from + piece.length;
    prompt->recalled = 0;
    return PROMPT_CHANGED;
}

static enum prompt_event type_character(struct prompt *prompt, uint32_t character)
{
    enum prompt_event event = PROMPT_NOTHING;
    struct text bytes = { 0 };

    if (character < ' ' || character >= INPUT_NONE)
        return PROMPT_NOTHING;
    character_add(&bytes, character);
    if (is_harmless(buffer_slice(&bytes.bytes)))
        event = replace(prompt, prompt->at, prompt->at, buffer_slice(&bytes.bytes));
    text_release(&bytes);
    return event;
}

/* ---- earlier lines ---- */

static void remember(struct prompt *prompt)
{
    size_t last = 0;

    if (prompt->line.length == 0)
        return;
    while (last < prompt->earlier_count &&
           !slice_equals(line_slice(&prompt->earlier[last]), line_slice(&prompt->line)))
        last++;
    if (last == PROMPT_HISTORY)
        last--; /* the oldest one goes */
    else if (last == prompt->earlier_count)
        prompt->earlier_count++;
    for (; last > 0; last--)
        prompt->earlier[last] = prompt->earlier[last - 1];
    prompt->earlier[0] = prompt->line;
}

static enum prompt_event recall(struct prompt *prompt, size_t which)
{
    if (which > prompt->earlier_count || which == prompt->recalled)
        return PROMPT_NOTHING;
    if (prompt->recalled == 0)
        prompt->draft = prompt->line;
    prompt->line = which == 0 ? prompt->draft : prompt->earlier[which - 1];
    prompt->recalled = which;
    prompt->at = prompt->line.length;
    return PROMPT_CHANGED;
}

/* ---- what others see ---- */

void prompt_open(struct prompt *prompt, const char *label, const char *text)
{
    prompt->is_open = true;
    prompt->label = label;
    prompt->recalled = 0;
    line_set(&prompt->line, slice_of_text(text));
    prompt->at = prompt->line.length;
}

const char *prompt_text(const struct prompt *prompt)
{
    return prompt->line.bytes;
}

static enum prompt_event cancel(struct prompt *prompt)
{
    prompt->is_open = false;
    return PROMPT_CANCELLED;
}

static enum prompt_event accept(struct prompt *prompt)
{
    remember(prompt);
    prompt->is_open = false;
    return PROMPT_DONE;
}

static enum prompt_event move_to(struct prompt *prompt, size_t at)
{
    prompt->at = at;
    return PROMPT_NOTHING;
}

static enum prompt_event erase_left(struct prompt *prompt)
{
    if (prompt->line.length == 0)
        return cancel(prompt);
    return replace(prompt, step_left(prompt, prompt->at), prompt->at, SLICE_EMPTY);
}

/* The keys of a shell's line. */
enum prompt_event prompt_press(struct prompt *prompt, uint32_t input)
{
    size_t at = prompt->at, length = prompt->line.length;

    switch (input) {
    case INPUT_ENTER:
        return accept(prompt);
    case INPUT_ESCAPE:
        return cancel(prompt);
    case INPUT_LEFT:
        return move_to(prompt, step_left(prompt, at));
    case INPUT_RIGHT:
        return move_to(prompt, step_right(prompt, at));
    case INPUT_HOME:
    case INPUT_CONTROL('A'):
        return move_to(prompt, 0);
    case INPUT_END:
    case INPUT_CONTROL('E'):
        return move_to(prompt, length);
    case INPUT_UP:
        return recall(prompt, prompt->recalled + 1);
    case INPUT_DOWN:
        return recall(prompt, prompt->recalled > 0 ? prompt->recalled - 1 : 0);
    case INPUT_BACKSPACE:
        return erase_left(prompt);
    case INPUT_DELETE:
        return replace(prompt, at, step_right(prompt, at), SLICE_EMPTY);
    case INPUT_CONTROL('U'):
        return replace(prompt, 0, at, SLICE_EMPTY);
    case INPUT_CONTROL('K'):
        return replace(prompt, at, length, SLICE_EMPTY);
    case INPUT_CONTROL('W'):
        return replace(prompt, word_left(prompt, at), at, SLICE_EMPTY);
    default:
        return type_character(prompt, input);
    }
}

/* Where the shown part begins: the cursor and one column behind it stay in sight. */
static size_t first_shown(const struct prompt *prompt, int room)
{
    struct slice before = slice_part(line_slice(&prompt->line), 0, prompt->at);
    size_t first = 0;

    if (measure_text(before) < room)
        return 0;
    while (first < prompt->at && measure_text(slice_after(before, first)) > room - 3)
        first = step_right(prompt, first);
    return first;
}

void prompt_draw(const struct prompt *prompt, struct pen pen)
{
    struct slice line = line_slice(&prompt->line);
    struct area cursor = { pen.row, 0, 1, 1 };
    size_t first;

    pen_put(&pen, STYLE_LABEL, prompt->label);
    pen_put(&pen, STYLE_PLAIN, " ");
    first = first_shown(prompt, pen_left(&pen));
    if (first > 0)
        pen_put_sign(&pen, STYLE_DIM, SIGN_CUT);
    pen_put_slice(&pen, STYLE_PLAIN, slice_part(line, first, prompt->at - first));
    cursor.column = pen.column;
    pen_put_slice(&pen, STYLE_PLAIN, slice_after(line, prompt->at));
    if (prompt->is_open && cursor.column < pen.end)
        canvas_select(pen.canvas, cursor);
}
