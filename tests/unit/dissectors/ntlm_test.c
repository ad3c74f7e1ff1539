/* ntlm_test.c: messages 1 to 3, whole, odd and hurt */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "bodies.h"
#include "dissectors/ntlm.h"
#include "lyncscope/base64.h"

enum { PAYLOAD_MAX = 600, UNICODE = 1, OEM = 2 };

/* A message under construction: fields in the head, what they point at behind it. */
struct builder {
    uint8_t bytes[PAYLOAD_MAX];
    size_t length;
};

static void put_u16(struct builder *b, size_t at, unsigned value)
{
    b->bytes[at] = (uint8_t)value;
    b->bytes[at + 1] = (uint8_t)(value >> 8);
}

static void put_u32(struct builder *b, size_t at, uint32_t value)
{
    put_u16(b, at, value & 0xffff);
    put_u16(b, at + 2, value >> 16);
}

static struct builder begin(uint32_t type, size_t head)
{
    struct builder b = { .length = head };

    memcpy(b.bytes, "NTLMSSP", 8);
    put_u32(&b, 8, type);
    return b;
}

static void put_field(struct builder *b, size_t at, const void *bytes, size_t length)
{
    put_u16(b, at, (unsigned)length);
    put_u16(b, at + 2, (unsigned)length);
    put_u32(b, at + 4, (uint32_t)b->length);
    memcpy(b->bytes + b->length, bytes, length);
    b->length += length;
}

static size_t widen(const char *text, uint8_t out[])
{
    size_t length = 0;

    for (; *text; text++) {
        out[length++] = (uint8_t)*text;
        out[length++] = 0;
    }
    return length;
}

static void put_text(struct builder *b, size_t at, const char *text, bool unicode)
{
    uint8_t wide[200];

    if (unicode)
        put_field(b, at, wide, widen(text, wide));
    else
        put_field(b, at, text, strlen(text));
}

static struct ntlm_facts read_built(const struct builder *b, size_t length, struct arena *arena)
{
    uint8_t *block = exact_block(b->bytes, length);
    struct ntlm_facts facts = ntlm_read(slice_of(block, length), arena);

    free(block);
    return facts;
}

static size_t add_av(uint8_t *out, unsigned id, const char *text)
{
    size_t length = widen(text, out + 4);

    out[0] = (uint8_t)id;
    out[1] = 0;
    out[2] = (uint8_t)length;
    out[3] = 0;
    return length + 4;
}

static size_t add_time(uint8_t *out, uint8_t byte)
{
    memcpy(out, "\7\0\10\0", 4);
    memset(out + 4, byte, 8);
    return 12;
}

static struct builder challenge(bool terminated)
{
    struct builder b = begin(2, 56);
    uint8_t info[300];
    size_t length = add_av(info, 2, "LITWARE");

    length += add_av(info + length, 1, "FE7");
    length += add_av(info + length, 4, "corp.litware.example");
    length += add_av(info + length, 3, "fe7.corp.litware.example");
    length += add_time(info + length, 0x11);
    if (terminated) {
        memset(info + length, 0, 4);
        length += 4;
    }
    put_u32(&b, 20, UNICODE | 0x800000);
    put_text(&b, 12, "LITWARE", true);
    put_field(&b, 40, info, length);
    return b;
}

static struct builder authenticate(const char *domain, const char *user, uint32_t flags)
{
    bool unicode = flags & UNICODE;
    struct builder b = begin(3, 72);
    uint8_t response[400] = { 0 };
    size_t length = 44;

    response[16] = response[17] = 1;
    memset(response + 24, 0x22, 8);
    length += add_av(response + length, 3, "fe7.corp.litware.example");
    length += add_av(response + length, 9, "HTTP/pool.litware.example");
    length += add_time(response + length, 0x33);
    length += 4;
    put_text(&b, 28, domain, unicode);
    put_text(&b, 36, user, unicode);
    put_text(&b, 44, "PHONE9", unicode);
    put_field(&b, 12, response, 24);
    put_field(&b, 20, response, length);
    put_u32(&b, 60, flags);
    return b;
}

