/* stream_test.c: what a channel shows its dissector, and what it keeps from it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/flow/stream.h"
#include "tests/support/stream_run.h"

/* A dissector that obeys the test: it notes what it is shown and uses what it is told to. */
enum { NOTES_MAX = 4096 };

struct script {
    char notes[NOTES_MAX];
    size_t length;
    size_t use;    /* of each reading; SIZE_MAX: all */
    size_t beyond; /* use so many bytes that are not there yet */
    size_t wanted;
    bool let_go, open_inner, read_evidence;
    struct channel *inner;
};

static struct script script;

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void note(const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(script.notes + script.length, NOTES_MAX - script.length, format, arguments);
    va_end(arguments);
    if (length > 0)
        script.length += (size_t)length;
}

static enum recognition recognize(enum transport transport, enum direction direction,
                                  struct slice first)
{
    (void)transport;
    if (slice_starts_with(first, "MINE"))
        return direction == FROM_CLIENT ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    if (slice_starts_with(first, "ANSWER"))
        return direction == FROM_SERVER ? RECOGNIZE_YES : RECOGNIZE_YES_REVERSED;
    if (slice_starts_with(first, "PORT"))
        return RECOGNIZE_ON_PORT;
    return first.length < 4 && first.data[0] == 'M' ? RECOGNIZE_MORE : RECOGNIZE_NO;
}

static char side_letter(enum direction direction)
{
    return direction == FROM_CLIENT ? 'c' : 's';
}

static size_t read_bytes(struct channel_view *view, enum direction direction, struct slice bytes,
                         size_t *wanted)
{
    size_t used = script.use < bytes.length ? script.use : bytes.length;

    note("%c:%.*s", side_letter(direction), (int)bytes.length, (const char *)bytes.data);
    for (size_t i = 0; script.read_evidence && i < bytes.length; i++)
        note("%llu", (unsigned long long)channel_evidence(view, direction, i).packet);
    note(" ");
    *wanted = script.wanted;
    if (script.let_go)
        channel_let_go(view);
    if (script.open_inner && !script.inner) {
        script.inner = channel_open_inner(view, false, true);
        return bytes.length;
    }
    if (script.inner && view->tunnelled == false) {
        channel_pass(script.inner, direction, bytes, channel_evidence(view, direction, 0));
        return bytes.length;
    }
    return used == bytes.length ? used + script.beyond : used;
}

static void read_datagram(struct channel_view *view, enum direction direction, struct slice bytes,
                          bool whole, struct evidence evidence)
{
    (void)view;
    (void)whole;
    (void)evidence;
    note("%c=%.*s ", side_letter(direction), (int)bytes.length, (const char *)bytes.data);
}

static void lose(struct channel_view *view, enum direction direction, uint64_t bytes)
{
    (void)view;
    note("%c-%llu ", side_letter(direction), (unsigned long long)bytes);
}

static void finish(struct channel_view *view, enum direction direction, struct slice rest,
                   enum stream_end end, struct evidence evidence)
{
    (void)view;
    (void)evidence;
    note("%c!%.*s%d ", side_letter(direction), (int)rest.length, (const char *)rest.data, end);
}

static void tick(struct channel_view *view)
{
    note("@%lld ", (long long)view->now_ns);
}

static const struct dissector obedient = {
    .name = "obedient",
    .memory_size = 8,
    .ports = { 7777 },
    .recognizes = recognize,
    .read = read_bytes,
    .read_datagram = read_datagram,
    .lose = lose,
    .finish = finish,
    .tick = tick,
};

static const struct dissector *const only[] = { &obedient, NULL };
static struct budget budget;
static struct dissection_options options;

static struct channel *create(bool from_start, size_t limit)
{
    struct channel_config config = {
        .dissectors = only,
        .options = &options,
        .budget = &budget,
        .client = { .port = 40000 },
        .server = { .port = 80 },
        .from_start = from_start,
    };

    script = (struct script){ .use = SIZE_MAX };
    options.everything = false;
    budget_init(&budget, limit, NULL);
    return channel_create(&config);
}

static void feed(struct channel *channel, enum direction direction, const char *text,
                 uint64_t packet)
{
    struct slice bytes = slice_of_text(text);
    uint8_t *copy = exact_copy(bytes);

    channel_feed(channel, direction, slice_of(copy, bytes.length),
                 (struct evidence){ .packet = packet, .time_ns = (int64_t)packet });
    free(copy);
}

static void end(struct channel *channel)
{
    channel_free(channel);
    assert_int_equal(budget.used, 0);
}

static void shows_what_comes(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    feed(channel, FROM_CLIENT, "MINE1", 1);
    feed(channel, FROM_SERVER, "two", 2);
    feed(channel, FROM_CLIENT, "three", 3);
    channel_tick(channel, 9);
    channel_end(channel, FROM_CLIENT, END_FIN, (struct evidence){ 0 });
    channel_end(channel, FROM_CLIENT, END_FIN, (struct evidence){ 0 });
    feed(channel, FROM_CLIENT, "late", 4);
    assert_string_equal(script.notes, "c:MINE1 s:two c:three @9 c!0 ");
    assert_string_equal(channel_dissector_name(channel), "obedient");
    end(channel);
}

