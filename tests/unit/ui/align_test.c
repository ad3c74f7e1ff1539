/* align_test.c: which entries of two lists belong together */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include "lyncscope/text.h"
#include "ui/align.h"

/* Entries are letters: the same, like but for case, or strangers. */
struct words {
    const char *left, *right;
};

static int score(const void *context, size_t left, size_t right)
{
    const struct words *words = context;
    char a = words->left[left], b = words->right[right];

    if (a == b)
        return ALIGN_SAME;
    return tolower(a) == tolower(b) ? ALIGN_LIKE : ALIGN_NEVER;
}

/* "a=a b- -c": pairs and gaps. */
static void assert_pairs(const char *left, const char *right, const char *expected)
{
    struct words words = { left, right };
    struct align_sides sides = { strlen(left), strlen(right), score, &words };
    struct alignment alignment = { 0 };
    struct text text = { 0 };

    assert_true(alignment_make(&alignment, &sides));
    for (size_t i = 0; i < alignment.count; i++) {
        struct align_pair pair = alignment.pairs[i];

        text_print(&text, "%s%c%c", i ? " " : "", pair.left < 0 ? '-' : left[pair.left],
                   pair.right < 0 ? '-' : right[pair.right]);
    }
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
    alignment_release(&alignment);
}

static void test_pairs(void **state)
{
    (void)state;
    assert_pairs("", "", "");
    assert_pairs("abc", "abc", "aa bb cc");
    assert_pairs("abc", "", "a- b- c-");
    assert_pairs("", "ab", "-a -b");
    /* One more in the middle shifts nothing behind it. */
    assert_pairs("abcde", "abXcde", "aa bb -X cc dd ee");
    assert_pairs("abXcde", "abcde", "aa bb X- cc dd ee");
    /* Like ones are paired, where nothing better is lost by it. */
    assert_pairs("abc", "aBc", "aa bB cc");
    assert_pairs("xAb", "ab", "x- Aa bb");
    assert_pairs("aA", "A", "a- AA");
    /* Strangers never are. */
    assert_pairs("axb", "ayb", "aa x- -y bb");
    /* Repeats at the front: the ends stay together. */
    assert_pairs("aab", "ab", "aa a- bb");
}

static void test_long_lists(void **state)
{
    enum { LONG = 5000 };
    static char left[LONG + 1], right[LONG + 1];
    struct words words = { left, right };
    struct align_sides sides = { LONG, LONG, score, &words };
    struct alignment alignment = { 0 };
    size_t seen_left = 0, seen_right = 0;

    (void)state;
    for (int i = 0; i < LONG; i++) {
        left[i] = (char)('a' + i % 7);
        right[i] = (char)('c' + i * 5 % 9);
    }
    assert_true(alignment_make(&alignment, &sides));
    for (size_t i = 0; i < alignment.count; i++) {
        struct align_pair pair = alignment.pairs[i];

        assert_true(pair.left >= 0 || pair.right >= 0);
        if (pair.left >= 0)
            assert_int_equal(pair.left, seen_left++);
        if (pair.right >= 0)
            assert_int_equal(pair.right, seen_right++);
        if (pair.left >= 0 && pair.right >= 0)
            assert_true(score(&words, (size_t)pair.left, (size_t)pair.right) > 0);
    }
    assert_int_equal(seen_left, LONG);
    assert_int_equal(seen_right, LONG);
    alignment_release(&alignment);
}

static void test_reuse(void **state)
{
    struct words words = { "abc", "abd" };
    struct align_sides sides = { 3, 3, score, &words };
    struct alignment alignment = { 0 };

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_true(alignment_make(&alignment, &sides));
        assert_int_equal(alignment.count, 4);
    }
    alignment_release(&alignment);
    assert_null(alignment.pairs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_long_lists),
        cmocka_unit_test(test_reuse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
