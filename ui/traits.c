/* traits.c: what sign-ins have in common: filtered, grouped and counted by */
#include "ui/traits.h"

#include "lyncscope/rule.h"
#include "ui/words.h"

const char *trait_name(enum trait trait)
{
    static const char *const names[TRAIT_COUNT] = {
        [TRAIT_RESULT] = "result",     [TRAIT_STAGE] = "stage",         [TRAIT_CAUSE] = "cause",
        [TRAIT_CLIENT] = "client",     [TRAIT_USER] = "user",           [TRAIT_DEVICE] = "device",
        [TRAIT_DOMAIN] = "SIP domain", [TRAIT_FRONT_END] = "Front End",
    };

    return names[trait];
}

const struct finding *signin_cause(const struct signin *signin)
{
    if (signin->outcome == OUTCOME_SUCCEEDED || signin->finding_count == 0)
        return NULL;
    return &signin->findings[0];
}

static void add_lower(struct text *out, struct slice word)
{
    for (size_t i = 0; i < word.length; i++) {
        uint8_t byte = word.data[i];

        byte = byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 'a' - 'A') : byte;
        text_add_slice(out, slice_of(&byte, 1));
    }
}

/* ---- the Front End: by the name it gives itself, else by its role ---- */

static struct slice own_name(const struct http_exchange *http)
{
    if (!http)
        return SLICE_EMPTY;
    return http->lync.server_fqdn.length > 0 ? http->lync.server_fqdn
                                             : http->lync.diagnostics.source;
}

static const struct party *find_front_end(const struct step *step)
{
    const struct party *party = step->relay ? &step->relay->to : &step->to;

    return party->role == ROLE_FRONT_END ? party : NULL;
}

/* The last one it met: that is where it got to. */
struct slice signin_front_end(const struct signin *signin)
{
    struct slice named = SLICE_EMPTY;

    for (size_t i = signin->step_count; i-- > 0;) {
        const struct step *step = &signin->steps[i];
        struct slice own = own_name(step->relay ? step->relay->http : NULL);

        own = own.length > 0 ? own : own_name(step->http);
        if (own.length > 0)
            return own;
        if (named.length == 0 && find_front_end(step))
            named = slice_of_text(find_front_end(step)->name);
    }
    return named;
}

static void add_front_end(struct text *out, const struct signin *signin)
{
    struct slice name = signin_front_end(signin);

    add_lower(out, name);
    for (size_t i = signin->step_count; name.length == 0 && i-- > 0;) {
        if (!find_front_end(&signin->steps[i]))
            continue;
        party_add(out, find_front_end(&signin->steps[i]));
        return;
    }
}

/* ---- any of them ---- */

static const char *rule_id(const struct signin *signin)
{
    const struct finding *cause = signin_cause(signin);

    return cause && cause->rule ? cause->rule->id : NULL;
}

void trait_add(struct text *out, const struct signin *signin, enum trait trait)
{
    switch (trait) {
    case TRAIT_RESULT:
        text_add(out, outcome_name(signin->outcome));
        break;
    case TRAIT_STAGE:
        if (signin->failed_stage != STAGE_NONE)
            text_add(out, stage_name(signin->failed_stage));
        break;
    case TRAIT_CAUSE:
        text_add_slice(out, slice_of_text(rule_id(signin)));
        break;
    case TRAIT_CLIENT:
        party_add(out, &signin->client);
        break;
    case TRAIT_USER:
        if (signin->user)
            add_lower(out, slice_of_text(user_of(signin)));
        break;
    case TRAIT_DEVICE:
        text_add_slice(out, slice_of_text(signin->device));
        break;
    case TRAIT_DOMAIN:
        add_lower(out, slice_of_text(signin->sip_domain));
        break;
    case TRAIT_FRONT_END:
        add_front_end(out, signin);
        break;
    case TRAIT_COUNT:
        break;
    }
}

void trait_add_words(struct text *out, const struct signin *signin, enum trait trait)
{
    const struct finding *cause = signin_cause(signin);

    if (trait == TRAIT_CAUSE && cause && cause->title)
        text_add(out, cause->title);
    else
        trait_add(out, signin, trait);
}

static bool has(const char *text, const char *word)
{
    struct slice all = slice_of_text(text);

    return slice_find_text_nocase(all, word) < all.length;
}

static bool cause_has(const struct signin *signin, const char *word)
{
    const struct finding *cause = signin_cause(signin);

    return cause && (has(cause->title, word) || has(signin->result, word));
}

static bool address_has(const struct signin *signin, const char *word)
{
    char address[ADDRESS_TEXT_SIZE];

    address_format(&signin->client.endpoint.address, address);
    return has(address, word);
}

bool trait_contains(const struct signin *signin, enum trait trait, const char *word)
{
    struct text own = { 0 };
    bool found;

    trait_add(&own, signin, trait);
    found = has(text_string(&own), word);
    text_release(&own);
    if (!found && trait == TRAIT_CAUSE)
        found = cause_has(signin, word);
    if (!found && trait == TRAIT_CLIENT)
        found = address_has(signin, word);
    return found;
}

bool trait_equals(const struct signin *signin, enum trait trait, const char *word)
{
    struct text own = { 0 };
    bool equal;

    trait_add(&own, signin, trait);
    equal = slice_equals_nocase(slice_trim(buffer_slice(&own.bytes)), slice_of_text(word));
    text_release(&own);
    return equal;
}
