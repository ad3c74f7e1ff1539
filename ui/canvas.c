/* canvas.c: the cells of one frame, and the pen that writes into them */
#include "ui/canvas.h"

#include "ui/measure.h"
#include "ui/words.h"

enum { SIZE_MOST = 1000 }; /* rows and columns of the largest terminal there is */

static const struct cell blank = { .character = ' ' };

void canvas_resize(struct canvas *canvas, int rows, int columns)
{
    size_t count;

    rows = rows < 0 ? 0 : rows > SIZE_MOST ? SIZE_MOST : rows;
    columns = columns < 0 ? 0 : columns > SIZE_MOST ? SIZE_MOST : columns;
    count = (size_t)rows * (size_t)columns;
    if (count > canvas->capacity) {
        memory_give(NULL, canvas->cells, canvas->capacity * sizeof *canvas->cells);
        canvas->cells = memory_take(NULL, count * sizeof *canvas->cells);
        canvas->capacity = canvas->cells ? count : 0;
    }
    canvas->rows = count <= canvas->capacity ? rows : 0;
    canvas->columns = count <= canvas->capacity ? columns : 0;
    for (size_t i = 0; i < count && i < canvas->capacity; i++)
        canvas->cells[i] = blank;
}

void canvas_release(struct canvas *canvas)
{
    memory_give(NULL, canvas->cells, canvas->capacity * sizeof *canvas->cells);
    text_release(&canvas->scratch);
    *canvas = (struct canvas){ .ascii = canvas->ascii };
}

struct area canvas_area(const struct canvas *canvas)
{
    return (struct area){ 0, 0, canvas->rows, canvas->columns };
}

static struct cell *find_cell(const struct canvas *canvas, int row, int column)
{
    if (row < 0 || row >= canvas->rows || column < 0 || column >= canvas->columns)
        return NULL;
    return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

const struct cell *canvas_cell(const struct canvas *canvas, int row, int column)
{
    const struct cell *cell = find_cell(canvas, row, column);

    return cell ? cell : &blank;
}

static void set_selected(struct canvas *canvas, struct area area, bool selected)
{
    for (int row = area.row; row < area.row + area.rows; row++) {
        for (int column = area.column; column < area.column + area.columns; column++) {
            struct cell *cell = find_cell(canvas, row, column);

            if (cell)
                cell->selected = selected;
        }
    }
}

void canvas_select(struct canvas *canvas, struct area area)
{
    set_selected(canvas, area, true);
}

void canvas_deselect(struct canvas *canvas, struct area area)
{
    set_selected(canvas, area, false);
}

static void print_row(const struct canvas *canvas, int row, struct text *out)
{
    size_t used = text_length(out);

    for (int column = 0; column < canvas->columns; column++) {
        const struct cell *cell = canvas_cell(canvas, row, column);

        if (cell->character)
            character_add(out, cell->character);
        if (cell->mark)
            character_add(out, cell->mark);
        if (cell->character != ' ' && cell->character)
            used = text_length(out);
    }
    text_truncate(out, used);
    text_add(out, "\n");
}

void canvas_print(const struct canvas *canvas, int rows, struct text *out)
{
    for (int row = 0; row < rows && row < canvas->rows; row++)
        print_row(canvas, row, out);
}

struct area area_part(struct area area, int from, int rows)
{
    if (from > area.rows)
        from = area.rows;
    if (rows > area.rows - from)
        rows = area.rows - from;
    area.row += from;
    area.rows = rows < 0 ? 0 : rows;
    return area;
}

/* ---- the pen ---- */

struct pen pen_at(struct canvas *canvas, struct area area, int row)
{
    struct pen pen = { canvas, area.row + row, area.column, area.column,
                       area.column + area.columns };