static void keeps_what_is_left(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    script.use = 2;
    script.read_evidence = true;
    feed(channel, FROM_CLIENT, "MINE", 1);
    feed(channel, FROM_CLIENT, "ab", 2);
    feed(channel, FROM_CLIENT, "cd", 3);
    script.use = 0;
    feed(channel, FROM_CLIENT, "e", 4);
    channel_end(channel, FROM_CLIENT, END_RESET, (struct evidence){ 0 });
    assert_string_equal(script.notes, "c:MINE1111 c:NEab1122 c:abcd2233 c:cde334 c!cde1 ");
    end(channel);
}

static void waits_for_what_is_wanted(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    script.use = 0;
    script.wanted = 8;
    feed(channel, FROM_CLIENT, "MINE", 1);
    feed(channel, FROM_CLIENT, "abc", 2);
    feed(channel, FROM_CLIENT, "de", 3);
    script.wanted = 100;
    feed(channel, FROM_CLIENT, "f", 4);
    feed(channel, FROM_CLIENT, "g", 5);
    channel_lose(channel, FROM_CLIENT, 3); /* shown once more before it is dropped */
    assert_string_equal(script.notes, "c:MINE c:MINEabcde c:MINEabcdef c:MINEabcdefg c-3 ");
    end(channel);
}

static void waits_for_the_other_side(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    script.use = 0;
    script.wanted = SIZE_MAX;
    feed(channel, FROM_CLIENT, "MINE", 1);
    feed(channel, FROM_CLIENT, "a", 2);
    script.use = SIZE_MAX;
    feed(channel, FROM_SERVER, "b", 3);
    assert_string_equal(script.notes, "c:MINE s:b c:MINEa ");
    end(channel);
}

static void waits_for_time(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    script.use = 0;
    script.wanted = WANTS_TIME;
    feed(channel, FROM_CLIENT, "MINE", 1);
    assert_true(channel_is_waiting(channel));
    channel_tick(channel, 5);
    feed(channel, FROM_CLIENT, "a", 6);
    script.use = SIZE_MAX;
    script.wanted = 0;
    channel_tick(channel, 7);
    assert_false(channel_is_waiting(channel));
    channel_tick(channel, 8); /* there is nothing to show */
    assert_string_equal(script.notes, "c:MINE @5 c:MINE c:MINEa @7 c:MINEa @8 ");
    end(channel);
}

static void a_gap_ends_the_waiting(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    script.use = 0;
    script.wanted = WANTS_TIME;
    feed(channel, FROM_CLIENT, "MINE", 1);
    channel_lose(channel, FROM_CLIENT, 10);
    assert_false(channel_is_waiting(channel));
    end(channel);
}

static void skips_unread(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    script.beyond = 10;
    feed(channel, FROM_CLIENT, "MINE", 1);
    script.beyond = 0;
    assert_int_equal(channel_skippable(channel, FROM_CLIENT), 10);
    assert_int_equal(channel_skippable(channel, FROM_SERVER), 0);
    channel_skip(channel, FROM_CLIENT, 3);
    feed(channel, FROM_CLIENT, "xx", 2);
    channel_lose(channel, FROM_CLIENT, 2);
    feed(channel, FROM_CLIENT, "xxxyz", 3);
    assert_int_equal(channel_skippable(channel, FROM_CLIENT), 0);
    script.beyond = 2;
    feed(channel, FROM_CLIENT, "more", 4);
    channel_lose(channel, FROM_CLIENT, 5);
    assert_string_equal(script.notes, "c:MINE c:yz c:more c-3 ");
    end(channel);
}

static void finds_its_dissector_late(void **state)
{
    struct channel *channel = create(false, 0);

    (void)state;
    feed(channel, FROM_SERVER, "tail", 1);
    feed(channel, FROM_CLIENT, "M", 2);
    feed(channel, FROM_SERVER, "tail", 3);
    feed(channel, FROM_CLIENT, "MINE", 4); /* the M before was something else */
    assert_string_equal(script.notes, "c:MINE ");
    end(channel);
}

static void joins_pieces_to_recognize(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    feed(channel, FROM_CLIENT, "MI", 1);
    feed(channel, FROM_CLIENT, "NE", 2);
    assert_string_equal(script.notes, "c:MINE ");
    end(channel);
}

static void turns_around(void **state)
{
    struct channel *channel = create(false, 0);

    (void)state;
    feed(channel, FROM_CLIENT, "ANSWER", 1);
    assert_true(channel_is_reversed(channel));
    feed(channel, FROM_CLIENT, "x", 2); /* the caller has turned around too */
    assert_string_equal(script.notes, "s:ANSWER c:x ");
    end(channel);
}

static void lets_go_of_strangers(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_false(channel_is_let_go(channel));
        feed(channel, FROM_CLIENT, "who", 1);
        feed(channel, FROM_SERVER, "knows", 2);
    }
    assert_true(channel_is_let_go(channel));
    assert_int_equal(channel_skippable(channel, FROM_CLIENT), UINT64_MAX);
    feed(channel, FROM_CLIENT, "MINE", 3);
    assert_string_equal(script.notes, "");
    end(channel);
}

