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

static int answer(const struct options *options)
{
    struct report_options how = { .color = options->color == COLOR_ALWAYS };
    struct complaint complaint;

    switch (options->asked) {
    case ASKED_HELP:
        options_help(stdout);
        break;
    case ASKED_MANUAL:
        options_manual(stdout);
        break;
    case ASKED_VERSION:
        printf("lyncscope " LYNCSCOPE_VERSION "\n");
        break;
    case ASKED_RULES:
        report_rules(stdout, &how);
        break;
    case ASKED_EXPLAIN:
        if (!report_explain(stdout, options->explain, &how)) {
            complain(&complaint, "--explain %s: no such rule; --rules lists them",
                     options->explain);
            return refuse(&complaint);
        }
        break;
    case ASKED_NOTHING:
        break;
    }
    return finish_stdout(EXIT_FINE);
}

static int run(struct options *options, int argc, char **argv)
{
    struct complaint complaint;
    bool failed = false;

    if (options_read(options, argc, argv, &complaint) != STATUS_OK)
        return refuse(&complaint);
    if (options->asked != ASKED_NOTHING)
        return answer(options);
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
    options->arena = arena_create(NULL, 0);
    if (options->arena)
        code = run(options, argc, argv);
    arena_free(options->arena);
    memory_give(NULL, options, sizeof *options);
    return code;
}
