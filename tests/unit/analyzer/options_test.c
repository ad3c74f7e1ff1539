/* options_test.c: the command line and the configuration */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/option_table.h"

enum { WORDS_MAX = 16 };

static struct options options;
static struct complaint complaint;

/* Words are split at blanks. */
static enum status parse(const char *line)
{
    static char copy[1024];
    char *words[WORDS_MAX + 1] = { (char *)"lyncscope" };
    char *rest = copy, *word;
    int count = 1;

    options_release(&options);
    snprintf(copy, sizeof copy, "%s", line);
    while ((word = strsep(&rest, " ")) && count < WORDS_MAX)
        if (*word)
            words[count++] = word;
    words[count] = NULL;
    return options_parse(&options, count, words, &complaint);
}

static void assert_taken(const char *line)
{
    if (parse(line) != STATUS_OK)
        fail_msg("%s: %s", line, complaint.line);
}

static void assert_refused(const char *line, const char *with)
{
    if (parse(line) != STATUS_REFUSED)
        fail_msg("%s: was taken", line);
    if (!strstr(complaint.line, with) || strchr(complaint.line, '\n'))
        fail_msg("%s: \"%s\" does not say \"%s\"", line, complaint.line, with);
}

static void operands_and_options_mix(void **state)
{
    (void)state;
    assert_taken("a.pcap -q b.pcap --failed -");
    assert_int_equal(options.inputs.count, 3);
    assert_string_equal(options.inputs.items[1], "b.pcap");
    assert_string_equal(options.inputs.items[2], "-");
    assert_true(options.quiet && options.failed);

    assert_taken("-v -- -q --failed");
    assert_int_equal(options.inputs.count, 2);
    assert_string_equal(options.inputs.items[0], "-q");
    assert_false(options.quiet);
}

static void values_come_in_every_form(void **state)
{
    (void)state;
    assert_taken("-f tcp -i eth0 -iany --interface=lo --interface wlan0");
    assert_string_equal(options.filter, "tcp");
    assert_int_equal(options.interfaces.count, 4);
    assert_string_equal(options.interfaces.items[1], "any");
    assert_string_equal(options.interfaces.items[2], "lo");

    assert_taken("--fil udp --sip Contoso.COM. -u SIP:Alice@Contoso.com x");
    assert_string_equal(options.filter, "udp");
    assert_string_equal(options.sip_domains.items[0], "contoso.com");
    assert_string_equal(options.user, "alice@contoso.com");

    assert_taken("-qv x");
    assert_true(options.quiet && options.verbose);
}

static void every_option_of_the_table_is_known(void **state)
{
    static const char *const values[] = { "10.0.0.1", "text", "auto", "1" };
    char line[100];

    (void)state;
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_table[i];
        bool taken = strcmp(row->name, "write") == 0 || strcmp(row->name, "config") == 0;

        for (size_t v = 0; v < sizeof values / sizeof *values && !taken; v++) {
            snprintf(line, sizeof line, "--%s %s", row->name, row->argument ? values[v] : "");
            taken = parse(line) == STATUS_OK;
        }
        if (!taken)
            fail_msg("--%s: %s", row->name, complaint.line);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(option_table[j].name, row->name);
            assert_true(row->letter == 0 || option_table[j].letter != row->letter);
        }
    }
}

static void addresses_are_read(void **state)
{
    (void)state;
    assert_taken("-c 192.0.2.0/24 -c 2001:db8::1 --internal 10.0.0.0/8 --proxy 198.51.100.1 x");
    assert_int_equal(options.clients.count, 2);
    assert_int_equal(options.clients.items[0].prefix, 24);
    assert_int_equal(options.clients.items[1].address.family, 6);
    assert_int_equal(options.internal.count, 1);
    assert_int_equal(options.proxies.items[0].address.bytes[0], 198);
    assert_refused("-c 192.0.2.0/33 x", "--client");
    assert_refused("--proxy 10.0.0.0/8 x", "--proxy");
    assert_refused("--internal office x", "10.0.0.0/8");
}

