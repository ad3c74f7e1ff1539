#!/bin/sh
# make-samples.sh [NAME...]: makes the captures of samples/, tests/golden/captures/ and samples/tls/
# again, or only those named.  Root only: it builds a network of namespaces named lsc-*, runs real programs in it
# (curl, dnsmasq, HAProxy, nginx, krb5kdc, tcpdump) with an emulated Lync web service, and removes it again.
# What each scenario is stands in samples/lab/scenarios_*.py.  All of them take some six minutes.
# Crowds at one proxy, samples/lab/crowd.py, run on the loopback interface of a namespace of their own.
# Those of TLS are conversations of TLS libraries on a loopback interface, samples/lab/tls_families_*.py.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

[ "$(id -u)" = 0 ] || {
    echo "make-samples.sh: root only: it makes network namespaces" >&2
    exit 2
}
for tool in ip nft ethtool tcpdump curl dnsmasq haproxy nginx openssl editcap zstd krb5kdc gnutls-cli \
    certtool tstclnt selfserv certutil pk12util nghttp python3; do
    command -v "$tool" >/dev/null || PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null || {
        echo "make-samples.sh: $tool is missing; make deps-tools installs it" >&2
        exit 2
    }
done
PATH=$PATH:/usr/sbin
export PATH PYTHONDONTWRITEBYTECODE=1
if [ $# = 0 ]; then
    python3 "$here/lab/tls_record.py"
    for name in $(grep -o '"crowd-[a-z-]*"' "$here/lab/crowd.py" | tr -d '"'); do
        python3 "$here/lab/crowd.py" "$name"
    done
    exec python3 "$here/lab/record.py"
fi
for name in "$@"; do
    if grep -q "\"$name\"" "$here/lab/crowd.py"; then
        python3 "$here/lab/crowd.py" "$name"
    elif grep -q "\"$name\"" "$here"/lab/tls_families_*.py; then
        python3 "$here/lab/tls_record.py" "$name"
    else
        python3 "$here/lab/record.py" "$name"
    fi
done
