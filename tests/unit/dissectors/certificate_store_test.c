/* certificate_store_test.c: parsed once, held while held, limited otherwise */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lyncscope/certificate.h"
#include "tests/support/certificates.h"
#include "tests/support/exact.h"

struct fixture {
    struct made root, leaf, other;
    struct budget budget;
    struct certificate_store *store;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    const struct made *roots[] = { &fixture->root };
    struct complaint complaint;
    char *path;

    fixture->root = make_certificate((struct wish){ .name = "CN=Root", .flags = MADE_CA });
    fixture->leaf = make_certificate((struct wish){ .name = "CN=a", .issuer = &fixture->root });
    fixture->other = make_certificate((struct wish){ .name = "CN=b", .issuer = &fixture->root });
    budget_init(&fixture->budget, 0, NULL);
    path = made_file(roots, 1);
    fixture->store = certificate_store_create(&fixture->budget, path, &complaint);
    unlink(path);
    free(path);
    *state = fixture;
    return fixture->store ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    certificate_store_free(fixture->store);
    assert_int_equal(fixture->budget.used, 0);
    made_free(&fixture->root);
    made_free(&fixture->leaf);
    made_free(&fixture->other);
    free(fixture);
    return 0;
}

static void parses_each_content_once(void **state)
{
    struct fixture *fixture = *state;
    struct slice first[] = { fixture->leaf.der, fixture->root.der };
    struct slice second[] = { fixture->other.der, fixture->root.der };
    struct slice copy[] = { exact_slice(first[0]), exact_slice(first[1]) };
    const struct certificate_chain *chain = certificate_store_take(fixture->store, first, 2);
    const struct certificate_chain *other, *again;

    assert_int_equal(certificate_store_parsed(fixture->store), 2);
    for (int i = 0; i < 100; i++) {
        again = certificate_store_take(fixture->store, copy, 2);
        assert_ptr_equal(again, chain);
        certificate_store_give(fixture->store, again);
    }
    other = certificate_store_take(fixture->store, second, 2);
    assert_ptr_equal(other->certificates[1], chain->certificates[1]);
    assert_int_equal(certificate_store_parsed(fixture->store), 3);
    again = certificate_store_take(fixture->store, first, 1);
    assert_ptr_not_equal(again, chain);
    assert_ptr_equal(again->certificates[0], chain->certificates[0]);
    assert_int_equal(certificate_store_parsed(fixture->store), 3);
    certificate_store_give(fixture->store, again);
    certificate_store_give(fixture->store, other);
    certificate_store_give(fixture->store, chain);
    exact_free(copy[0]);
    exact_free(copy[1]);
}

static void hash_is_of_the_certificate(void **state)
{
    struct fixture *fixture = *state;
    struct slice sent[] = { fixture->leaf.der, slice_of_text("abc") };
    const struct certificate_chain *chain = certificate_store_take(fixture->store, sent, 2);
    unsigned char expected[32];

    EVP_Digest(sent[0].data, sent[0].length, expected, NULL, EVP_sha256(), NULL);
    assert_memory_equal(chain->certificates[0]->sha256, expected, 32);
    EVP_Digest("abc", 3, expected, NULL, EVP_sha256(), NULL);
    assert_memory_equal(chain->certificates[1]->sha256, expected, 32);
    assert_false(chain->certificates[1]->readable);
    certificate_store_give(fixture->store, chain);
    certificate_store_give(fixture->store, NULL);
}

/* Where one certificate ends is part of the content. */
static void borders_count(void **state)
{
    struct fixture *fixture = *state;
    struct slice whole[] = { slice_of_text("abcd") };
    struct slice parts[] = { slice_of_text("ab"), slice_of_text("cd") };
    struct slice with_none[] = { slice_of_text("abcd"), SLICE_EMPTY };
    const struct certificate_chain *one = certificate_store_take(fixture->store, whole, 1);
    const struct certificate_chain *two = certificate_store_take(fixture->store, parts, 2);
    const struct certificate_chain *none = certificate_store_take(fixture->store, with_none, 2);

    assert_int_equal(one->count, 1);
    assert_int_equal(two->count, 2);
    assert_int_equal(none->count, 2);
    assert_ptr_not_equal(two, none);
    certificate_store_give(fixture->store, one);
    certificate_store_give(fixture->store, two);
    certificate_store_give(fixture->store, none);
}

