/* options.h: what the user asked for */
#ifndef LYNCSCOPE_OPTIONS_H
#define LYNCSCOPE_OPTIONS_H

#include <stdio.h>

#include "lyncscope/address.h"
#include "lyncscope/memory.h"
#include "lyncscope/status.h"

enum output_format {
    OUTPUT_TUI,
    OUTPUT_TEXT,
    OUTPUT_JSON,
    OUTPUT_NDJSON,
    OUTPUT_EVENTS,
    OUTPUT_HTML,
    OUTPUT_PCAPNG,
};

struct output {
    enum output_format format;
    const char *path; /* NULL: standard output */
};

enum theme { THEME_AUTO, THEME_DARK, THEME_LIGHT };

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* How often an option that may be repeated may be repeated. */
enum { OPTION_REPEATS_MAX = 1024 };

struct text_values {
    const char **items;
    size_t count;
};

struct network_values {
    struct network *items;
    size_t count;
};

struct options {
    struct text_values inputs;
    struct text_values interfaces;
    const char *filter;
    struct text_values keylogs, private_keys;
    const char *password_file, *trust;
    struct output outputs[OPTION_REPEATS_MAX];
    size_t output_count; /* 0: as standard output is */
    struct network_values clients, internal, proxies;
    const char *user; /* lower case, without "sip:"; without "@": the part before it */
    bool failed;
    struct text_values sip_domains;
    const char *config; /* NULL: the default files */
    bool show_secrets;
    enum color_when color;
    struct text_values keys; /* of the dashboard, as "sort=o Tab" */
    bool no_mouse, no_save;
    enum theme theme;
    bool rules;
    const char *explain;
    unsigned jobs; /* 0: as many as there are processors */
    bool quiet, verbose, help, version, manual;
    struct arena *arena; /* of all texts here */
};

/* Reads the command line and the configuration. Release in any case. */
enum status options_parse(struct options *options, int argc, char **argv,
                          struct complaint *complaint) MUST_CHECK;
void options_release(struct options *options);

void options_print_usage(FILE *out);  /* a few lines */
void options_print_help(FILE *out);   /* --help */
void options_print_manual(FILE *out); /* a manual page, troff */

#endif