    if (row < 0 || row >= area.rows || pen.row < 0 || pen.row >= canvas->rows)
        pen.end = pen.start;
    if (pen.end > canvas->columns)
        pen.end = canvas->columns;
    return pen;
}

int pen_left(const struct pen *pen)
{
    return pen->end > pen->column ? pen->end - pen->column : 0;
}

void pen_move(struct pen *pen, int column)
{
    pen->column = pen->start + (column < 0 ? 0 : column);
}

/* Overwriting half of a double-width character blanks its other half. */
static void put_cell(struct pen *pen, int column, struct cell cell)
{
    struct cell *place = find_cell(pen->canvas, pen->row, column);
    struct cell *before = find_cell(pen->canvas, pen->row, column - 1);
    struct cell *after = find_cell(pen->canvas, pen->row, column + 1);

    if (!place)
        return;
    if (place->character == 0 && before && cell.character != 0) {
        before->character = ' ';
        before->mark = 0;
    }
    if (place->character != 0 && after && after->character == 0)
        after->character = ' ';
    *place = cell;
}

static void put_character(struct pen *pen, enum style style, uint32_t character)
{
    int columns = measure_character(character);
    struct cell *before = find_cell(pen->canvas, pen->row, pen->column - 1);

    if (columns == 0) { /* a mark belongs to what stands in front of it */
        if (before && before->character == 0)
            before = find_cell(pen->canvas, pen->row, pen->column - 2);
        if (before && pen->column > pen->start && before->mark == 0 && !pen->canvas->ascii)
            before->mark = character;
        return;
    }
    if (columns > pen_left(pen)) {
        pen->column = pen->end;
        return;
    }
    if (pen->canvas->ascii && character >= 0x80)
        character = '?';
    put_cell(pen, pen->column, (struct cell){ .character = character, .style = (uint8_t)style });
    if (columns == 2)
        put_cell(
            pen, pen->column + 1,
            (struct cell){ .character = pen->canvas->ascii ? ' ' : 0, .style = (uint8_t)style });
    pen->column += columns;
}

static void put_harmless(struct pen *pen, enum style style, struct slice text)
{
    while (text.length > 0) {
        uint32_t character = '?';
        size_t length = utf8_decode(text, &character);

        put_character(pen, style, character);
        text = slice_after(text, length ? length : 1);
    }
}

void pen_put_sign(struct pen *pen, enum style style, enum sign sign)
{
    put_harmless(pen, style, slice_of_text(sign_text(sign, pen->canvas->ascii)));
}

/* Text that is far too long is not even looked at to its end. */
static struct slice make_harmless(struct pen *pen, struct slice text)
{
    text_truncate(&pen->canvas->scratch, 0);
    text_add_escaped(&pen->canvas->scratch, slice_part(text, 0, 8 * (size_t)SIZE_MOST));
    return buffer_slice(&pen->canvas->scratch.bytes);
}

void pen_put_slice(struct pen *pen, enum style style, struct slice text)
{
    int left = pen_left(pen);
    struct slice harmless;

    if (left == 0)
        return;
    harmless = make_harmless(pen, text);
    if (measure_text(harmless) <= left) {
        put_harmless(pen, style, harmless);
        return;
    }
    put_harmless(pen, style, slice_part(harmless, 0, measure_fit(harmless, left - 1)));
    pen_put_sign(pen, style, SIGN_CUT);
}

void pen_put(struct pen *pen, enum style style, const char *text)
{
    pen_put_slice(pen, style, slice_of_text(text));
}

void pen_put_field(struct pen *pen, enum style style, const char *text, int columns)
{
    struct pen field = *pen;

    if (field.column + columns < field.end)
        field.end = field.column + (columns < 0 ? 0 : columns);
    pen_put(&field, style, text);
    while (pen_left(&field) > 0)
        put_character(&field, style, ' ');
    pen->column = field.column;
}

void pen_fill(struct pen *pen, enum style style, enum sign sign, int columns)
{
    for (; columns > 0 && pen_left(pen) > 0; columns--)
        pen_put_sign(pen, style, sign);
}
