/* compare_wish.c: which sign-in another one is compared with */
#include "ui/compare_wish.h"

#include <string.h>

#include "ui/words.h"

struct wish mark_wish(const struct scene *scene, unsigned signin)
{
    struct wish wish = { WISH_MARK, NULL, { .signin = signin }, NULL };

    if (signin == 0)
        return (struct wish){ .kind = WISH_NOTHING };
    wish.notice = scene->marked == signin ? " No sign-in is marked now."
                                          : " Marked. Go to another one and press c to compare.";
    return wish;
}

static bool same_domain(const struct signin *a, const struct signin *b)
{
    return a->sip_domain && b->sip_domain && strcmp(a->sip_domain, b->sip_domain) == 0;
}

static uint64_t distance_ns(const struct signin *a, const struct signin *b)
{
    int64_t between = time_between(a->started_ns, b->started_ns);

    return between < 0 ? (uint64_t)0 - (uint64_t)between : (uint64_t)between;
}

/* Of two that work: of the same SIP domain first, then the nearest in time. */
static bool is_better(const struct signin *candidate, const struct signin *best,
                      const struct signin *signin)
{
    bool same = same_domain(candidate, signin);

    if (!best)
        return true;
    if (same != same_domain(best, signin))
        return same;
    return distance_ns(candidate, signin) < distance_ns(best, signin);
}

static const struct signin *find_good(const struct scene *scene, const struct signin *signin)
{
    const struct signin *best = NULL;

    for (size_t i = 0; i < scene->report->signin_count; i++) {
        const struct signin *candidate = scene->report->signins[i];

        if (candidate != signin && candidate->outcome == OUTCOME_SUCCEEDED &&
            is_better(candidate, best, signin))
            best = candidate;
    }
    return best;
}

struct wish compare_wish(const struct scene *scene, unsigned id)
{
    struct wish wish = { WISH_OPEN, &view_compare, { .signin = id }, NULL };
    const struct signin *signin = scene_signin(scene, id);
    const struct signin *other = scene_signin(scene, scene->marked);

    if (!signin)
        return (struct wish){ .kind = WISH_NOTHING };
    if (!other || other == signin)
        other = find_good(scene, signin);
    if (!other)
        return (struct wish){ .kind = WISH_NOTHING,
                              .notice = " None here works to compare with: mark one with t, then "
                                        "press c on another." };
    wish.target.other_signin = other->id;
    return wish;
}
