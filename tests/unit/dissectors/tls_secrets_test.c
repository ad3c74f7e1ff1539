/* tls_secrets_test.c: what is found again, what counts as used, files that grow */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lyncscope/tls_secrets.h"

enum { TEXT_BYTES = 8192 };

struct fixture {
    struct tls_secrets *secrets;
    char folder[32];
    char path[64], other[64];
    struct complaint complaint;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    assert_non_null(f);
    snprintf(f->folder, sizeof f->folder, "/tmp/keys.XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->path, sizeof f->path, "%s/log", f->folder);
    snprintf(f->other, sizeof f->other, "%s/log.1", f->folder);
    f->secrets = tls_secrets_create();
    assert_non_null(f->secrets);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    tls_secrets_free(f->secrets);
    unlink(f->path);
    unlink(f->other);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* A line whose client random is all `random` and whose secret is all `secret`. */
static const char *make_line(const char *label, uint8_t random, uint8_t secret, size_t length)
{
    static char text[400];
    int at = snprintf(text, sizeof text, "%s ", label);

    for (int i = 0; i < 32; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "%02x", random);
    at += snprintf(text + at, sizeof text - (size_t)at, " ");
    for (size_t i = 0; i < length; i++)
        at += snprintf(text + at, sizeof text - (size_t)at, "%02X", secret);
    snprintf(text + at, sizeof text - (size_t)at, "\n");
    return text;
}

static const char *master(uint8_t random, uint8_t secret)
{
    return make_line("CLIENT_RANDOM", random, secret, 48);
}

static void add(struct fixture *f, const char *text)
{
    tls_secrets_add_keylog(f->secrets, slice_of_text(text));
}

static struct slice find(struct fixture *f, enum tls_label label, uint8_t random)
{
    uint8_t id[32];

    for (size_t i = 0; i < sizeof id; i++)
        id[i] = random;
    return tls_secrets_find(f->secrets, label, slice_of(id, sizeof id));
}

/* 0: none; else the byte that it is made of. */
static int found(struct fixture *f, uint8_t random)
{
    struct slice secret = find(f, TLS_LABEL_CLIENT_RANDOM, random);

    return secret.length == 48 && secret.data[0] == secret.data[47] ? secret.data[0] : 0;
}

static void write_file(const char *path, int flags, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | flags, 0600);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
}

static void append(struct fixture *f, const char *text)
{
    write_file(f->path, O_APPEND, text);
}

static struct tls_secrets_source source(struct fixture *f, size_t index)
{
    assert_true(index < tls_secrets_source_count(f->secrets));
    return tls_secrets_source_at(f->secrets, index);
}

/* ---- the store ---- */

static void test_finds_by_label_and_random(void **state)
{
    struct fixture *f = *state;

    add(f, master(1, 0xa1));
    add(f, make_line("SERVER_TRAFFIC_SECRET_0", 2, 0xb2, 32));
    add(f, make_line("CLIENT_TRAFFIC_SECRET_0", 2, 0xb3, 32));
    assert_int_equal(found(f, 1), 0xa1);
    assert_int_equal(found(f, 2), 0);
    assert_int_equal(find(f, TLS_LABEL_SERVER_TRAFFIC_SECRET_0, 2).length, 32);
    assert_int_equal(find(f, TLS_LABEL_SERVER_TRAFFIC_SECRET_0, 2).data[31], 0xb2);
    assert_int_equal(find(f, TLS_LABEL_CLIENT_TRAFFIC_SECRET_0, 2).data[0], 0xb3);
    assert_int_equal(find(f, TLS_LABEL_EXPORTER_SECRET, 2).length, 0);
    assert_int_equal(
        tls_secrets_find(f->secrets, TLS_LABEL_CLIENT_RANDOM, slice_of_text("short")).length, 0);
    assert_int_equal(tls_secrets_find(f->secrets, TLS_LABEL_CLIENT_RANDOM, SLICE_EMPTY).length, 0);
}

static void test_finds_premasters_and_sessions(void **state)
{
    struct fixture *f = *state;
    char text[400];
    static const char secret[] = "0202020202020202020202020202020202020202020202020202020202020202"
                                 "02020202020202020202020202020202";

    snprintf(text, sizeof text, "RSA 4142434445464748 %s\nRSA Session-ID:5152 Master-Key:%s\n",
             secret, secret);
    add(f, text);
    assert_int_equal(
        tls_secrets_find_premaster(f->secrets, slice_of_text("ABCDEFGHand the rest")).length, 48);
    assert_int_equal(tls_secrets_find_premaster(f->secrets, slice_of_text("ABCDEFG")).length, 0);
    assert_int_equal(tls_secrets_find_premaster(f->secrets, slice_of_text("ABCDEFGX")).length, 0);
    assert_int_equal(tls_secrets_find_session(f->secrets, slice_of_text("QR")).length, 48);
    assert_int_equal(tls_secrets_find_session(f->secrets, slice_of_text("Q")).length, 0);
    assert_int_equal(tls_secrets_find_session(f->secrets, SLICE_EMPTY).length, 0);
    assert_int_equal(source(f, 0).used, 2);
}

static void test_the_first_of_two_stays(void **state)
{
    struct fixture *f = *state;

    add(f, master(1, 0xa1));
    add(f, master(1, 0xa2));
    assert_int_equal(found(f, 1), 0xa1);
    assert_int_equal(tls_secrets_source_count(f->secrets), 1);
    assert_int_equal(source(f, 0).lines, 2);
}

static void test_counts_connections_once(void **state)
{
    struct fixture *f = *state;

    add(f, "nonsense\n# but this is a comment\n");
    add(f, make_line("CLIENT_TRAFFIC_SECRET_0", 2, 1, 32));
    add(f, make_line("SERVER_TRAFFIC_SECRET_0", 2, 2, 32));
    add(f, master(3, 1));
    assert_null(source(f, 0).path);
    assert_int_equal(source(f, 0).lines, 3);
    assert_int_equal(source(f, 0).bad_lines, 1);
    assert_int_equal(source(f, 0).used, 0);
    for (int i = 0; i < 3; i++) {
        (void)find(f, TLS_LABEL_CLIENT_TRAFFIC_SECRET_0, 2);
        (void)find(f, TLS_LABEL_SERVER_TRAFFIC_SECRET_0, 2);
    }
    assert_int_equal(source(f, 0).used, 1);
    (void)found(f, 3);
    (void)found(f, 4);
    assert_int_equal(source(f, 0).used, 2);
}

/* ---- files ---- */

static void test_file(void **state)
{
    struct fixture *f = *state;

    append(f, "# by hand\r\n");
    append(f, master(1, 0xa1));
    append(f, "nonsense");
    assert_int_equal(tls_secrets_add_keylog_file(f->secrets, f->path, false, &f->complaint),
                     STATUS_OK);
    assert_false(tls_secrets_are_followed(f->secrets));
    assert_string_equal(source(f, 0).path, f->path);
    assert_int_equal(source(f, 0).lines, 1);
    assert_int_equal(source(f, 0).bad_lines, 1);
    append(f, master(2, 0xa2));
    assert_false(tls_secrets_follow(f->secrets));
    assert_int_equal(found(f, 1), 0xa1);
    assert_int_equal(found(f, 2), 0);
}

static void expect_refused(struct fixture *f, bool follow, const char *words)
{
    size_t before = tls_secrets_source_count(f->secrets);

    assert_int_equal(tls_secrets_add_keylog_file(f->secrets, f->path, follow, &f->complaint),
                     STATUS_REFUSED);
    if (!strstr(f->complaint.line, words))
        fail_msg("\"%s\" does not say \"%s\"", f->complaint.line, words);
    assert_int_equal(tls_secrets_source_count(f->secrets), before);
}

static void test_refused_files(void **state)
{
    struct fixture *f = *state;

    expect_refused(f, false, "no such key log");
    append(f, "");
    expect_refused(f, false, "is empty");
    append(f, "# only this\n");
    expect_refused(f, false, "without any secret");
    append(f, "\nnonsense\n");
    expect_refused(f, false, "(line 3: ");
    expect_refused(f, true, "(line 3: ");
    write_file(f->path, O_TRUNC, "\x0a\x0d\x0d\x0a\n");
    append(f, master(1, 1));
    expect_refused(f, true, "is a capture");
    assert_int_equal(found(f, 1), 0);
}

static void test_long_lines_and_holes(void **state)
{
    struct fixture *f = *state;
    char *many = calloc(1, 700001);

    for (size_t i = 0; i < 700000; i++)
        many[i] = 'x';
    append(f, master(1, 0xa1));
    append(f, many);
    append(f, "\n");
    append(f, master(2, 0xa2));
    assert_int_equal(tls_secrets_add_keylog_file(f->secrets, f->path, false, &f->complaint),
                     STATUS_OK);
    assert_int_equal(source(f, 0).bad_lines, 1);
    assert_int_equal(found(f, 1), 0xa1);
    assert_int_equal(found(f, 2), 0xa2);
    free(many);
}

/* ---- following ---- */

static void follow(struct fixture *f)
{
    assert_int_equal(tls_secrets_add_keylog_file(f->secrets, f->path, true, &f->complaint),
                     STATUS_OK);
    assert_true(tls_secrets_are_followed(f->secrets));
}

static void test_follows_a_file_that_comes_and_grows(void **state)
{
    struct fixture *f = *state;
    const char *line;

    follow(f);
    assert_false(tls_secrets_follow(f->secrets));
    append(f, master(1, 0xa1));
    assert_true(tls_secrets_follow(f->secrets));
    assert_false(tls_secrets_follow(f->secrets));
    assert_int_equal(found(f, 1), 0xa1);
    line = make_line("CLIENT_TRAFFIC_SECRET_0", 2, 0xb1, 48);
    for (size_t i = 0; line[i]; i++) {
        char piece[2] = { line[i], 0 };

        append(f, piece);
        /* With 96 digits it is whole, with 64 it may be. */
        assert_int_equal(tls_secrets_follow(f->secrets), line[i + 1] == '\n');
    }
    assert_int_equal(find(f, TLS_LABEL_CLIENT_TRAFFIC_SECRET_0, 2).length, 48);
    assert_int_equal(source(f, 0).lines, 2);
    assert_int_equal(source(f, 0).bad_lines, 0);
}

static void test_follows_what_lacks_its_line_feed(void **state)
{
    struct fixture *f = *state;
    const char *line = make_line("SERVER_TRAFFIC_SECRET_0", 1, 0xa1, 32);

    append(f, "# a comment");
    follow(f);
    append(f, " goes on\n");
    write_file(f->path, O_APPEND, line);
    assert_true(tls_secrets_follow(f->secrets));
    assert_int_equal(find(f, TLS_LABEL_SERVER_TRAFFIC_SECRET_0, 1).length, 32);
    assert_int_equal(source(f, 0).bad_lines, 0);
}

static void test_follows_truncation(void **state)
{
    struct fixture *f = *state;

    append(f, master(1, 0xa1));
    append(f, master(2, 0xa2));
    follow(f);
    write_file(f->path, O_TRUNC, master(3, 0xa3));
    assert_true(tls_secrets_follow(f->secrets));
    assert_int_equal(found(f, 1), 0xa1);
    assert_int_equal(found(f, 3), 0xa3);
}

static void test_follows_rotation(void **state)
{
    struct fixture *f = *state;

    append(f, master(1, 0xa1));
    follow(f);
    assert_int_equal(rename(f->path, f->other), 0);
    write_file(f->other, O_APPEND, master(2, 0xa2));
    append(f, master(3, 0xa3));
    assert_true(tls_secrets_follow(f->secrets));
    assert_int_equal(found(f, 2), 0xa2);
    assert_int_equal(found(f, 3), 0xa3);
    assert_int_equal(unlink(f->path), 0);
    assert_false(tls_secrets_follow(f->secrets));
    append(f, master(4, 0xa4));
    assert_true(tls_secrets_follow(f->secrets));
    assert_int_equal(found(f, 4), 0xa4);
}

static void test_follows_a_pipe(void **state)
{
    struct fixture *f = *state;
    int pipe;

    assert_int_equal(mkfifo(f->path, 0600), 0);
    follow(f);
    assert_false(tls_secrets_follow(f->secrets));
    pipe = open(f->path, O_WRONLY | O_NONBLOCK);
    assert_true(pipe >= 0);
    assert_true(write(pipe, master(1, 0xa1), strlen(master(1, 0xa1))) > 0);
    assert_true(tls_secrets_follow(f->secrets));
    assert_int_equal(found(f, 1), 0xa1);
    assert_true(write(pipe, master(2, 0xa2), strlen(master(2, 0xa2))) > 0);
    close(pipe);
    assert_true(tls_secrets_follow(f->secrets));
    assert_int_equal(found(f, 2), 0xa2);
}

static void test_many(void **state)
{
    enum { COUNT = 20000 };
    struct fixture *f = *state;
    FILE *file = fopen(f->path, "w");
    uint8_t id[32] = { 0 };

    for (unsigned i = 0; i < COUNT; i++) {
        fprintf(file, "CLIENT_RANDOM %08x%056x %08x%088x\n", i, 0, i, 0);
    }
    fclose(file);
    assert_int_equal(tls_secrets_add_keylog_file(f->secrets, f->path, false, &f->complaint),
                     STATUS_OK);
    assert_int_equal(source(f, 0).lines, COUNT);
    for (unsigned i = 0; i < COUNT; i++) {
        struct slice secret;

        for (unsigned j = 0; j < 4; j++)
            id[j] = (uint8_t)(i >> (24 - 8 * j));
        secret = tls_secrets_find(f->secrets, TLS_LABEL_CLIENT_RANDOM, slice_of(id, 32));
        assert_int_equal(secret.length, 48);
        assert_memory_equal(secret.data, id, 4);
    }
    assert_int_equal(source(f, 0).used, COUNT);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_finds_by_label_and_random),
        CASE(test_finds_premasters_and_sessions),
        CASE(test_the_first_of_two_stays),
        CASE(test_counts_connections_once),
        CASE(test_file),
        CASE(test_refused_files),
        CASE(test_long_lines_and_holes),
        CASE(test_follows_a_file_that_comes_and_grows),
        CASE(test_follows_what_lacks_its_line_feed),
        CASE(test_follows_truncation),
        CASE(test_follows_rotation),
        CASE(test_follows_a_pipe),
        CASE(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
