/* certificate_chain_test.c: order, what is missing, trust */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lyncscope/certificate.h"
#include "tests/support/certificates.h"

/* A PKI with two tiers, one with a root alone, and the stores of clients. */
struct pki {
    struct made root, issuing, leaf, lone_root, lone_leaf, self;
    struct certificate_store *nothing; /* a store that knows none of these */
    struct certificate_store *roots;
};

static struct pki pki;

static struct certificate_store *make_store(const struct made *const *made, size_t count)
{
    char *path = made_file(made, count);
    struct complaint complaint = { "" };
    struct certificate_store *store = certificate_store_create(NULL, path, &complaint);

    assert_string_equal(complaint.line, "");
    assert_non_null(store);
    unlink(path);
    free(path);
    return store;
}

static int set_up(void **state)
{
    const struct made *both[] = { &pki.root, &pki.lone_root };
    const struct made *other[] = { &pki.self };
    struct made stranger =
        make_certificate((struct wish){ .name = "CN=Stranger", .flags = MADE_CA });

    (void)state;
    pki.root =
        make_certificate((struct wish){ .name = "O=Contoso/CN=Contoso CA 1", .flags = MADE_CA });
    pki.issuing = make_certificate((struct wish){
        .name = "O=Contoso/CN=Contoso CA 2", .issuer = &pki.root, .flags = MADE_CA });
    pki.leaf = make_certificate((struct wish){ .name = "CN=lyncweb.contoso.com",
                                               .issuer = &pki.issuing,
                                               .not_before = "20010101000000Z",
                                               .not_after = "20020101000000Z" });
    pki.lone_root = make_certificate((struct wish){ .name = "CN=Lab CA", .flags = MADE_CA });
    pki.lone_leaf =
        make_certificate((struct wish){ .name = "CN=pool.contoso.com", .issuer = &pki.lone_root });
    pki.self = make_certificate((struct wish){ .name = "CN=self", .names = "DNS:self" });
    other[0] = &stranger;
    pki.nothing = make_store(other, 1);
    pki.roots = make_store(both, 2);
    made_free(&stranger);
    return 0;
}

static int tear_down(void **state)
{
    struct made *all[] = { &pki.root,      &pki.issuing,   &pki.leaf,
                           &pki.lone_root, &pki.lone_leaf, &pki.self };

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        made_free(all[i]);
    certificate_store_free(pki.nothing);
    certificate_store_free(pki.roots);
    return 0;
}

struct judged {
    enum chain_order order;
    enum chain_trust trust;
    enum missing_issuer missing;
};

/* `sent` ends with NULL. */
static struct judged judge(struct certificate_store *store, const struct made *const *sent)
{
    struct slice ders[40];
    size_t count = 0;
    const struct certificate_chain *chain;
    struct judged judged;

    for (; sent[count]; count++)
        ders[count] = sent[count]->der;
    chain = certificate_store_take(store, ders, count);
    assert_non_null(chain);
    judged = (struct judged){ chain->order, chain->trust, chain->missing };
    certificate_store_give(store, chain);
    return judged;
}

#define SENT(...) ((const struct made *const[]){ __VA_ARGS__, NULL })

static void assert_order(const struct made *const *sent, enum chain_order order)
{
    struct judged judged = judge(pki.roots, sent);

    assert_int_equal(judged.order, order);
}

static void whole_chains(void **state)
{
    const struct pki *p = &pki;

    (void)state;
    assert_order(SENT(&p->leaf, &p->issuing, &p->root), CHAIN_COMPLETE);
    assert_order(SENT(&p->leaf, &p->issuing), CHAIN_COMPLETE);
    assert_order(SENT(&p->leaf, &p->issuing, &p->root, &p->self), CHAIN_COMPLETE);
    assert_order(SENT(&p->leaf, &p->issuing, &p->issuing, &p->root), CHAIN_COMPLETE);
    assert_order(SENT(&p->leaf, &p->leaf, &p->issuing), CHAIN_COMPLETE);
    assert_order(SENT(&p->leaf, &p->issuing, &p->leaf), CHAIN_COMPLETE);
    assert_order(SENT(&p->lone_leaf), CHAIN_COMPLETE);
    assert_order(SENT(&p->lone_leaf, &p->lone_root), CHAIN_COMPLETE);
    assert_order(SENT(&p->self), CHAIN_SELF_SIGNED);
    assert_order(SENT(&p->self, &p->root), CHAIN_SELF_SIGNED);
}

static void shuffled_chains(void **state)
{
    const struct pki *p = &pki;

    (void)state;
    assert_order(SENT(&p->leaf, &p->root, &p->issuing), CHAIN_WRONG_ORDER);
    assert_order(SENT(&p->leaf, &p->self, &p->issuing), CHAIN_WRONG_ORDER);
    assert_order(SENT(&p->root, &p->issuing, &p->leaf), CHAIN_WRONG_ORDER);
    assert_order(SENT(&p->issuing, &p->leaf), CHAIN_WRONG_ORDER);
    assert_order(SENT(&p->issuing, &p->leaf, &p->root), CHAIN_WRONG_ORDER);
}

