/* words.c: times, hosts and numbers as a person reads them */
#include "ui/words.h"

#include <stdio.h>
#include <string.h>

enum { NS_PER_MS = 1000000, NS_PER_S = 1000000000 };

int64_t time_between(int64_t from_ns, int64_t to_ns)
{
    int64_t between;

    if (__builtin_sub_overflow(to_ns, from_ns, &between))
        return to_ns < from_ns ? -INT64_MAX : INT64_MAX;
    return between;
}

void duration_format(int64_t duration_ns, char out[WORD_SIZE])
{
    int64_t ms = duration_ns / NS_PER_MS, s = duration_ns / NS_PER_S;

    if (duration_ns < 0)
        snprintf(out, WORD_SIZE, "?");
    else if (ms < 1000)
        snprintf(out, WORD_SIZE, "%d ms", (int)ms);
    else if (s < 100)
        snprintf(out, WORD_SIZE, "%d.%d s", (int)s, (int)(ms % 1000 / 100));
    else if (s < 6000)
        snprintf(out, WORD_SIZE, "%dm%02ds", (int)(s / 60), (int)(s % 60));
    else if (s < 100 * 3600)
        snprintf(out, WORD_SIZE, "%dh%02dm", (int)(s / 3600), (int)(s % 3600 / 60));
    else
        snprintf(out, WORD_SIZE, "%lldd", (long long)(s / 86400));
}

void delta_format(int64_t delta_ns, char out[WORD_SIZE])
{
    int64_t ms = delta_ns / NS_PER_MS;
    const char *sign = ms < 0 ? "-" : "+";

    ms = ms < 0 ? -ms : ms;
    if (ms < 10000)
        snprintf(out, WORD_SIZE, "%s%d.%03d", sign, (int)(ms / 1000), (int)(ms % 1000));
    else if (ms < 1000000)
        snprintf(out, WORD_SIZE, "%s%d.%ds", sign, (int)(ms / 1000), (int)(ms % 1000 / 100));
    else if (ms < (int64_t)6000 * 1000)
        snprintf(out, WORD_SIZE, "%s%dm%02d", sign, (int)(ms / 60000), (int)(ms % 60000 / 1000));
    else if (ms < (int64_t)1000 * 3600000)
        snprintf(out, WORD_SIZE, "%s%dh", sign, (int)(ms / 3600000));
    else
        snprintf(out, WORD_SIZE, "%s>999h", sign);
}

static void address_add(struct text *out, const struct address *address)
{
    char word[ADDRESS_TEXT_SIZE];

    address_format(address, word);
    text_add(out, word);
}

void party_add(struct text *out, const struct party *party)
{
    if (party->name)
        text_add_escaped(out, slice_of_text(party->name));
    else
        address_add(out, &party->endpoint.address);
}

void endpoint_add(struct text *out, const struct endpoint *endpoint)
{
    const char *form = endpoint->address.family == 6 ? "[]" : "";

    text_add_slice(out, slice_part(slice_of_text(form), 0, 1));
    address_add(out, &endpoint->address);
    text_add_slice(out, slice_part(slice_of_text(form), 1, 1));
    if (endpoint->port)
        text_print(out, ":%u", endpoint->port);
}

void party_add_full(struct text *out, const struct party *party)
{
    if (party->name) {
        party_add(out, party);
        text_add(out, " ");
    }
    endpoint_add(out, &party->endpoint);
}

const char *user_of(const struct signin *signin)
{
    struct slice user = slice_of_text(signin->user);

    if (slice_starts_with_nocase(user, "sip:"))
        return signin->user + 4;
    if (user.length > 0)
        return signin->user;
    return signin->sip_domain ? signin->sip_domain : "";
}

const char *input_short_name(const struct input_info *input)
{
    const char *slash = input->path ? strrchr(input->path, '/') : NULL;

    if (!input->path)
        return "?";
    if (input->path[0] == '-' && input->path[1] == 0)
        return "standard input";
    return slash && slash[1] ? slash + 1 : input->path;
}

static void add_input_name(struct text *out, const struct report *report, uint32_t input)
{
    if (report->input_count < 2 || input >= report->input_count)
        return;
    text_add(out, " of ");
    text_add_escaped(out, slice_of_text(input_short_name(report->inputs[input])));
}

/* An input is named behind the last of its packets. */
void evidence_add(struct text *out, const struct report *report, const struct evidence *evidence,
                  size_t count)
{
    const struct evidence *before = NULL;

    for (size_t i = 0; i < count; i++) {
        if (evidence[i].packet == 0)
            continue;
        if (before && before->input != evidence[i].input)
            add_input_name(out, report, before->input);
        text_print(out, "%s%llu", before ? ", " : "", (unsigned long long)evidence[i].packet);
        before = &evidence[i];
    }
    if (before)
        add_input_name(out, report, before->input);
}

void count_add(struct text *out, uint64_t count)
{
    char digits[WORD_SIZE];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);

    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            text_add(out, " ");
        text_add_slice(out, slice_of(&digits[i], 1));
    }
}

void character_add(struct text *out, uint32_t character)
{
    static const uint8_t leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
    size_t length = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    uint8_t bytes[4];

    for (size_t i = length; i-- > 1; character >>= 6)
        bytes[i] = (uint8_t)(0x80 | (character & 0x3f));
    bytes[0] = (uint8_t)(leads[length] | character);
    text_add_slice(out, slice_of(bytes, length));
}
