/* patterns_auth.c: passwords refused for many: guessed from one place, or not the users' fault
 *
 * One address that fails for many users is somebody who tries passwords, or a
 * site behind one address.  Many users of many addresses who are all refused,
 * and nobody let in any more, have not all forgotten their passwords.
 */
#include "patterns.h"

#include <stdlib.h>
#include <string.h>

enum { SPRAYED_USERS = 5, REFUSED_USERS = 3 };

bool patterns_is_refused_password(const struct signin *signin)
{
    static const char *const ids[] = { "auth-401-after-type3", "auth-repeat-lockout",
                                       "oauth-invalid-grant" };

    for (size_t i = 0;
         signin_failed(signin) && signin->finding_count && i < sizeof ids / sizeof *ids; i++)
        if (strcmp(signin->findings[0].rule->id, ids[i]) == 0)
            return signin->user != NULL;
    return false;
}

static int compare_by_address(const void *a, const void *b)
{
    const struct signin *one = *(const struct signin *const *)a;
    const struct signin *other = *(const struct signin *const *)b;
    int order = memcmp(&one->client.endpoint.address, &other->client.endpoint.address,
                       sizeof one->client.endpoint.address);

    if (order == 0)
        order = strcmp(one->user, other->user);
    if (order == 0)
        order = one->id < other->id ? -1 : one->id > other->id;
    return order;
}

static int compare_by_user(const void *a, const void *b)
{
    const struct signin *one = *(const struct signin *const *)a;
    const struct signin *other = *(const struct signin *const *)b;
    int order = strcmp(one->user, other->user);

    return order ? order : compare_by_address(a, b);
}

static bool is_same_place(const struct signin *a, const struct signin *b)
{
    return address_equals(&a->client.endpoint.address, &b->client.endpoint.address);
}

static size_t count_good_from(const struct crowd *crowd, const struct signin *like)
{
    size_t count = 0;

    for (size_t i = 0; i < crowd->count; i++)
        count += !signin_failed(crowd->signins[i]) && is_same_place(crowd->signins[i], like);
    return count;
}

static void tell_spray(struct crowd *crowd, const struct picked *refused, size_t good)
{
    char address[ADDRESS_TEXT_SIZE];
    struct text text = { 0 };

    address_format(&refused->some[0]->client.endpoint.address, address);
    text_print(&text, "Password spraying? From %s the passwords of %zu users were refused", address,
               refused->count);
    if (good)
        text_print(&text, ", and %zu sign-ins succeeded", good);
    text_add(&text, ". Unless a whole site is behind that address, block it at the proxy and look "
                    "for accounts that it got into");
    crowd_tell(crowd, &text, refused, NULL);
}

/* `refused` is sorted by address, then user. */
static bool find_spray(struct crowd *crowd, const struct signin *const *refused, size_t count)
{
    struct picked users = { 0 };
    bool told = false;

    for (size_t i = 0; i < count; i++) {
        bool goes_on = i > 0 && is_same_place(refused[i - 1], refused[i]);
        bool ends = i + 1 == count || !is_same_place(refused[i], refused[i + 1]);
        size_t good;

        if (!goes_on)
            users = (struct picked){ 0 };
        if (!goes_on || strcmp(refused[i - 1]->user, refused[i]->user) != 0)
            picked_add(&users, refused[i]);
        if (!ends || users.count < SPRAYED_USERS)
            continue;
        good = count_good_from(crowd, refused[i]);
        if (good * 4 > users.count)
            continue; /* people of a site, some of them with a wrong password */
        tell_spray(crowd, &users, good);
        told = true;
    }
    return told;
}

struct refusals {
    int64_t since_ns;
    size_t addresses;
    struct picked users;
};

/* `refused` is sorted by address here and by user afterwards. */
static struct refusals sum_up(const struct signin **refused, size_t count)
{
    struct refusals sum = { .since_ns = refused[0]->started_ns };

    for (size_t i = 0; i < count; i++) {
        sum.addresses += i == 0 || !is_same_place(refused[i - 1], refused[i]);
        if (refused[i]->started_ns < sum.since_ns)
            sum.since_ns = refused[i]->started_ns;
    }
    qsort(refused, count, sizeof *refused, compare_by_user);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(refused[i - 1]->user, refused[i]->user) != 0)
            picked_add(&sum.users, refused[i]);
    return sum;
}

static void find_outage(struct crowd *crowd, const struct signin **refused, size_t count)
{
    struct refusals sum = sum_up(refused, count);
    struct text text = { 0 };
    struct picked before = { 0 };

    for (size_t i = 0; i < crowd->count; i++) {
        if (signin_failed(crowd->signins[i]))
            continue;
        if (crowd->signins[i]->started_ns >= sum.since_ns)
            return; /* somebody's password was accepted */
        picked_add(&before, crowd->signins[i]);
    }
    if (sum.users.count < REFUSED_USERS || sum.addresses < 2 || before.count == 0)
        return;
    text_print(&text, "The passwords of %zu users at %zu addresses are refused since ",
               sum.users.count, sum.addresses);
    crowd_add_time(&text, sum.since_ns);
    text_add(&text,
             ", and nobody's has been accepted since: look at the domain controllers and the "
             "authentication of the web service before the users' passwords");
    crowd_tell(crowd, &text, &sum.users, &before);
}

void patterns_find_auth(struct crowd *crowd)
{
    const struct signin **refused = arena_take(crowd->arena, crowd->count * sizeof *refused);
    size_t count = 0;

    for (size_t i = 0; refused && i < crowd->count; i++)
        if (patterns_is_refused_password(crowd->signins[i]))
            refused[count++] = crowd->signins[i];
    if (count < REFUSED_USERS)
        return;
    qsort(refused, count, sizeof *refused, compare_by_address);
    if (!find_spray(crowd, refused, count))
        find_outage(crowd, refused, count);
}
