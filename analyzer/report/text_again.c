/* text_again.c: a sign-in to which the same happened as to one that was told
 *
 * One line says whose it is and where the proof is.  Cause and fix follow only
 * where they say something else; that another user stands in them is nothing
 * else.
 */
#include <string.h>

#include "analyzer/report/text_parts.h"

static struct slice next_word(struct slice *rest)
{
    struct slice word;

    *rest = slice_trim(*rest);
    word = slice_part(*rest, 0, slice_find_byte(*rest, ' '));
    *rest = slice_after(*rest, word.length);
    return word;
}

/* "CONTOSO\bob." holds what is bob's own; so does his address. */
static bool is_own(struct slice word, const struct signin *signin)
{
    struct slice user = slice_of_text(signin->user);
    char address[ADDRESS_TEXT_SIZE], local[256];

    if (slice_starts_with(user, "sip:"))
        user = slice_after(user, strlen("sip:"));
    user = slice_part(user, 0, slice_find_byte(user, '@'));
    if (user.length > 0 && user.length < sizeof local) {
        snprintf(local, sizeof local, "%.*s", (int)user.length, (const char *)user.data);
        if (slice_find_text_nocase(word, local) < word.length)
            return true;
    }
    address_format(&signin->client.endpoint.address, address);
    return slice_find_text_nocase(word, address) < word.length;
}

/* How long, how often: it may differ. */
static bool is_number(struct slice word)
{
    unsigned dots = 0;

    for (size_t i = 0; i < word.length; i++) {
        dots += word.data[i] == '.';
        if (word.data[i] != '.' && (word.data[i] < '0' || word.data[i] > '9'))
            return false;
    }
    return word.length > 0 && dots <= 1;
}

static bool says_the_same(const char *text, const struct signin *signin, const char *other_text,
                          const struct signin *other)
{
    struct slice rest = slice_of_text(text), other_rest = slice_of_text(other_text);

    for (;;) {
        struct slice word = next_word(&rest), other_word = next_word(&other_rest);

        if (word.length == 0 || other_word.length == 0)
            return word.length == other_word.length;
        if (!slice_equals(word, other_word) &&
            !(is_own(word, signin) && is_own(other_word, other)) &&
            !(is_number(word) && is_number(other_word)))
            return false;
    }
}

static void print_line(struct sheet *sheet, const struct report *report,
                       const struct signin *signin)
{
    const struct finding *finding = &signin->findings[0];
    char address[ADDRESS_TEXT_SIZE];
    struct text text = { 0 };

    address_format(&signin->client.endpoint.address, address);
    text_print(&text, "Sign-in %u: the same, ", signin->id);
    text_add_owner(&text, signin);
    text_print(&text, " from %s", address);
    text_add(&text, ", ");
    text_add_packets(&text, report, finding);
    sheet_mark(sheet, outcome_mark(signin->outcome));
    sheet_print(sheet, STYLE_PLAIN, " ");
    sheet_wrap(sheet, STYLE_PLAIN, text_string(&text), 2, 4);
    text_release(&text);
}

static bool was_told(const struct signin *told, const struct finding *finding)
{
    for (size_t i = 0; i < told->finding_count; i++)
        if (causes_are_same(&told->findings[i], finding))
            return true;
    return false;
}

void text_signin_again(struct sheet *sheet, const struct report *report,
                       const struct signin *const *told, size_t index)
{
    const struct signin *signin = told[index];
    const struct finding *finding = &signin->findings[0], *before = &told[0]->findings[0];

    print_line(sheet, report, signin);
    if (!says_the_same(finding->cause, signin, before->cause, told[0]))
        text_labelled(sheet, "Cause", STYLE_PLAIN, finding->cause);
    if (!says_the_same(finding->fix, signin, before->fix, told[0]))
        text_labelled(sheet, "Fix", STYLE_STRONG, finding->fix);
    for (size_t i = 1; i < signin->finding_count; i++)
        if (!was_told(told[0], &signin->findings[i]) &&
            !was_told(told[index - 1], &signin->findings[i]))
            text_other_finding(sheet, report, &signin->findings[i]);
}
