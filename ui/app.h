/* app.h: the stack of views over one screen; everything but waiting */
#ifndef UI_APP_H
#define UI_APP_H

#include "lyncscope/ui.h"
#include "ui/actions.h"
#include "ui/screen.h"

struct app;
struct ui_settings;

struct app *app_create(struct screen *screen, const struct ui_feed *feed,
                       const struct ui_options *options); /* NULL: no memory; borrows all */
void app_draw(struct app *app);
void app_press(struct app *app, uint32_t input);
/* Lets the feed and the screen on top work; false when both have nothing more to do. */
bool app_work(struct app *app, unsigned milliseconds);
bool app_is_working(const struct app *app); /* the feed, or the screen on top, has more to do */
struct ui_settings *app_settings(struct app *app); /* of the screen, to load and to keep */
bool app_is_over(const struct app *app);
void app_free(struct app *app); /* not the screen */

const enum action *app_everywhere(void); /* what every screen understands */

#endif