static void outputs_have_a_format_and_a_file(void **state)
{
    (void)state;
    assert_taken("-o json:a:b.json -o text -o events:e x");
    assert_int_equal(options.output_count, 3);
    assert_int_equal(options.outputs[0].format, OUTPUT_JSON);
    assert_string_equal(options.outputs[0].path, "a:b.json");
    assert_null(options.outputs[1].path);
    assert_taken("-o ndjson:- x");
    assert_null(options.outputs[0].path);
    assert_refused("-o yaml x", "yaml");
    assert_refused("-o json: x", "file name");
    assert_refused("-o tui:file x", "terminal");
    assert_refused("-o json -o text x", "standard output");
    assert_refused("-o json:f -o text:f x", "its own");
}

static void what_is_wrong_is_said_in_one_line(void **state)
{
    (void)state;
    assert_refused("--explan dns", "did you mean '--explain'");
    assert_refused("--intern 1 --frobnicate", "--internal");
    assert_refused("--frobnicate x", "unknown option '--frobnicate'");
    assert_refused("--co always", "fits several");
    assert_refused("-Z x", "unknown option '-Z'");
    assert_refused("x -k", "--keylog needs a value");
    assert_refused("x --keylog", "--keylog needs a value");
    assert_refused("--filter= x", "--filter needs");
    assert_refused("--quiet=yes x", "takes no value");
    assert_refused("--color blue x", "always");
    assert_refused("-j many x", "--jobs");
    assert_refused("-j 5000 x", "1024");
    assert_refused("--sip-domain sip:contoso.com x", "contoso.com");
    assert_refused("-u sip: x", "--user");
    assert_refused("-w out.pcap -i lo", "cannot keep packets yet");
    assert_refused("-i lo file.pcap", "together");
}

static void repeats_have_a_limit(void **state)
{
    char *words[OPTION_REPEATS_MAX + 10] = { (char *)"lyncscope" };
    int count = 1;

    (void)state;
    while (count < OPTION_REPEATS_MAX + 9)
        words[count++] = (char *)"-ilo";
    options_release(&options);
    assert_int_equal(options_parse(&options, count, words, &complaint), STATUS_REFUSED);
    assert_non_null(strstr(complaint.line, "more than 1024 times"));
}

static void nothing_is_asked_of_who_asks_for_help(void **state)
{
    (void)state;
    assert_taken("--help --config /nosuch");
    assert_true(options.help);
    assert_taken("");
    assert_int_equal(options.inputs.count, 0);
}

/* ---- configuration ---- */

static char config_path[] = "/tmp/lyncscope-config-XXXXXX";