static void test_type1(void **state)
{
    struct builder b = begin(1, 40);
    struct ntlm_facts facts;

    put_u32(&b, 12, 0x3000);
    put_text(&b, 16, "LITWARE", false);
    put_text(&b, 24, "PHONE9", false);
    facts = read_built(&b, b.length, *state);
    assert_int_equal(facts.type, 1);
    assert_slice(facts.domain, "LITWARE");
    assert_slice(facts.workstation, "PHONE9");
    assert_false(facts.malformed);
    put_u32(&b, 12, 0x2000); /* a field without its flag means nothing */
    facts = read_built(&b, b.length, *state);
    assert_int_equal(facts.domain.length, 0);
    put_u32(&b, 12, 0x7);
    facts = read_built(&b, 16, *state); /* the shortest there is */
    assert_int_equal(facts.type, 1);
    assert_int_equal(facts.flags, 7);
    assert_false(facts.malformed);
}

static void test_type2(void **state)
{
    struct builder b = challenge(true);
    struct ntlm_facts facts = read_built(&b, b.length, *state);

    assert_int_equal(facts.type, 2);
    assert_slice(facts.domain, "LITWARE");
    assert_slice(facts.server_name, "fe7.corp.litware.example");
    assert_slice(facts.server_domain, "corp.litware.example");
    assert_int_equal(facts.timestamp, 0x1111111111111111);
    assert_false(facts.malformed);
    b = begin(2, 32); /* without target information, as old servers send it */
    put_u32(&b, 20, OEM);
    put_text(&b, 12, "OLD\xc9", false);
    facts = read_built(&b, b.length, *state);
    assert_slice(facts.domain, "OLD\xc3\x89");
    assert_false(facts.malformed);
}

static void test_unterminated_pairs(void **state)
{
    struct builder b = challenge(false);
    struct ntlm_facts facts = read_built(&b, b.length, *state);

    assert_true(facts.malformed);
    assert_slice(facts.server_name, "fe7.corp.litware.example");
    b.bytes[56 + 14 + 2] = 0xff; /* the first pair is longer than all of them */
    facts = read_built(&b, b.length, *state);
    assert_true(facts.malformed);
    assert_int_equal(facts.server_name.length, 0);
}

static void test_type3(void **state)
{
    struct builder b = authenticate("LITWARE", "nina", UNICODE);
    struct ntlm_facts facts = read_built(&b, b.length, *state);

    assert_int_equal(facts.type, 3);
    assert_slice(facts.domain, "LITWARE");
    assert_slice(facts.user, "nina");
    assert_slice(facts.workstation, "PHONE9");
    assert_slice(facts.target_spn, "HTTP/pool.litware.example");
    assert_int_equal(facts.timestamp, 0x2222222222222222);
    assert_int_equal(facts.server_name.length, 0);
    assert_false(facts.anonymous || facts.version1 || facts.malformed);
}

static void test_type3_variants(void **state)
{
    struct builder b = authenticate("", "nina@litware.example", OEM);
    struct ntlm_facts facts = read_built(&b, b.length, *state);

    assert_slice(facts.user, "nina@litware.example");
    assert_int_equal(facts.domain.length, 0);
    assert_false(facts.anonymous);
    b = authenticate("", "", UNICODE);
    assert_true(read_built(&b, b.length, *state).anonymous);
    b = authenticate("D", "u", UNICODE | 0x800);
    assert_true(read_built(&b, b.length, *state).anonymous);
    b = authenticate("D", "u", UNICODE);
    put_u16(&b, 20, 24);
    facts = read_built(&b, b.length, *state);
    assert_true(facts.version1);
    assert_int_equal(facts.timestamp, 0);
}

/* Windows 9x ends the head before the flags: what would be flags is payload. */
static void test_short_head(void **state)
{
    struct builder b = begin(3, 52);
    struct ntlm_facts facts;
    uint8_t response[24] = { 0 };

    put_text(&b, 28, "OLDDOM", false);
    put_text(&b, 36, "OLDUSER", false);
    put_field(&b, 12, response, 24);
    put_field(&b, 20, response, 24);
    facts = read_built(&b, b.length, *state);
    assert_slice(facts.user, "OLDUSER");
    assert_int_equal(facts.flags, 0);
    assert_true(facts.version1);
    assert_false(facts.malformed);
}