static void trust_needs_a_known_root_only(void **state)
{
    const struct pki *p = &pki;

    (void)state;
    /* Expired for decades: that is judged elsewhere. */
    assert_int_equal(judge(p->roots, SENT(&p->leaf, &p->issuing)).trust, TRUST_YES);
    assert_int_equal(judge(p->roots, SENT(&p->leaf, &p->root, &p->issuing)).trust, TRUST_YES);
    assert_int_equal(judge(p->roots, SENT(&p->leaf)).trust, TRUST_NO);
    assert_int_equal(judge(p->roots, SENT(&p->lone_leaf)).trust, TRUST_YES);
    assert_int_equal(judge(p->roots, SENT(&p->self)).trust, TRUST_NO);
    assert_int_equal(judge(p->nothing, SENT(&p->leaf, &p->issuing, &p->root)).trust, TRUST_NO);
    assert_int_equal(judge(p->roots, SENT(&p->root)).trust, TRUST_YES);
}

static void forged_signature_is_not_trusted(void **state)
{
    struct made forged =
        make_certificate((struct wish){ .name = "CN=forged", .issuer = &pki.lone_root });
    struct judged judged;

    (void)state;
    made_again(&forged, forged.key);
    judged = judge(pki.roots, SENT(&forged));
    assert_int_equal(judged.trust, TRUST_NO);
    assert_int_equal(judged.missing, ISSUER_AT_HAND);
    made_free(&forged);
}

static void old_algorithms_are_trusted(void **state)
{
    struct made leaf = make_certificate(
        (struct wish){ .name = "CN=old", .issuer = &pki.lone_root, .flags = MADE_SHA1 | MADE_V1 });

    (void)state;
    assert_int_equal(judge(pki.roots, SENT(&leaf)).trust, TRUST_YES);
    made_free(&leaf);
}

static void unknown_issuer_may_be_a_root(void **state)
{
    struct judged judged = judge(pki.nothing, SENT(&pki.lone_leaf));

    (void)state;
    assert_int_equal(judged.order, CHAIN_COMPLETE);
    assert_int_equal(judged.missing, ISSUER_UNKNOWN);
    assert_int_equal(judged.trust, TRUST_NO);
    /* Sent elsewhere, it is seen to be one. */
    judge(pki.nothing, SENT(&pki.lone_root));
    judged = judge(pki.nothing, SENT(&pki.lone_leaf));
    assert_int_equal(judged.order, CHAIN_COMPLETE);
    assert_int_equal(judged.missing, ISSUER_ROOT);
}

static void intermediate_is_known_once_seen(void **state)
{
    const struct made *store_of[] = { &pki.lone_root };
    struct certificate_store *store = make_store(store_of, 1);

    (void)state;
    assert_int_equal(judge(store, SENT(&pki.leaf)).missing, ISSUER_UNKNOWN);
    assert_int_equal(judge(store, SENT(&pki.leaf)).order, CHAIN_COMPLETE);
    judge(store, SENT(&pki.self, &pki.issuing));
    assert_int_equal(judge(store, SENT(&pki.leaf)).missing, ISSUER_INTERMEDIATE);
    assert_int_equal(judge(store, SENT(&pki.leaf)).order, CHAIN_INCOMPLETE);
    /* Its own issuer may well be a root. */
    assert_int_equal(judge(store, SENT(&pki.leaf, &pki.issuing)).order, CHAIN_COMPLETE);
    certificate_store_free(store);
}

static enum chain_order alone(struct wish wish, const char *issuer_name, unsigned issuer_flags)
{
    struct made upper = make_certificate((struct wish){ .name = "CN=Upper", .flags = MADE_CA });
    struct made issuer = make_certificate(
        (struct wish){ .name = issuer_name, .issuer = &upper, .flags = MADE_CA | issuer_flags });
    struct made leaf;
    enum chain_order order;

    wish.name = "CN=leaf";
    wish.issuer = &issuer;
    leaf = make_certificate(wish);
    order = judge(pki.nothing, SENT(&leaf)).order;
    made_free(&leaf);
    made_free(&issuer);
    made_free(&upper);
    return order;
}

