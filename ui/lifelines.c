/* lifelines.c: the hosts of one sign-in, one line each
 *
 * A host is known by its names and its addresses; whatever shares one of them
 * is the same line.  The client and the name servers are lines of their own:
 * everything may run on one address in a test network.  The outer and the inner
 * side of a reverse proxy share no address; what joins them is that the inner
 * exchange is the same one passed on.  A proxy passes the host's
 * name on as well: behind it the same name is another host's, so names join only on one side.
 */
#include "ui/lifelines.h"

#include <string.h>

enum kind { KIND_CLIENT, KIND_DNS, KIND_HOST };

static enum kind kind_of(const struct signin *signin, const struct party *party)
{
    if (party->role == ROLE_CLIENT)
        return KIND_CLIENT;
    if (party->role == ROLE_DNS)
        return KIND_DNS;
    if (party->role == ROLE_UNKNOWN &&
        address_equals(&party->endpoint.address, &signin->client.endpoint.address))
        return KIND_CLIENT;
    return KIND_HOST;
}

static enum kind kind_of_line(const struct lifeline *line)
{
    if (line->role == ROLE_CLIENT)
        return KIND_CLIENT;
    return line->role == ROLE_DNS ? KIND_DNS : KIND_HOST;
}

static bool same_name(struct lifeline_key a, struct lifeline_key b)
{
    return a.inner == b.inner && a.party->name && b.party->name &&
           strcmp(a.party->name, b.party->name) == 0;
}

static bool same_address(struct lifeline_key a, struct lifeline_key b)
{
    return a.party->endpoint.address.family != 0 &&
           address_equals(&a.party->endpoint.address, &b.party->endpoint.address);
}

static bool is_known_by(const struct lifeline *line, struct lifeline_key key)
{
    if (kind_of_line(line) != KIND_HOST)
        return true; /* one line of that kind */
    for (size_t i = 0; i < line->key_count; i++)
        if (same_name(line->keys[i], key) || same_address(line->keys[i], key))
            return true;
    return false;
}

static size_t find_line(const struct lifelines *lifelines, enum kind kind, struct lifeline_key key)
{
    size_t i = 0;

    while (i < lifelines->count &&
           (kind_of_line(&lifelines->lines[i]) != kind || !is_known_by(&lifelines->lines[i], key)))
        i++;
    return i;
}

/* Keeps a party as a key only when it brings a new name or address. */
static void add_key(struct lifeline *line, struct lifeline_key key)
{
    const struct party *party = key.party;
    bool name_known = !party->name, address_known = party->endpoint.address.family == 0;

    for (size_t i = 0; i < line->key_count; i++) {
        name_known = name_known || same_name(line->keys[i], key);
        address_known = address_known || same_address(line->keys[i], key);
    }
    if (name_known && address_known)
        return;
    line->addresses += !address_known;
    if (line->key_count < LIFELINE_KEYS_MAX)
        line->keys[line->key_count++] = key;
    if (!line->first->name && party->name)
        line->first = party;
}

static enum role role_for(enum kind kind, enum role role)
{
    if (kind == KIND_CLIENT)
        return ROLE_CLIENT;
    return kind == KIND_DNS ? ROLE_DNS : role;
}

static size_t add_party(struct lifelines *lifelines, enum kind kind, struct lifeline_key key)
{
    const struct party *party = key.party;
    size_t index = find_line(lifelines, kind, key);
    struct lifeline *line = &lifelines->lines[index];

    if (index == LIFELINES_MAX)
        return index;
    if (index == lifelines->count) {
        *line = (struct lifeline){ .role = role_for(kind, party->role), .first = party };
        lifelines->count++;
    } else if (kind == KIND_HOST && (line->role == ROLE_UNKNOWN || line->role == ROLE_SERVER) &&
               party->role != ROLE_UNKNOWN) {
        line->role = party->role;
    }
    add_key(line, key);
    return index;
}

static void add_relay(struct lifelines *lifelines, const struct signin *signin,
                      const struct step *step, size_t proxy)
{
    const struct relay *relay = step->relay;

    if (proxy < lifelines->count && kind_of_line(&lifelines->lines[proxy]) == KIND_HOST)
        add_key(&lifelines->lines[proxy], (struct lifeline_key){ &relay->from, false });
    add_party(lifelines, kind_of(signin, &relay->to), (struct lifeline_key){ &relay->to, true });
}

static struct lifeline_key called_by(const struct step *step)
{
    return (struct lifeline_key){ &step->to, step->leg == LEG_INTERNAL };
}

void lifelines_collect(struct lifelines *lifelines, const struct signin *signin)
{
    lifelines->count = 0;
    add_party(lifelines, KIND_CLIENT, (struct lifeline_key){ &signin->client, false });
    for (size_t i = 0; i < signin->step_count; i++) {
        const struct step *step = &signin->steps[i];
        size_t to;

        add_party(lifelines, kind_of(signin, &step->from),
                  (struct lifeline_key){ &step->from, false });
        to = add_party(lifelines, step->dns ? KIND_DNS : kind_of(signin, &step->to),
                       called_by(step));
        if (step->relay)
            add_relay(lifelines, signin, step, to);
    }
}

/* The client's line stands for a party that says nothing about itself. */
static size_t find_party(const struct lifelines *lifelines, struct lifeline_key key)
{
    size_t index;

    if (key.party->role == ROLE_DNS)
        return find_line(lifelines, KIND_DNS, key);
    if (key.party->role == ROLE_CLIENT)
        return 0;
    index = find_line(lifelines, KIND_HOST, key);
    if (index == lifelines->count && lifelines->count < LIFELINES_MAX)
        return 0;
    return index;
}

struct leg_ends lifelines_of_step(const struct lifelines *lifelines, const struct step *step)
{
    struct lifeline_key to = called_by(step);

    return (struct leg_ends){
        find_party(lifelines, (struct lifeline_key){ &step->from, false }),
        step->dns ? find_line(lifelines, KIND_DNS, to) : find_party(lifelines, to),
    };
}

struct leg_ends lifelines_of_relay(const struct lifelines *lifelines, const struct step *step)
{
    return (struct leg_ends){
        find_party(lifelines, called_by(step)),
        find_party(lifelines, (struct lifeline_key){ &step->relay->to, true }),
    };
}
