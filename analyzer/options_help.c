/* options_help.c: usage, --help and the manual page, from the table of options */
#include <string.h>

#include "lyncscope/report.h"
#include "option_table.h"

enum { HELP_COLUMN = 30, HELP_WIDTH = 79 };

static const char *const examples[][2] = {
    { "lyncscope phone.pcapng", "what happened in a capture, on the dashboard or as text" },
    { "lyncscope -o json phone.pcapng proxy.pcap.gz", "two captures as one story, for a program" },
    { "lyncscope --failed -u alice@contoso.com day.pcap", "one user's failed sign-ins" },
    { "tcpdump -w - | lyncscope -o ndjson -", "from standard input, each sign-in as it ends" },
    { "lyncscope -i any -o text", "watch this machine, a line a sign-in; Ctrl-C for the report" },
    { "lyncscope --explain dns-both-names-fail", "what a rule means and what to do about it" },
};

static const char *const statuses[][2] = {
    { "0", "Nothing failed: no sign-in that is shown failed." },
    { "1", "At least one sign-in that is shown failed." },
    { "2", "lyncscope could not do what it was asked; one line on standard error says why." },
};

static const char *const inputs_text =
    "INPUT is a pcap or pcapng capture, also compressed with gzip or zstd, or - for standard "
    "input. What a file is, its content decides. Several inputs are read as one story, in time "
    "order.";

void options_print_usage(FILE *out)
{
    fputs("lyncscope: nothing to read: name a capture, or an interface with -i; lyncscope --help "
          "tells "
          "more\n",
          out);
}

/* ---- help ---- */

static void print_wrapped(FILE *out, const char *text, unsigned column, unsigned indent)
{
    while (*text) {
        size_t word = strcspn(text, " ");

        if (column > indent && column + 1 + word > HELP_WIDTH) {
            fprintf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            putc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)word, text);
        column += (unsigned)word;
        text += word;
        text += strspn(text, " ");
    }
    putc('\n', out);
}

static void print_row(FILE *out, const struct option_row *row)
{
    char head[80];
    char letter[8] = "    ";
    int length;

    if (row->letter)
        snprintf(letter, sizeof letter, "-%c, ", row->letter);
    length = snprintf(head, sizeof head, "  %s--%s%s%s", letter, row->name,
                      row->argument ? " " : "", row->argument ? row->argument : "");
    fputs(head, out);
    if (length + 2 > HELP_COLUMN)
        fprintf(out, "\n%*s", HELP_COLUMN, "");
    else
        fprintf(out, "%*s", HELP_COLUMN - length, "");
    print_wrapped(out, row->help, HELP_COLUMN, HELP_COLUMN);
}

void options_print_help(FILE *out)
{
    fputs("Usage: lyncscope [OPTION]... [INPUT]...\n"
          "       lyncscope [OPTION]... -i INTERFACE...\n\n"
          "Reads network captures and says, for each Lync or Skype for Business sign-in,\n"
          "what happened and where and why it failed.\n\n",
          out);
    print_wrapped(out, inputs_text, 0, 0);
    for (unsigned group = 0; group < GROUP_COUNT; group++) {
        fprintf(out, "\n%s:\n", option_group_titles[group]);
        for (size_t i = 0; i < option_count; i++)
            if (option_table[i].group == group)
                print_row(out, &option_table[i]);
    }
    fputs("\nExit status:\n", out);
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) {
        fprintf(out, "  %s  ", statuses[i][0]);
        print_wrapped(out, statuses[i][1], 5, 5);
    }
    fputs("\nExamples:\n", out);
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        fprintf(out, "  %s\n      %s\n", examples[i][0], examples[i][1]);
}

/* ---- manual page ---- */

/* In troff a dash is a hyphen, and a line that begins with a dot is an order. */
static void print_troff(FILE *out, const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            putc(*text, out);
    }
}

static void print_troff_row(FILE *out, const struct option_row *row)
{
    fputs(".TP\n", out);
    if (row->letter)
        fprintf(out, "\\fB\\-%c\\fR, ", row->letter);
    fputs("\\fB\\-\\-", out);
    print_troff(out, row->name);
    fputs("\\fR", out);
    if (row->argument)
        fprintf(out, " \\fI%s\\fR", row->argument);
    putc('\n', out);
    print_troff(out, row->help);
    putc('\n', out);
}

static void print_troff_pairs(FILE *out, const char *const pairs[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fputs(".TP\n\\fB", out);
        print_troff(out, pairs[i][0]);
        fputs("\\fR\n", out);
        print_troff(out, pairs[i][1]);
        putc('\n', out);
    }
}

void options_print_manual(FILE *out)
{
    fprintf(out, ".TH LYNCSCOPE 1 \"\" \"lyncscope %s\" \"User Commands\"\n", LYNCSCOPE_VERSION);
    fputs(".SH NAME\nlyncscope \\- diagnose Lync and Skype for Business sign\\-ins from network "
          "captures\n.SH SYNOPSIS\n.B lyncscope\n[\\fIOPTION\\fR]... [\\fIINPUT\\fR]...\n.br\n"
          ".B lyncscope\n[\\fIOPTION\\fR]... \\fB\\-i\\fR \\fIINTERFACE\\fR...\n.SH DESCRIPTION\n"
          "Reads network captures and says, for each Lync or Skype for Business sign\\-in, what "
          "happened and where and why it failed.\n.PP\n",
          out);
    print_troff(out, inputs_text);
    fputs("\n.SH OPTIONS\n", out);
    for (unsigned group = 0; group < GROUP_COUNT; group++) {
        fprintf(out, ".SS %s\n", option_group_titles[group]);
        for (size_t i = 0; i < option_count; i++)
            if (option_table[i].group == group)
                print_troff_row(out, &option_table[i]);
    }
    fputs(".SH EXIT STATUS\n", out);
    print_troff_pairs(out, statuses, sizeof statuses / sizeof *statuses);
    fputs(".SH FILES\n.TP\n.I ~/.config/lyncscope/config\n.TQ\n.I /etc/lyncscope.conf\n"
          "Options, one a line without the dashes; the first file that exists is read, the "
          "command line wins.\n.SH EXAMPLES\n",
          out);
    print_troff_pairs(out, examples, sizeof examples / sizeof *examples);
}
