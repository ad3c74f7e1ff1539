/* document_facts.c: links and times, as all documents of a sign-in have them
 *
 * Times follow XML Schema 1.0 part 2, 3.2.7 (dateTime).
 */
#include "document.h"

enum { DAYS_TO_1970 = 719468, NS_PER_S = 1000000000, FIRST_YEAR = 1970, LAST_YEAR = 2200 };

void document_add_link(struct document_reading *reading, struct slice token, struct slice href)
{
    struct document *document = &reading->document;

    if (token.length == 0)
        return;
    if (!reading->links)
        reading->links = arena_take(reading->arena, LINKS_MAX * sizeof *reading->links);
    if (!reading->links || document->link_count == LINKS_MAX) {
        document->links_left_out++;
        return;
    }
    document->links = reading->links;
    reading->links[document->link_count++] = (struct link){ token, href };
}

/* Days from 1970-01-01 in the Gregorian calendar; years begin in March so that
 * the leap day is a year's last. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t era = shifted / 400, of_era = shifted % 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - DAYS_TO_1970;
}

/* `count` digits and the byte behind them, which must be `behind` unless that is 0. */
static int64_t take_number(struct slice *rest, size_t count, char behind, bool *valid)
{
    uint64_t value = 0;

    if (!slice_to_u64(slice_part(*rest, 0, count), &value) || rest->length < count)
        *valid = false;
    *rest = slice_after(*rest, count);
    if (behind && (rest->length == 0 || rest->data[0] != (uint8_t)behind))
        *valid = false;
    if (behind)
        *rest = slice_after(*rest, 1);
    return (int64_t)value;
}

static int64_t take_fraction(struct slice *rest)
{
    int64_t nanoseconds = 0, unit = NS_PER_S / 10;

    if (rest->length == 0 || rest->data[0] != '.')
        return 0;
    for (*rest = slice_after(*rest, 1); rest->length > 0; *rest = slice_after(*rest, 1)) {
        if (rest->data[0] < '0' || rest->data[0] > '9')
            break;
        nanoseconds += unit * (rest->data[0] - '0');
        unit /= 10;
    }
    return nanoseconds;
}

/* Seconds to subtract; a time without a zone is taken as UTC. */
static int64_t take_zone(struct slice rest, bool *valid)
{
    bool west = slice_starts_with(rest, "-");
    int64_t hours, minutes;

    if (rest.length == 0 || slice_is_text_nocase(rest, "Z"))
        return 0;
    if (!west && !slice_starts_with(rest, "+"))
        *valid = false;
    rest = slice_after(rest, 1);
    hours = take_number(&rest, 2, ':', valid);
    minutes = take_number(&rest, 2, 0, valid);
    if (rest.length > 0)
        *valid = false;
    return (west ? -60 : 60) * (hours * 60 + minutes);
}

int64_t document_time_ns(struct slice text)
{
    struct slice rest = slice_trim(text);
    bool valid = true;
    int64_t year = take_number(&rest, 4, '-', &valid);
    int64_t month = take_number(&rest, 2, '-', &valid);
    int64_t day = take_number(&rest, 2, 'T', &valid);
    int64_t hours = take_number(&rest, 2, ':', &valid);
    int64_t minutes = take_number(&rest, 2, ':', &valid);
    int64_t seconds = take_number(&rest, 2, 0, &valid);
    int64_t fraction = take_fraction(&rest);
    int64_t zone = take_zone(rest, &valid);

    if (!valid || year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > 31 || hours > 24 || minutes > 59 || seconds > 60)
        return 0;
    seconds += ((days_of(year, month, day) * 24 + hours) * 60 + minutes) * 60 - zone;
    return seconds * NS_PER_S + fraction;
}
