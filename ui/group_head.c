/* group_head.c: the head of a group in the list
 *
 * The counts stand in front, so that no width can cut them off.
 */
#include "ui/group_head.h"

#include "lyncscope/rule.h"
#include "ui/words.h"

static const char *word_for_none(const struct signin *signin, enum trait trait)
{
    static const char *const without_cause[] = {
        [OUTCOME_SUCCEEDED] = "signed in",
        [OUTCOME_FAILED] = "failed, the cause is not known",
        [OUTCOME_INCOMPLETE] = "unclear",
    };
    static const char *const without[TRAIT_COUNT] = {
        [TRAIT_CLIENT] = "client not known", [TRAIT_DOMAIN] = "SIP domain not known",
        [TRAIT_USER] = "user not known",     [TRAIT_FRONT_END] = "no Front End reached",
        [TRAIT_DEVICE] = "device not known",
    };

    if (trait == TRAIT_CAUSE)
        return without_cause[signin->outcome];
    return without[trait] ? without[trait] : "-";
}

static void put_label(struct pen *pen, const struct roster_group *group, enum trait trait)
{
    const struct finding *cause = signin_cause(group->sample);
    struct text label = { 0 };

    if (trait == TRAIT_CAUSE && group->mixed && cause && cause->rule)
        text_print(&label, "%s, of several names", cause->rule->id);
    else
        trait_add_words(&label, group->sample, trait);
    if (text_length(&label) == 0)
        text_add(&label, word_for_none(group->sample, trait));
    pen_put(pen, STYLE_HEADING, text_string(&label));
    text_release(&label);
}

void group_head_draw(struct pen pen, const struct roster_group *group, enum trait trait)
{
    struct text count = { 0 };

    pen_put_sign(&pen, STYLE_HEADING, group->folded ? SIGN_FOLDED : SIGN_UNFOLDED);
    text_add(&count, " ");
    count_add(&count, group->count);
    text_add(&count, group->count == 1 ? " sign-in" : " sign-ins");
    pen_put(&pen, STYLE_TITLE, text_string(&count));
    if (group->failed > 0) {
        text_truncate(&count, 0);
        count_add(&count, group->failed);
        text_add(&count, " failed");
        pen_put(&pen, STYLE_PLAIN, ", ");
        pen_put_sign(&pen, STYLE_FAILED, SIGN_FAILED);
        pen_put(&pen, STYLE_FAILED, " ");
        pen_put(&pen, STYLE_FAILED, text_string(&count));
    }
    pen_put(&pen, STYLE_PLAIN, "  ");
    put_label(&pen, group, trait);
    text_release(&count);
}
