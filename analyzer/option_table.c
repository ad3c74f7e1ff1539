/* option_table.c: the one table of options */
#include "option_table.h"

#include <stddef.h>

const char *const option_group_titles[GROUP_COUNT] = {
    [GROUP_INPUT] = "What to read",     [GROUP_SECRETS] = "Keys and secrets",
    [GROUP_SELECTION] = "What to show", [GROUP_SITE] = "What you know about the site",
    [GROUP_OUTPUT] = "How to show it",  [GROUP_OTHER] = "Other",
};

#define MEMBER(name) offsetof(struct options, name)

/* clang-format off */
const struct option_row option_table[] = {
    { 'i', "interface", "NAME", GROUP_INPUT, MERGE_ONLY_COMMAND_LINE, option_read_texts,
      MEMBER(interfaces),
      "Capture live from this interface; may be repeated; \"any\" takes all." },
    { 'f', "filter", "BPF", GROUP_INPUT, MERGE_REPLACES, option_read_text, MEMBER(filter),
      "Take only packets that match this pcap filter expression, live and from files." },
    { 'w', "write", "FILE", GROUP_INPUT, MERGE_ONLY_COMMAND_LINE, option_read_write, 0,
      "Live: also keep the packets. Not in this version." },
    { 'j', "jobs", "N", GROUP_INPUT, MERGE_REPLACES, option_read_jobs, MEMBER(jobs),
      "Worker threads; default: the processors there are. This version uses one." },

    { 'k', "keylog", "FILE", GROUP_SECRETS, MERGE_ADDS, option_read_texts, MEMBER(keylogs),
      "TLS secrets in NSS key log format; may be repeated; live, the file is followed as it grows. "
      "Default: the file that SSLKEYLOGFILE names." },
    { 'K', "private-key", "FILE", GROUP_SECRETS, MERGE_ADDS, option_read_texts,
      MEMBER(private_keys),
      "A server's RSA private key (PEM, DER or PKCS#12), for connections without forward secrecy; "
      "may be repeated." },
    { 0, "password-file", "FILE", GROUP_SECRETS, MERGE_REPLACES, option_read_text,
      MEMBER(password_file),
      "The password of private keys that have one: the first line of this file." },
    { 0, "trust", "FILE", GROUP_SECRETS, MERGE_REPLACES, option_read_text, MEMBER(trust),
      "CA certificates that clients trust; default: the system's store." },
    { 0, "show-secrets", NULL, GROUP_SECRETS, MERGE_REPLACES, option_read_flag,
      MEMBER(show_secrets),
      "Print credentials, tickets and tokens instead of masking them." },

    { 'c', "client", "ADDRESS[/PREFIX]", GROUP_SELECTION, MERGE_ADDS, option_read_networks,
      MEMBER(clients),
      "Only sign-ins of these clients; may be repeated." },
    { 'u', "user", "URI", GROUP_SELECTION, MERGE_REPLACES, option_read_user, MEMBER(user),
      "Only sign-ins of this user: sip:alice@contoso.com, alice@contoso.com, or alice." },
    { 0, "failed", NULL, GROUP_SELECTION, MERGE_REPLACES, option_read_flag, MEMBER(failed),
      "Only sign-ins that failed." },

    { 0, "proxy", "ADDRESS", GROUP_SITE, MERGE_ADDS, option_read_proxies, MEMBER(proxies),
      "A reverse proxy's address; may be repeated; default: as the traffic shows." },
    { 0, "internal", "NET", GROUP_SITE, MERGE_ADDS, option_read_networks, MEMBER(internal),
      "An internal network (10.0.0.0/8); may be repeated; default: as the traffic shows." },
    { 0, "sip-domain", "NAME", GROUP_SITE, MERGE_ADDS, option_read_domains, MEMBER(sip_domains),
      "A SIP domain of the site; may be repeated; default: as the traffic shows." },

    { 'o', "output", "FORMAT[:FILE]", GROUP_OUTPUT, MERGE_RESTARTS, option_read_output, 0,
      "tui, text, json, ndjson, events, html (one page), or pcapng (the packets of the sign-ins "
      "shown); may be repeated; without FILE: standard output. "
      "Default: tui on a terminal, else text." },
    { 0, "color", "WHEN", GROUP_OUTPUT, MERGE_REPLACES, option_read_color, MEMBER(color),
      "auto, always or never; default: auto, which honours NO_COLOR." },
    { 0, "theme", "BACKGROUND", GROUP_OUTPUT, MERGE_REPLACES, option_read_theme, MEMBER(theme),
      "Of the terminal: auto, dark or light, where it has few colours; default: auto, which looks at "
      "COLORFGBG." },
    { 0, "no-mouse", NULL, GROUP_OUTPUT, MERGE_REPLACES, option_read_flag, MEMBER(no_mouse),
      "In the dashboard leave the mouse to the terminal; the key m takes it." },
    { 0, "no-save", NULL, GROUP_OUTPUT, MERGE_REPLACES, option_read_flag, MEMBER(no_save),
      "In the dashboard write no files." },
    { 'q', "quiet", NULL, GROUP_OUTPUT, MERGE_REPLACES, option_read_flag, MEMBER(quiet),
      "No progress, no notes on standard error." },
    { 'v', "verbose", NULL, GROUP_OUTPUT, MERGE_REPLACES, option_read_flag, MEMBER(verbose),
      "In the text report also the steps of sign-ins that succeeded, and what was counted." },

    { 0, "config", "FILE", GROUP_OTHER, MERGE_ONLY_COMMAND_LINE, option_read_text, MEMBER(config),
      "Read options from this file, one a line without the dashes; default: "
      "~/.config/lyncscope/config, else /etc/lyncscope.conf. The command line wins." },
    { 0, "rules", NULL, GROUP_OTHER, MERGE_ONLY_COMMAND_LINE, option_read_flag, MEMBER(rules),
      "Print every diagnosis rule and exit." },
    { 0, "explain", "RULE", GROUP_OTHER, MERGE_ONLY_COMMAND_LINE, option_read_text,
      MEMBER(explain),
      "Print one rule in full and exit." },
    { 'h', "help", NULL, GROUP_OTHER, MERGE_ONLY_COMMAND_LINE, option_read_flag, MEMBER(help),
      "Print this and exit." },
    { 'V', "version", NULL, GROUP_OTHER, MERGE_ONLY_COMMAND_LINE, option_read_flag,
      MEMBER(version),
      "Print the version and exit." },

    { 0, "man", NULL, GROUP_HIDDEN, MERGE_ONLY_COMMAND_LINE, option_read_flag, MEMBER(manual),
      "Print the manual page and exit." },
};
/* clang-format on */

const size_t option_count = sizeof option_table / sizeof *option_table;