static void missing_intermediate_is_told(void **state)
{
    const struct wish plain = { 0 };
    const struct wish public_policy = { .extension = "certificatePolicies=1.2.3,2.23.140.1.2.2" };
    const struct wish private_policy = { .extension = "certificatePolicies=1.2.3,2.23.140.2.1" };
    const struct wish named = { .extension = "authorityKeyIdentifier=issuer:always",
                                .flags = MADE_NO_KEY_IDS };

    (void)state;
    assert_int_equal(alone(plain, "CN=Contoso CA", 0), CHAIN_COMPLETE);
    assert_int_equal(alone(plain, "CN=Contoso Issuing CA 3", 0), CHAIN_INCOMPLETE);
    assert_int_equal(alone(plain, "CN=contoso-SUBCA-CA", 0), CHAIN_INCOMPLETE);
    assert_int_equal(alone(plain, "O=Issuing/CN=Contoso Root CA", 0), CHAIN_COMPLETE);
    assert_int_equal(alone(public_policy, "CN=Public CA", 0), CHAIN_INCOMPLETE);
    assert_int_equal(alone(private_policy, "CN=Private CA", 0), CHAIN_COMPLETE);
    assert_int_equal(alone(named, "CN=Any CA", 0), CHAIN_INCOMPLETE);
}

static void key_identifier_names_a_root(void **state)
{
    struct made root =
        make_certificate((struct wish){ .name = "CN=X Issuing CA", .flags = MADE_CA });
    struct made leaf =
        make_certificate((struct wish){ .name = "CN=leaf",
                                        .issuer = &root,
                                        .extension = "authorityKeyIdentifier=issuer:always",
                                        .flags = MADE_NO_KEY_IDS });
    struct judged judged = judge(pki.nothing, SENT(&leaf));

    (void)state;
    assert_int_equal(judged.missing, ISSUER_ROOT);
    assert_int_equal(judged.order, CHAIN_COMPLETE);
    made_free(&leaf);
    made_free(&root);
}

/* Two CAs of one name: the key identifier decides. */
static void same_name_other_key(void **state)
{
    struct made twin = make_certificate((struct wish){
        .name = "O=Contoso/CN=Contoso CA 2", .issuer = &pki.root, .flags = MADE_CA });

    (void)state;
    assert_int_equal(judge(pki.roots, SENT(&pki.leaf, &twin, &pki.issuing)).order,
                     CHAIN_WRONG_ORDER);
    assert_int_equal(judge(pki.roots, SENT(&pki.leaf, &pki.issuing, &twin)).order, CHAIN_COMPLETE);
    made_free(&twin);
}

/* Each the other's issuer: the walk must end. */
static void circles_end(void **state)
{
    struct made a = make_certificate((struct wish){ .name = "CN=A", .flags = MADE_CA });
    struct made b = make_certificate(
        (struct wish){ .name = "CN=B", .issuer = &a, .flags = MADE_CA | MADE_NO_KEY_IDS });
    struct made a2 = make_certificate((struct wish){
        .name = "CN=A", .issuer = &b, .key = a.key, .flags = MADE_CA | MADE_NO_KEY_IDS });

    (void)state;
    judge(pki.roots, SENT(&a2, &b));
    judge(pki.roots, SENT(&b, &a2, &b, &a2));
    made_free(&a);
    made_free(&b);
    made_free(&a2);
}

static void unreadable_ones(void **state)
{
    struct made cut = { .der = slice_of_text("0\x82") };
    struct judged judged = judge(pki.roots, SENT(&cut, &pki.issuing));

    (void)state;
    assert_int_equal(judged.order, CHAIN_EMPTY);
    assert_int_equal(judged.trust, TRUST_UNKNOWN);
    judged = judge(pki.nothing, SENT(&pki.leaf, &cut));
    assert_int_equal(judged.trust, TRUST_NO);
    judged = judge(pki.roots, (const struct made *const[]){ NULL });
    assert_int_equal(judged.order, CHAIN_EMPTY);
}

static void long_chains_are_cut(void **state)
{
    const struct made *sent[40] = { &pki.leaf };
    struct slice ders[40] = { pki.leaf.der };
    const struct certificate_chain *chain;

    (void)state;
    for (size_t i = 1; i < 40; i++) {
        sent[i] = &pki.issuing;
        ders[i] = sent[i]->der;
    }
    chain = certificate_store_take(pki.roots, ders, 40);
    assert_int_equal(chain->count, CERTIFICATE_CHAIN_MAX);
    assert_int_equal(chain->order, CHAIN_COMPLETE);
    assert_true(chain->top == chain->certificates[1]);
    certificate_store_give(pki.roots, chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_chains),
        cmocka_unit_test(shuffled_chains),
        cmocka_unit_test(trust_needs_a_known_root_only),
        cmocka_unit_test(forged_signature_is_not_trusted),
        cmocka_unit_test(old_algorithms_are_trusted),
        cmocka_unit_test(unknown_issuer_may_be_a_root),
        cmocka_unit_test(missing_intermediate_is_told),
        cmocka_unit_test(intermediate_is_known_once_seen),
        cmocka_unit_test(key_identifier_names_a_root),
        cmocka_unit_test(same_name_other_key),
        cmocka_unit_test(circles_end),
        cmocka_unit_test(unreadable_ones),
        cmocka_unit_test(long_chains_are_cut),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