/* Each field pointed out of the message: marked, empty, and the others still read. */
static void test_fields_outside(void **state)
{
    static const struct {
        size_t at;
        uint32_t offset;
        unsigned length;
    } hurts[] = { { 28, 0xffffffff, 4 }, { 28, 0, 0xffff },       { 36, 10000, 2 },
                  { 44, 0xfffffffe, 8 }, { 20, 0x7fffffff, 200 }, { 36, PAYLOAD_MAX, 1 } };

    for (size_t i = 0; i < sizeof hurts / sizeof *hurts; i++) {
        struct builder b = authenticate("LITWARE", "nina", UNICODE);
        struct ntlm_facts facts;

        put_u16(&b, hurts[i].at, hurts[i].length);
        put_u32(&b, hurts[i].at + 4, hurts[i].offset);
        facts = read_built(&b, b.length, *state);
        assert_true(facts.malformed);
        assert_int_equal(facts.type, 3);
        if (hurts[i].at != 36)
            assert_slice(facts.user, "nina");
        else
            assert_slice(facts.domain, "LITWARE");
        assert_false(facts.anonymous);
    }
}

static void test_hurt(void **state)
{
    struct builder messages[] = { challenge(true), authenticate("LITWARE", "nina", UNICODE),
                                  authenticate("LITWARE", "nina", OEM) };

    for (size_t m = 0; m < sizeof messages / sizeof *messages; m++) {
        struct builder *b = &messages[m];

        for (size_t length = 0; length < b->length; length++) {
            struct ntlm_facts facts = read_built(b, length, *state);

            assert_true(facts.type == 0 || facts.malformed);
        }
        for (size_t at = 0; at < b->length; at++) {
            uint8_t old = b->bytes[at];

            b->bytes[at] = 0xff;
            read_built(b, b->length, *state);
            b->bytes[at] = 0x7f;
            read_built(b, b->length, *state);
            b->bytes[at] = old;
        }
        arena_reset(*state);
    }
}

static void test_not_ntlm(void **state)
{
    struct builder b = begin(4, 64);

    assert_int_equal(ntlm_read(SLICE_EMPTY, *state).type, 0);
    assert_int_equal(ntlm_read(slice_of_text("NTLMSSPx"), *state).type, 0);
    assert_false(ntlm_read(slice_of_text("NTLMSSPx"), *state).malformed);
    assert_int_equal(read_built(&b, 64, *state).type, 0);
    assert_true(read_built(&b, 64, *state).malformed);
}

/* Messages as two programs sent them, found in captures by their signature. */
static struct ntlm_facts read_capture(const char *name, unsigned type, struct arena *arena)
{
    const char *folder = getenv("LYNCSCOPE_SHARED");
    char *path =
        arena_print(arena, "%s/captures/public/ntlm/%s", folder ? folder : "../shared", name);
    struct ntlm_facts facts = { 0 };
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = arena_take(arena, 65536);
    struct slice rest;

    if (!file)
        skip();
    for (rest = slice_of(bytes, fread(bytes, 1, 65536, file));
         rest.length > 0 && facts.type != type; rest = slice_after(rest, 1))
        facts = ntlm_read(rest, arena);
    fclose(file);
    assert_int_equal(facts.type, type);
    return facts;
}

static void test_captures(void **state)
{
    struct ntlm_facts facts = read_capture("zeek-ntlm-unterminated-av-sequence.pcap", 2, *state);

    assert_slice(facts.domain, "CNAMIS");
    assert_true(facts.malformed);
    facts = read_capture("zeek-raw_ntlm_in_smb.pcap", 3, *state);
    assert_slice(facts.user, "test");
    assert_slice(facts.domain, "TEST-F7DFBC3FE9");
    assert_slice(facts.workstation, "BABYBOOK");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up_arena, tear_down_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_type1),          TEST(test_type2),          TEST(test_unterminated_pairs),
        TEST(test_type3),          TEST(test_type3_variants), TEST(test_short_head),
        TEST(test_fields_outside), TEST(test_hurt),           TEST(test_not_ntlm),
        TEST(test_captures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
