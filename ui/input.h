/* input.h: what a person can press, the same for every back end
 *
 * A character is its Unicode value; everything else lies above Unicode.
 */
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include "lyncscope/slice.h"

enum input {
    INPUT_NONE = 0x110000, /* nothing waits */
    INPUT_UP,
    INPUT_DOWN,
    INPUT_LEFT,
    INPUT_RIGHT,
    INPUT_PAGE_UP,
    INPUT_PAGE_DOWN,
    INPUT_HOME,
    INPUT_END,
    INPUT_ENTER,
    INPUT_ESCAPE,
    INPUT_BACKSPACE,
    INPUT_DELETE,
    INPUT_TAB,
    INPUT_F1,
    INPUT_WHEEL_UP,
    INPUT_WHEEL_DOWN,
    INPUT_OTHER, /* a key without a name here */
    INPUT_LOST,  /* the terminal is gone */
};

enum { INPUT_SPACE = ' ' };
#define INPUT_CONTROL(letter) ((uint32_t)(letter)&0x1f)

/* A click of the first button; row and column of the screen, from 0. */
#define INPUT_CLICK 0x80000000U
uint32_t input_click(int row, int column); /* INPUT_OTHER where no screen is that large */
int input_click_row(uint32_t input);
int input_click_column(uint32_t input);

/* "Up", "PgDn", "^L", "Space", "x", "ä", "Click5:17"; INPUT_NONE when it is no key's name. */
uint32_t input_from_name(struct slice name);

#endif