static void write_config(const char *text)
{
    FILE *file = fopen(config_path, "w");

    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static enum status parse_with_config(const char *text, const char *line)
{
    char all[600];

    write_config(text);
    snprintf(all, sizeof all, "--config %s %s", config_path, line);
    return parse(all);
}

static void assert_config_refused(const char *text, const char *with)
{
    assert_int_equal(parse_with_config(text, "x"), STATUS_REFUSED);
    if (!strstr(complaint.line, with) || !strstr(complaint.line, config_path))
        fail_msg("\"%s\" does not say \"%s\"", complaint.line, with);
}

static void a_configuration_holds_the_same_options(void **state)
{
    (void)state;
    assert_int_equal(parse_with_config("# ours\n\n  sip-domain contoso.com\r\n"
                                       "internal = 10.0.0.0/8\n--show-secrets\n"
                                       "filter=tcp port 443 or udp\n",
                                       "x"),
                     STATUS_OK);
    assert_string_equal(options.sip_domains.items[0], "contoso.com");
    assert_int_equal(options.internal.count, 1);
    assert_true(options.show_secrets);
    assert_string_equal(options.filter, "tcp port 443 or udp");
}

static void the_command_line_wins_or_adds(void **state)
{
    (void)state;
    assert_int_equal(parse_with_config("filter udp\nsip-domain b.example\noutput json\n",
                                       "-f tcp --sip-domain a.example -o text x"),
                     STATUS_OK);
    assert_string_equal(options.filter, "tcp");
    assert_int_equal(options.sip_domains.count, 2);
    assert_string_equal(options.sip_domains.items[0], "a.example");
    assert_int_equal(options.output_count, 1);
    assert_int_equal(options.outputs[0].format, OUTPUT_TEXT);
}

static void a_bad_configuration_is_refused_with_its_line(void **state)
{
    char longest[5000];

    (void)state;
    assert_config_refused("quiet\nfilters tcp\n", ":2: unknown option 'filters'; did you mean");
    assert_config_refused("fil tcp\n", "unknown option");
    assert_config_refused("help\n", ":1: 'help' works on the command line only");
    assert_config_refused("filter\n", "needs a value");
    assert_config_refused("quiet yes\n", "takes no value");
    assert_config_refused("internal nowhere\n", ":1: 'nowhere' is no value");
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    assert_config_refused(longest, "longer than");
    assert_refused("--config /nosuch/file x", "/nosuch/file");
}

static void the_default_configuration_is_found_by_home(void **state)
{
    char home[] = "/tmp/lyncscope-home-XXXXXX", path[100];
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(home));
    snprintf(path, sizeof path, "mkdir -p %s/.config/lyncscope", home);
    assert_int_equal(system(path), 0);
    snprintf(path, sizeof path, "%s/.config/lyncscope/config", home);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("user bob@contoso.com\n", file);
    fclose(file);
    setenv("HOME", home, 1);
    assert_taken("x");
    assert_string_equal(options.user, "bob@contoso.com");
    setenv("HOME", "/nonexistent", 1);
    unlink(path);
}

/* ---- help ---- */

static void help_names_every_option_within_80_columns(void **state)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    (void)state;
    options_print_help(out);
    fclose(out);
    for (size_t i = 0; i < option_count; i++) {
        bool shown = strstr(text, option_table[i].name) != NULL;

        if (option_table[i].group != GROUP_HIDDEN && !shown)
            fail_msg("--%s is not in the help", option_table[i].name);
    }
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
        assert_true(strcspn(line, "\n") <= 80);
    assert_non_null(strstr(text, "Exit status"));
    free(text);
}

static void the_manual_page_names_every_option(void **state)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    (void)state;
    options_print_manual(out);
    fclose(out);
    assert_ptr_equal(strstr(text, ".TH LYNCSCOPE 1"), text);
    assert_non_null(strstr(text, "\\-\\-sip\\-domain\\fR \\fINAME\\fR"));
    assert_non_null(strstr(text, ".SH EXIT STATUS"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operands_and_options_mix),
        cmocka_unit_test(values_come_in_every_form),
        cmocka_unit_test(every_option_of_the_table_is_known),
        cmocka_unit_test(addresses_are_read),
        cmocka_unit_test(outputs_have_a_format_and_a_file),
        cmocka_unit_test(what_is_wrong_is_said_in_one_line),
        cmocka_unit_test(repeats_have_a_limit),
        cmocka_unit_test(nothing_is_asked_of_who_asks_for_help),
        cmocka_unit_test(a_configuration_holds_the_same_options),
        cmocka_unit_test(the_command_line_wins_or_adds),
        cmocka_unit_test(a_bad_configuration_is_refused_with_its_line),
        cmocka_unit_test(the_default_configuration_is_found_by_home),
        cmocka_unit_test(help_names_every_option_within_80_columns),
        cmocka_unit_test(the_manual_page_names_every_option),
    };
    int descriptor = mkstemp(config_path);
    int result;

    if (descriptor < 0)
        return 1;
    close(descriptor);
    setenv("HOME", "/nonexistent", 1); /* nobody's own configuration */
    result = cmocka_run_group_tests(tests, NULL, NULL);
    options_release(&options);
    unlink(config_path);
    return result;
}
