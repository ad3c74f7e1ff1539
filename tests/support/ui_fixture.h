/* ui_fixture.h: reports made by hand, for tests of the screen */
#ifndef UI_FIXTURE_H
#define UI_FIXTURE_H

#include "lyncscope/ui.h"

struct ui_fixture;

/* "site": one sign-in of each kind.  "many": thirty rows.  "mixed": the same in two SIP domains and
 * on two Front Ends.  "hostile": bytes that would harm a terminal.  "proof": five hosts,
 * certificates, packets in a real file.  "empty": none.  "live": like "site", shown one after the
 * other, one for each `work`.
 */
struct ui_fixture *ui_fixture_create(const char *name); /* NULL: no such name */
void ui_fixture_free(struct ui_fixture *fixture);
struct ui_feed ui_fixture_feed(struct ui_fixture *fixture);
/* The feed shows only the sign-ins from the first to the last of these, as an eviction would. */
void ui_fixture_show(struct ui_fixture *fixture, size_t first, size_t count);

#endif
