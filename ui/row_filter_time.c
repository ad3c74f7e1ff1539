/* row_filter_time.c: a span of time as a person types it
 *
 * A time without its seconds is the whole minute, without its minutes the
 * whole hour, a date alone the whole day.
 */
#include "ui/row_filter.h"

enum { DAY_S = 86400 };

struct moment {
    bool has_date;
    int64_t day;     /* since 1970 */
    int64_t clock_s; /* since midnight */
    int64_t length_s;
};

/* A number of so many digits off the front; false when they are none. */
static bool take_number(struct slice *text, size_t digits_most, int64_t *number)
{
    size_t length = 0;

    *number = 0;
    while (length < text->length && length < digits_most && text->data[length] >= '0' &&
           text->data[length] <= '9')
        *number = *number * 10 + (text->data[length++] - '0');
    *text = slice_after(*text, length);
    return length > 0;
}

static bool take_byte(struct slice *text, char byte)
{
    if (text->length == 0 || text->data[0] != (uint8_t)byte)
        return false;
    *text = slice_after(*text, 1);
    return true;
}

/* Days since 1970 of a Gregorian date. */
static int64_t count_days(int64_t year, int64_t month, int64_t day)
{
    static const int before[] = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    int64_t past = year - 1;

    return past * 365 + past / 4 - past / 100 + past / 400 - 719162 + before[month - 1] + day - 1 +
           (leap && month > 2);
}

/* "2026-11-20"; true and nothing taken when there is no date. */
static bool take_date(struct slice *text, struct moment *moment)
{
    struct slice rest = *text;
    int64_t year, month, day;

    if (!take_number(&rest, 4, &year) || year < 1000 || !take_byte(&rest, '-'))
        return true;
    if (!take_number(&rest, 2, &month) || month < 1 || month > 12 || !take_byte(&rest, '-') ||
        !take_number(&rest, 2, &day) || day < 1 || day > 31)
        return false;
    moment->has_date = true;
    moment->day = count_days(year, month, day);
    moment->length_s = DAY_S;
    (void)(take_byte(&rest, 'T') || take_byte(&rest, ' '));
    *text = slice_trim(rest);
    return true;
}

/* "22", "22:05", "22:05:30" */
static bool take_clock(struct slice *text, struct moment *moment)
{
    int64_t hours, minutes = 0, seconds = 0;

    if (!take_number(text, 2, &hours) || hours > 24)
        return false;
    moment->length_s = 3600;
    if (take_byte(text, ':')) {
        if (!take_number(text, 2, &minutes) || minutes > 59)
            return false;
        moment->length_s = 60;
        if (take_byte(text, ':')) {
            if (!take_number(text, 2, &seconds) || seconds > 60)
                return false;
            moment->length_s = 1;
        }
    }
    moment->clock_s = hours * 3600 + minutes * 60 + seconds;
    return true;
}

/* False when there is something that is no moment; `is_empty` when there is nothing. */
static bool take_moment(struct slice *text, struct moment *moment, bool *is_empty)
{
    *moment = (struct moment){ 0 };
    *text = slice_trim(*text);
    *is_empty = text->length == 0 || text->data[0] == '-';
    if (*is_empty)
        return true;
    if (!take_date(text, moment))
        return false;
    if (moment->has_date && (text->length == 0 || text->data[0] == '-'))
        return true;
    return take_clock(text, moment);
}

static int64_t seconds_of(const struct moment *moment)
{
    return moment->day * DAY_S + moment->clock_s;
}

/* The end of a range: up to 23:30 means not a second longer; up to a day means all of it. */
static int64_t end_of(const struct moment *to)
{
    return seconds_of(to) + (to->length_s == DAY_S ? DAY_S : 0);
}

static bool set_range(struct time_span *span, const struct moment *from, const struct moment *to)
{
    span->daily = !from->has_date && !to->has_date;
    span->from_s = seconds_of(from);
    span->to_s = end_of(to);
    if (from->has_date && !to->has_date) /* the same day, or the night that follows */
        span->to_s += from->day * DAY_S + (to->clock_s < from->clock_s ? DAY_S : 0);
    return from->has_date || !to->has_date;
}

bool time_span_parse(struct slice text, struct time_span *span)
{
    struct moment from, to;
    bool from_is_empty, to_is_empty = true, is_range;

    if (!take_moment(&text, &from, &from_is_empty))
        return false;
    text = slice_trim(text);
    is_range = take_byte(&text, '-');
    if (is_range && !take_moment(&text, &to, &to_is_empty))
        return false;
    if (slice_trim(text).length > 0 || (from_is_empty && to_is_empty))
        return false;
    if (!to_is_empty && !from_is_empty)
        return set_range(span, &from, &to);
    span->daily = from_is_empty ? !to.has_date : !from.has_date;
    if (from_is_empty)
        span->from_s = span->daily ? 0 : INT64_MIN;
    else
        span->from_s = seconds_of(&from);
    if (!to_is_empty)
        span->to_s = end_of(&to);
    else if (is_range)
        span->to_s = span->daily ? DAY_S : INT64_MAX;
    else
        span->to_s = span->from_s + from.length_s;
    return true;
}

bool time_span_has(const struct time_span *span, int64_t time_ns)
{
    int64_t time_s = time_ns / 1000000000 - (time_ns % 1000000000 < 0);

    if (!span->daily)
        return time_s >= span->from_s && time_s < span->to_s;
    time_s = ((time_s % DAY_S) + DAY_S) % DAY_S;
    if (span->from_s <= span->to_s)
        return time_s >= span->from_s && time_s < span->to_s;
    return time_s >= span->from_s || time_s < span->to_s; /* over midnight */
}