static const struct certificate_chain *take_number(struct fixture *fixture, int number)
{
    char text[32];
    struct slice sent[2];

    snprintf(text, sizeof text, "%d", number);
    sent[0] = fixture->leaf.der;
    sent[1] = slice_of_text(text);
    return certificate_store_take(fixture->store, sent, 2);
}

static void oldest_idle_chain_goes_first(void **state)
{
    struct fixture *fixture = *state;
    const struct certificate_chain *held = take_number(fixture, -1);
    size_t parsed;

    for (int i = 0; i < 4094; i++) { /* with the leaf: 4096 certificates */
        certificate_store_give(fixture->store, take_number(fixture, i));
        if (i % 100 == 0) /* 0 is used all the time */
            certificate_store_give(fixture->store, take_number(fixture, 0));
    }
    assert_int_equal(certificate_store_parsed(fixture->store), 4096);
    certificate_store_give(fixture->store, take_number(fixture, 5000));
    parsed = certificate_store_parsed(fixture->store);
    assert_ptr_equal(take_number(fixture, -1), held);
    certificate_store_give(fixture->store, held);
    certificate_store_give(fixture->store, take_number(fixture, 0));
    certificate_store_give(fixture->store, take_number(fixture, 2));
    assert_int_equal(certificate_store_parsed(fixture->store), parsed);
    certificate_store_give(fixture->store, take_number(fixture, 1)); /* the one that went */
    assert_int_equal(certificate_store_parsed(fixture->store), parsed + 1);
    assert_true(held->certificates[0]->readable);
    certificate_store_give(fixture->store, held);
}

/* Too much is held: nothing can go, and nothing that is held goes. */
static void held_chains_stay(void **state)
{
    enum { MANY = 5000 };
    struct fixture *fixture = *state;
    static const struct certificate_chain *held[MANY];

    for (int i = 0; i < MANY; i++) {
        held[i] = take_number(fixture, i);
        assert_non_null(held[i]);
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(held[i]->count, 2);
        certificate_store_give(fixture->store, held[i]);
    }
}

static void idle_chains_make_room(void **state)
{
    struct fixture *fixture = *state;
    const struct certificate_chain *chain = take_number(fixture, 0);

    fixture->budget.limit = fixture->budget.used + 20000;
    for (int i = 1; i < 1000; i++) {
        const struct certificate_chain *next = take_number(fixture, i);

        assert_non_null(next);
        certificate_store_give(fixture->store, next);
    }
    assert_true(fixture->budget.refusals > 0);
    fixture->budget.limit = 1;
    assert_null(take_number(fixture, 2000));
    fixture->budget.limit = 0;
    assert_int_equal(chain->count, 2);
    certificate_store_give(fixture->store, chain);
}

static void every_refusal_is_survived(void **state)
{
    struct fixture *fixture = *state;
    struct slice sent[] = { fixture->leaf.der, fixture->root.der };
    const struct certificate_chain *chain = NULL;
    size_t refused = 0, used = fixture->budget.used;

    for (size_t more = 0; !chain; more += 100) {
        fixture->budget.limit = used + more + 1;
        chain = certificate_store_take(fixture->store, sent, 2);
        refused += !chain;
        assert_true(chain || fixture->budget.used == used);
    }
    assert_true(refused > 10);
    assert_int_equal(chain->trust, TRUST_YES);
    certificate_store_give(fixture->store, chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(parses_each_content_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hash_is_of_the_certificate, set_up, tear_down),
        cmocka_unit_test_setup_teardown(borders_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(oldest_idle_chain_goes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(held_chains_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(idle_chains_make_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_refusal_is_survived, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
