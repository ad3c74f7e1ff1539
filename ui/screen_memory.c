/* screen_memory.c: a screen that is only memory, for tests */
#include "ui/screen.h"

struct memory_screen {
    struct screen screen; /* first: the back end's own part follows */
    int rows, columns;
    struct canvas shown;
};

static struct memory_screen *own(const struct screen *screen)
{
    return (struct memory_screen *)screen;
}

static void memory_size(struct screen *screen, int *rows, int *columns)
{
    *rows = own(screen)->rows;
    *columns = own(screen)->columns;
}

static uint32_t memory_read(struct screen *screen)
{
    (void)screen;
    return INPUT_NONE;
}

static void memory_show(struct screen *screen, const struct canvas *canvas)
{
    struct canvas *shown = &own(screen)->shown;
    size_t count = (size_t)canvas->rows * (size_t)canvas->columns;

    canvas_resize(shown, canvas->rows, canvas->columns);
    for (size_t i = 0; i < count && i < shown->capacity; i++)
        shown->cells[i] = canvas->cells[i];
}

static void memory_nothing(struct screen *screen)
{
    (void)screen;
}

static void memory_mouse(struct screen *screen, bool ours)
{
    (void)screen;
    (void)ours;
}

static void memory_close(struct screen *screen)
{
    canvas_release(&own(screen)->shown);
    memory_give(NULL, screen, sizeof(struct memory_screen));
}

struct screen *screen_memory_create(int rows, int columns, bool ascii)
{
    static const struct screen_ops ops = {
        .size = memory_size,
        .read = memory_read,
        .show = memory_show,
        .mouse = memory_mouse,
        .redraw = memory_nothing,
        .suspend = memory_nothing,
        .resume = memory_nothing,
        .close = memory_close,
    };
    struct memory_screen *memory = memory_take(NULL, sizeof *memory);

    if (!memory)
        return NULL;
    memory->screen = (struct screen){ .ops = &ops, .ascii = ascii, .keyboard = -1 };
    memory->rows = rows;
    memory->columns = columns;
    return &memory->screen;
}

void screen_memory_resize(struct screen *screen, int rows, int columns)
{
    own(screen)->rows = rows;
    own(screen)->columns = columns;
}

const struct canvas *screen_memory_shown(const struct screen *screen)
{
    return &own(screen)->shown;
}

void screen_memory_print(const struct screen *screen, struct text *out)
{
    const struct canvas *shown = screen_memory_shown(screen);

    canvas_print(shown, shown->rows, out);
}
