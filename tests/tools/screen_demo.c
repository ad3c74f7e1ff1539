/* screen_demo.c: the real screen over a report made by hand: screen_demo REPORT [mono] */
#include <stdio.h>
#include <string.h>

#include "tests/support/ui_fixture.h"

int main(int count, char **arguments)
{
    struct ui_fixture *fixture = ui_fixture_create(count > 1 ? arguments[1] : "site");
    struct ui_options options = { .color = count < 3 || strcmp(arguments[2], "mono") != 0 };
    struct complaint complaint;
    struct ui_feed feed;
    enum status status;

    if (!fixture)
        return 2;
    feed = ui_fixture_feed(fixture);
    status = ui_run(&feed, &options, &complaint);
    ui_fixture_free(fixture);
    if (status == STATUS_OK)
        return 0;
    fprintf(stderr, "screen_demo: %s\n", complaint.line);
    return 2;
}
