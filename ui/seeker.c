/* seeker.c: a search over all sign-ins, which remembers where it looked */
#include "ui/seeker.h"

enum { SEEN_COUNT = 32768 }; /* more than the model holds sign-ins; a power of two */

void seeker_start(struct seeker *seeker, const char *needle)
{
    size_t i = 0;

    for (; needle[i] && i < PROMPT_BYTES; i++)
        seeker->needle[i] = needle[i];
    seeker->needle[i] = 0;
    if (i > 0 && !seeker->seen) {
        seeker->seen = memory_take(NULL, SEEN_COUNT * sizeof *seeker->seen);
        seeker->capacity = seeker->seen ? SEEN_COUNT : 0; /* without memory nothing is kept */
    }
    for (i = 0; i < seeker->capacity; i++)
        seeker->seen[i].id = 0;
}

void seeker_release(struct seeker *seeker)
{
    memory_give(NULL, seeker->seen, seeker->capacity * sizeof *seeker->seen);
    *seeker = (struct seeker){ 0 };
}

bool seeker_is_on(const struct seeker *seeker)
{
    return seeker->needle[0] != 0;
}

static struct search search_for(const struct seeker *seeker)
{
    return (struct search){ .needle = slice_of_text(seeker->needle) };
}

static bool is_as_seen(const struct seen *seen, const struct signin *signin)
{
    return seen->id == signin->id && seen->steps == signin->step_count &&
           seen->findings == signin->finding_count && seen->ended_ns == signin->ended_ns &&
           seen->outcome == signin->outcome;
}

enum seeker_answer seeker_ask(struct seeker *seeker, const struct signin *signin, uint64_t *left)
{
    struct seen *seen = seeker->capacity ? &seeker->seen[signin->id % seeker->capacity] : NULL;
    struct search search = search_for(seeker);

    if (seen && is_as_seen(seen, signin))
        return seen->has_it ? SEEKER_YES : SEEKER_NO;
    if (*left == 0)
        return SEEKER_NOT_YET;
    search_signin(&search, signin);
    *left -= search.looked < *left ? search.looked : *left;
    if (seen)
        *seen = (struct seen){ signin->id,         search.found,
                               signin->step_count, signin->finding_count,
                               signin->ended_ns,   signin->outcome };
    return search.found ? SEEKER_YES : SEEKER_NO;
}

const char *seeker_where(const struct seeker *seeker, const struct signin *signin, unsigned *step)
{
    struct search search = search_for(seeker);

    if (!signin || !search_signin(&search, signin))
        return NULL;
    *step = search.step;
    return search.where;
}
