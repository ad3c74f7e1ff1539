/* main.c: the exit code */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "lyncscope/report.h"

#include "options.h"
#include "pipeline.h"

enum { EXIT_FINE, EXIT_SIGN_IN_FAILED, EXIT_REFUSED };

static int refuse(const struct complaint *complaint)
{
    fprintf(stderr, "lyncscope: %s\n", complaint->line);
    return EXIT_REFUSED;
}

static int finish_stdout(int code)
{
    struct complaint complaint;

    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    complain(&complaint, "standard output: cannot be written; is the disk full?");
    return refuse(&complaint);
}

/* What is asked for instead of reading anything; false: nothing of the kind. */
static bool answer(const struct options *options, int *code)
{
    struct report_options how = { .color = options->color == COLOR_ALWAYS };
    struct complaint complaint;

    if (options->help)
        options_print_help(stdout);
    else if (options->manual)
        options_print_manual(stdout);
    else if (options->version)
        printf("lyncscope " LYNCSCOPE_VERSION "\n");
    else if (options->rules)
        report_rules(stdout, &how);
    else if (!options->explain)
        return false;
    else if (!report_explain(stdout, options->explain, &how)) {
        complain(&complaint, "--explain %.100s: no such rule; --rules lists them",
                 options->explain);
        *code = refuse(&complaint);
        return true;
    }
    *code = finish_stdout(EXIT_FINE);
    return true;
}

static int run(struct options *options, int argc, char **argv)
{
    struct complaint complaint;
    bool failed = false;
    int code;

    if (options_parse(options, argc, argv, &complaint) != STATUS_OK)
        return refuse(&complaint);
    if (answer(options, &code))
        return code;
    if (options->inputs.count == 0 && options->interfaces.count == 0) {
        options_print_usage(stderr);
        return EXIT_REFUSED;
    }
    if (pipeline_run(options, &failed, &complaint) != STATUS_OK)
        return refuse(&complaint);
    return finish_stdout(failed ? EXIT_SIGN_IN_FAILED : EXIT_FINE);
}

int main(int argc, char **argv)
{
    struct options *options = memory_take(NULL, sizeof *options);
    int code = EXIT_REFUSED;

    setlocale(LC_CTYPE, "");
    if (!options)
        return code;
    code = run(options, argc, argv);
    options_release(options);
    memory_give(NULL, options, sizeof *options);
    return code;
}