static void lets_go_when_told(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    script.let_go = true;
    script.use = 0;
    feed(channel, FROM_CLIENT, "MINE", 1);
    feed(channel, FROM_CLIENT, "x", 2);
    channel_tick(channel, 5);
    channel_end(channel, FROM_CLIENT, END_FIN, (struct evidence){ 0 });
    assert_string_equal(script.notes, "c:MINE c!0 ");
    end(channel);
}

static void holds_on_when_everything_is_read(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    options.everything = true;
    script.let_go = true;
    feed(channel, FROM_CLIENT, "MINE", 1);
    feed(channel, FROM_CLIENT, "x", 2);
    assert_string_equal(script.notes, "c:MINE c:x ");
    end(channel);
}

static void loses_what_does_not_fit(void **state)
{
    struct channel *channel = create(true, 4096);
    char big[3000];

    (void)state;
    memset(big, 'b', sizeof big - 1);
    big[sizeof big - 1] = '\0';
    script.use = 0;
    script.wanted = 100000;
    feed(channel, FROM_CLIENT, "MINE", 1);
    feed(channel, FROM_CLIENT, big, 2);
    assert_non_null(strstr(script.notes, "c-2999 "));
    feed(channel, FROM_CLIENT, "again", 3);
    assert_non_null(strstr(script.notes, "c:again "));
    end(channel);
}

static void asks_the_port_last(void **state)
{
    struct channel_config config = {
        .dissectors = only,
        .options = &options,
        .budget = &budget,
        .transport = TRANSPORT_UDP,
        .client = { .port = 1 },
        .server = { .port = 7777 },
    };
    struct channel *channel;

    (void)state;
    channel_free(create(true, 0));
    channel = channel_create(&config);
    channel_datagram(channel, FROM_SERVER, slice_of_text("PORT"), true, (struct evidence){ 0 });
    assert_string_equal(script.notes, "s=PORT ");
    channel_free(channel);
    config.server.port = 80;
    channel = channel_create(&config);
    channel_datagram(channel, FROM_SERVER, slice_of_text("PORT"), true, (struct evidence){ 0 });
    assert_string_equal(script.notes, "s=PORT ");
    channel_free(channel);
}

static unsigned asked;

static const char *hint(void *context)
{
    asked++;
    return context;
}

static void follows_a_hint_once(void **state)
{
    struct channel_config config = {
        .dissectors = only,
        .options = &options,
        .budget = &budget,
        .from_start = true,
        .ask_classifier = hint,
        .classifier_context = (char[]){ "obedient" },
    };
    struct channel *channel;

    (void)state;
    channel_free(create(true, 0));
    asked = 0;
    channel = channel_create(&config);
    for (int i = 0; i < 3; i++) {
        feed(channel, FROM_SERVER, "a", 1);
        feed(channel, FROM_CLIENT, "b", 2);
    }
    assert_int_equal(asked, 1);
    assert_string_equal(script.notes, "c:b ");
    end(channel);
}

static void reads_what_is_inside(void **state)
{
    struct channel *channel = create(true, 0);

    (void)state;
    script.open_inner = true;
    feed(channel, FROM_CLIENT, "MINE", 1);
    assert_non_null(script.inner);
    feed(channel, FROM_CLIENT, "MINE in", 2);
    channel_tick(channel, 7);
    channel_pass_end(script.inner, FROM_CLIENT, END_FIN);
    assert_string_equal(script.notes, "c:MINE c:MINE in c:MINE in @7 @7 c!0 ");
    end(channel);
}

static void goes_no_deeper_than_that(void **state)
{
    struct dissection_options none = { 0 };
    struct channel *channel = create(true, 0);
    struct channel_view view = { .channel = channel, .options = &none };
    int depth = 0;

    (void)state;
    while (depth < 20 && (view.channel = channel_open_inner(&view, true, false)))
        depth++;
    assert_int_equal(depth, 4);
    end(channel);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shows_what_comes),
        cmocka_unit_test(keeps_what_is_left),
        cmocka_unit_test(waits_for_what_is_wanted),
        cmocka_unit_test(waits_for_the_other_side),
        cmocka_unit_test(waits_for_time),
        cmocka_unit_test(a_gap_ends_the_waiting),
        cmocka_unit_test(skips_unread),
        cmocka_unit_test(finds_its_dissector_late),
        cmocka_unit_test(joins_pieces_to_recognize),
        cmocka_unit_test(turns_around),
        cmocka_unit_test(lets_go_of_strangers),
        cmocka_unit_test(lets_go_when_told),
        cmocka_unit_test(holds_on_when_everything_is_read),
        cmocka_unit_test(loses_what_does_not_fit),
        cmocka_unit_test(asks_the_port_last),
        cmocka_unit_test(follows_a_hint_once),
        cmocka_unit_test(reads_what_is_inside),
        cmocka_unit_test(goes_no_deeper_than_that),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
