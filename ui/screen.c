/* screen.c: the terminal; the only file that knows curses
 *
 * A frame is copied cell by cell and curses sends what differs from the glass.
 * The size is asked of the terminal before each frame: no window-change signal
 * has to arrive in time.
 */
#define _XOPEN_SOURCE_EXTENDED 1
#include "ui/screen.h"

#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

/* term.h makes macros of everyday words. */
#undef columns
#undef lines

struct terminal {
    struct screen screen; /* first: the back end's own part follows */
    FILE *tty;            /* opened by us, or NULL */
    SCREEN *curses;
    int output; /* descriptor */
    int colors; /* 0, 8 or 256 */
};

static struct terminal *own(const struct screen *screen)
{
    return (struct terminal *)screen;
}

static void terminal_redraw(struct screen *screen)
{
    (void)screen;
    clearok(curscr, TRUE);
}

static void terminal_size(struct screen *screen, int *rows, int *columns)
{
    struct winsize size = { 0 };

    if (ioctl(own(screen)->output, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0 &&
        (size.ws_row != LINES || size.ws_col != COLS)) {
        resize_term(size.ws_row, size.ws_col);
        terminal_redraw(screen);
    }
    *rows = LINES;
    *columns = COLS;
}

/* ---- keys ---- */

static bool is_lost(const struct terminal *terminal)
{
    struct pollfd keyboard = { .fd = terminal->screen.keyboard, .events = POLLIN };
    int waiting = 0;

    if (poll(&keyboard, 1, 0) <= 0)
        return false;
    if (keyboard.revents & (POLLHUP | POLLERR | POLLNVAL))
        return true;
    /* Readable, yet without a byte to read: the end of input. */
    return ioctl(keyboard.fd, FIONREAD, &waiting) == 0 && waiting == 0;
}

static uint32_t input_of_key(wint_t key)
{
    static const struct {
        wint_t key;
        uint32_t input;
    } keys[] = {
        { KEY_UP, INPUT_UP },         { KEY_DOWN, INPUT_DOWN },
        { KEY_LEFT, INPUT_LEFT },     { KEY_RIGHT, INPUT_RIGHT },
        { KEY_PPAGE, INPUT_PAGE_UP }, { KEY_NPAGE, INPUT_PAGE_DOWN },
        { KEY_HOME, INPUT_HOME },     { KEY_END, INPUT_END },
        { KEY_ENTER, INPUT_ENTER },   { KEY_BACKSPACE, INPUT_BACKSPACE },
        { KEY_F(1), INPUT_F1 },       { KEY_A1, INPUT_HOME },
        { KEY_A3, INPUT_PAGE_UP },    { KEY_C1, INPUT_END },
        { KEY_C3, INPUT_PAGE_DOWN },  { KEY_FIND, INPUT_HOME },
        { KEY_SELECT, INPUT_END },    { KEY_DC, INPUT_DELETE },
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key)
            return keys[i].input;
    return INPUT_OTHER;
}

static uint32_t input_of_character(wint_t character)
{
    if (character == '\r' || character == '\n')
        return INPUT_ENTER;
    if (character == 0x1b)
        return INPUT_ESCAPE;
    if (character == 0x7f || character == 0x08)
        return INPUT_BACKSPACE;
    return character == '\t' ? (uint32_t)INPUT_TAB : (uint32_t)character;
}

/* A press is told at once: nobody waits for what may become a double click. */
static uint32_t input_of_mouse(void)
{
    MEVENT event;

    if (getmouse(&event) != OK)
        return INPUT_OTHER;
    if (event.bstate & BUTTON4_PRESSED)
        return INPUT_WHEEL_UP;
    if (event.bstate & BUTTON5_PRESSED)
        return INPUT_WHEEL_DOWN;
    return event.bstate & BUTTON1_PRESSED ? input_click(event.y, event.x) : INPUT_OTHER;
}

static void terminal_mouse(struct screen *screen, bool ours)
{
    (void)screen;
    setenv("NCURSES_GPM_TERMS", "", 0); /* on the console: its daemon's library leaks memory */
    mouseinterval(0);
    mousemask(ours ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
}

static uint32_t terminal_read(struct screen *screen)
{
    wint_t key = 0;
    int kind = get_wch(&key);

    if (kind == KEY_CODE_YES && key == KEY_MOUSE)
        return input_of_mouse();
    if (kind == KEY_CODE_YES)
        return input_of_key(key);
    if (kind == OK)
        return input_of_character(key);
    return is_lost(own(screen)) ? INPUT_LOST : INPUT_NONE;
}

/* ---- cells ---- */

static attr_t attributes_of(unsigned looks)
{
    attr_t attributes = A_NORMAL;

    attributes |= looks & LOOK_BOLD ? A_BOLD : 0;
    attributes |= looks & LOOK_REVERSE ? A_REVERSE : 0;
    attributes |= looks & LOOK_UNDERLINE ? A_UNDERLINE : 0;
    attributes |= looks & LOOK_DIM ? A_DIM : 0;
    return attributes;
}

static void show_cell(const struct terminal *terminal, int row, int column, const struct cell *cell)
{
    const struct look *look = theme_look((enum style)cell->style);
    attr_t attributes = attributes_of(terminal->colors ? look->color_looks : look->mono_looks);
    wchar_t characters[3] = { (wchar_t)cell->character, (wchar_t)cell->mark, 0 };
    short pair = 0;
    cchar_t shown;

    if (terminal->colors)
        pair = (short)((unsigned)cell->style + 1U);
    if (cell->selected)
        attributes |= A_REVERSE;
    if (setcchar(&shown, characters, attributes, pair, NULL) == OK)
        mvadd_wch(row, column, &shown);
}

static void terminal_show(struct screen *screen, const struct canvas *canvas)
{
    for (int row = 0; row < canvas->rows && row < LINES; row++) {
        for (int column = 0; column < canvas->columns && column < COLS; column++) {
            const struct cell *cell = canvas_cell(canvas, row, column);

            if (cell->character != 0) /* the right half came with the left one */
                show_cell(own(screen), row, column, cell);
        }
    }
    refresh();
}

/* ---- opening and closing ---- */

static void terminal_suspend(struct screen *screen)
{
    (void)screen;
    endwin();
}

static void terminal_resume(struct screen *screen)
{
    refresh(); /* curses' own way back */
    terminal_redraw(screen);
}

static void terminal_close(struct screen *screen)
{
    struct terminal *terminal = own(screen);

    if (terminal->curses) {
        endwin();
        delscreen(terminal->curses);
    }
    if (terminal->tty)
        fclose(terminal->tty);
    memory_give(NULL, terminal, sizeof *terminal);
}

static void set_colors(struct terminal *terminal, bool light)
{
    if (!has_colors() || start_color() == ERR || COLORS < 8 || COLOR_PAIRS <= STYLE_COUNT)
        return;
    use_default_colors();
    terminal->colors = COLORS >= 256 ? 256 : 8;
    for (int style = 0; style < STYLE_COUNT; style++) {
        const struct look *look = theme_look((enum style)style);

        init_pair((short)(style + 1),
                  (short)(terminal->colors == 256 ? look->color_256
                          : light                 ? look->color_8_light
                                                  : look->color_8),
                  -1);
    }
}

static void set_modes(void)
{
    set_escdelay(25);
    cbreak(); /* Ctrl-C and Ctrl-Z stay signals: the loop waits for those */
    noecho();
    nonl();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    typeahead(-1);
    curs_set(0);
}

/* Asked beforehand: newterm leaks a screen where it is not. */
static bool is_known(const char *type, FILE *output)
{
    int error;

    if (!type || !*type || setupterm(type, fileno(output), &error) != OK)
        return false;
    del_curterm(cur_term);
    return true;
}

/* Where the terminal's type is unknown one of the usual ones mostly works. */
static bool start_curses(struct terminal *terminal, FILE *output, FILE *input)
{
    static const char *const usual[] = { "xterm-256color", "xterm", "vt100" };
    const char *type = getenv("TERM");

    if (is_known(type, output))
        terminal->curses = newterm(NULL, output, input);
    for (size_t i = 0; !terminal->curses && i < sizeof usual / sizeof *usual; i++) {
        if (is_known(usual[i], output))
            terminal->curses = newterm(usual[i], output, input);
        if (terminal->curses)
            snprintf(terminal->screen.notice, sizeof terminal->screen.notice,
                     " TERM=%.40s is not known here; %s is used instead.", type ? type : "",
                     usual[i]);
    }
    return terminal->curses != NULL;
}

static bool can_move_cursor(void)
{
    static char name[] = "cup"; /* the library's prototype lacks a const */
    const char *sequence = tigetstr(name);

    return sequence && sequence != (const char *)-1; // NOLINT(performance-no-int-to-ptr)
}

static enum status open_tty(struct terminal *terminal, FILE **output, FILE **input,
                            struct complaint *complaint)
{
    *output = stdout;
    *input = stdin;
    if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        return STATUS_OK;
    terminal->tty = fopen("/dev/tty", "r+");
    if (!terminal->tty)
        return complain(complaint, "no terminal to draw on; use -o text");
    *output = terminal->tty;
    *input = terminal->tty;
    return STATUS_OK;
}

static enum status start(struct terminal *terminal, const struct ui_options *options,
                         struct complaint *complaint)
{
    const char *type = getenv("TERM");
    FILE *output, *input;
    enum status status = open_tty(terminal, &output, &input, complaint);

    if (status != STATUS_OK)
        return status;
    terminal->output = fileno(output);
    terminal->screen.keyboard = fileno(input);
    if (!start_curses(terminal, output, input))
        return complain(complaint,
                        "cannot use the terminal: its type TERM=%.40s is not known here, nor are "
                        "xterm and vt100; set TERM, or use -o text",
                        type ? type : "");
    if (!can_move_cursor())
        return complain(complaint,
                        "a terminal of type TERM=%.40s cannot move its cursor; use -o text",
                        type ? type : "");
    set_modes();
    if (options->color)
        set_colors(terminal, options->light);
    if (!options->no_mouse)
        terminal_mouse(&terminal->screen, true);
    return STATUS_OK;
}

enum status screen_open(const struct ui_options *options, struct screen **screen,
                        struct complaint *complaint)
{
    static const struct screen_ops ops = {
        .size = terminal_size,
        .read = terminal_read,
        .show = terminal_show,
        .mouse = terminal_mouse,
        .redraw = terminal_redraw,
        .suspend = terminal_suspend,
        .resume = terminal_resume,
        .close = terminal_close,
    };
    struct terminal *terminal = memory_take(NULL, sizeof *terminal);
    enum status status;

    if (!terminal)
        return complain(complaint, "out of memory");
    setlocale(LC_CTYPE, "");
    terminal->screen.ops = &ops;
    terminal->screen.ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    status = start(terminal, options, complaint);
    if (status != STATUS_OK) {
        terminal_close(&terminal->screen);
        return status;
    }
    *screen = &terminal->screen;
    return STATUS_OK;
}
