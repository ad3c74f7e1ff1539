#!/bin/sh
# selftest.sh: the lint must refuse made-up violations, and let a clean tree pass.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failures=0

clean_tree() {
    rm -rf "${tree:?}"/*
    mkdir -p "$tree/include/lyncscope" "$tree/analyzer/base" "$tree/analyzer/capture" \
        "$tree/analyzer/flow" "$tree/analyzer/report" "$tree/dissectors" "$tree/ui"
    for contract in slice packet event signin report; do
        echo "/* $contract */" >"$tree/include/lyncscope/$contract.h"
    done
    echo '/* private */' >"$tree/analyzer/flow/table_of_flows.h"
    echo '#include "lyncscope/event.h"' >"$tree/dissectors/dns.c"
}

expect() { # refused|passed PROGRAM FILE CONTENT
    clean_tree
    printf '%b\n' "$4" >>"$tree/$3"
    result=passed
    python3 "$here/$2" "$tree" >"$tree/out" || result=refused
    [ "$result" = "$1" ] && return
    failures=$((failures + 1))
    echo "lint selftest: $2 has $result in $3: $4"
    cat "$tree/out"
}

expect passed layers.py dissectors/dns.c '#include <ldns/ldns.h>'
expect passed layers.py analyzer/flow/udp.c '#include "table_of_flows.h"'
expect refused layers.py dissectors/dns.c '#include "lyncscope/signin.h"'
expect refused layers.py analyzer/base/text.c '  #  include "lyncscope/packet.h"'
expect refused layers.py dissectors/dns.c '#include "analyzer/flow/table_of_flows.h"'
expect refused layers.py include/lyncscope/event.h '#include "lyncscope/report.h"'
expect refused layers.py dissectors/tls.c '#include <pcap/pcap.h>'
expect refused layers.py ui/view.c '#include <curses.h>'
expect refused layers.py dissectors/http1.c '#include <curl/curl.h>'
expect refused layers.py dissectors/http1.c '#include "nowhere.h"'
expect passed banned.py analyzer/base/memory.c 'void *p = malloc(4);'
expect passed banned.py dissectors/dns.c '/* free(x) is for base */ ops->free(x); char *s = "malloc(1)";'
expect refused banned.py dissectors/dns.c 'void *p = malloc(4);'
expect refused banned.py ui/view.c 'n = atoi (text);'
expect refused banned.py analyzer/flow/udp.c '#define CHECK(x) \\\n    do { if (!(x)) return; } while (0)'
expect refused banned.py analyzer/flow/udp.c 'typedef struct flow flow;'

[ "$failures" = 0 ] || exit 1
