/* main.c: from the command line to an exit status */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lyncscope/report.h"
#include "option_table.h"
#include "outputs.h"
#include "pipeline.h"
#include "say.h"

enum { EXIT_NOTHING_FAILED, EXIT_FAILED, EXIT_REFUSED };
enum { HEAP_EXPECTED = 256 << 20 };

static int refuse(const struct complaint *complaint)
{
    say(complaint->line);
    return EXIT_REFUSED;
}

/* What goes to standard output at once; a reader that left is no failure. */
static int finish_stdout(void)
{
    errno = 0;
    if (fflush(stdout) == 0 || errno == EPIPE)
        return EXIT_NOTHING_FAILED;
    say(strerror(errno));
    return EXIT_REFUSED;
}

static const char *rule_id_at(size_t index)
{
    return rule_at(index)->id;
}

static int explain(const struct options *options)
{
    struct report_options report = outputs_stdout_options(options);
    struct complaint complaint;
    const char *meant;

    if (report_explain(stdout, options->explain, &report))
        return finish_stdout();
    meant = option_suggest(options->explain, rule_id_at, rule_count());
    if (meant)
        (void)complain(&complaint, "no rule '%.100s'; did you mean '%s'?", options->explain, meant);
    else
        (void)complain(&complaint, "no rule '%.100s'; lyncscope --rules lists them all",
                       options->explain);
    return refuse(&complaint);
}

static bool is_question(const struct options *options)
{
    return options->help || options->version || options->manual || options->rules ||
           options->explain;
}

static int answer(const struct options *options)
{
    struct report_options report = outputs_stdout_options(options);

    if (options->help)
        options_print_help(stdout);
    else if (options->version)
        puts("lyncscope " LYNCSCOPE_VERSION);
    else if (options->manual)
        options_print_manual(stdout);
    else if (options->rules)
        report_rules(stdout, &report);
    else
        return explain(options);
    return finish_stdout();
}

static enum status check_trust(const struct options *options, struct complaint *complaint)
{
    if (!options->trust || access(options->trust, R_OK) == 0)
        return STATUS_OK;
    return complain(complaint, "%.400s: cannot be read: %s", options->trust, strerror(errno));
}

static int work(const struct options *options)
{
    struct complaint complaint;
    bool any_failed = false;

    if (options->inputs.count == 0 && options->interfaces.count == 0) {
        options_print_usage(stderr);
        return EXIT_REFUSED;
    }
    if (check_trust(options, &complaint) != STATUS_OK ||
        pipeline_run(options, &any_failed, &complaint) != STATUS_OK)
        return refuse(&complaint);
    return any_failed ? EXIT_FAILED : EXIT_NOTHING_FAILED;
}

int main(int argc, char **argv)
{
    struct options options;
    struct complaint complaint;
    int status;

    memory_expect(HEAP_EXPECTED);
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE,
           SIG_IGN); /* a pipe that was closed is a failed write, and other outputs go on */
    if (options_parse(&options, argc, argv, &complaint) != STATUS_OK)
        status = refuse(&complaint);
    else if (is_question(&options))
        status = answer(&options);
    else
        status = work(&options);
    options_release(&options);
    return status;
}
