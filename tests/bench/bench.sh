#!/bin/bash
# bench.sh: CPU time of lyncscope beside a bare libpcap loop and tshark, as ratios.
#
# The captures are large and real traffic: they are made once, by the scripts of the bench folder
# beside the project, into a cache outside of it.  Making them needs root; measuring does not.
#   RUNS=5 SIZES="10 100 1000" LYNCSCOPE_SHARED=../shared make bench
set -euo pipefail
cd "$(dirname "$0")/../.."
runs=${RUNS:-5}
read -ra sizes <<<"${SIZES:-10 100 1000}"
scripts=${LYNCSCOPE_SHARED:-../shared}/bench
cache=${XDG_CACHE_HOME:-/tmp}/lyncscope-bench
mkdir -p "$cache"

missing=()
for size in "${sizes[@]}"; do
    [ -s "$cache/mix$size.pcap" ] || missing+=("$size")
done
want_small=()
[ -s "$cache/small-http.pcap" ] || want_small+=(http)
[ -s "$cache/small-https.pcap" ] && [ -s "$cache/small-https.keylog" ] || want_small+=(https)

make_captures() {
    if [ ! -x "$scripts/netup.sh" ] && [ ! -r "$scripts/netup.sh" ]; then
        echo "skip: $scripts is not there, which makes the captures"
        return
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "skip: making the captures needs root (network namespaces); run make bench as root once"
        return
    fi
    for tool in nginx dnsmasq ab h2load dnsperf tcpdump ethtool; do
        command -v "$tool" >/dev/null || {
            echo "skip: $tool is missing, which makes the captures; make deps-tools installs it"
            return
        }
    done
    local here up small count keylog
    here=$(pwd)
    up=$(cd "$scripts" && pwd)
    cd "$cache"
    # The traffic must not go through a proxy of the environment.
    unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
    bash "$up/netup.sh" up >"$cache/netup.log" 2>&1
    for size in ${missing[@]+"${missing[@]}"}; do
        echo "making mix$size.pcap"
        bash "$up/make-mix.sh" "$size" "$cache/mix$size.part" >>"$cache/make.log" 2>&1 &&
            mv "$cache/mix$size.part" "$cache/mix$size.pcap"
    done
    for small in ${want_small[@]+"${want_small[@]}"}; do
        echo "making small-$small.pcap"
        count=20000
        keylog=()
        if [ "$small" = https ]; then
            count=6000
            keylog=("$cache/small-https.keylog")
        fi
        bash "$up/make-small.sh" "$count" "$cache/small.part" "$small" \
            ${keylog[@]+"${keylog[@]}"} >>"$cache/make.log" 2>&1 &&
            mv "$cache/small.part" "$cache/small-$small.pcap"
    done
    bash "$up/netup.sh" down >>"$cache/netup.log" 2>&1
    cd "$here"
}

if [ ${#missing[@]} -gt 0 ] || [ ${#want_small[@]} -gt 0 ]; then
    make_captures
fi
captures=()
for size in "${sizes[@]}"; do
    [ -s "$cache/mix$size.pcap" ] && captures+=("$cache/mix$size.pcap")
done
for small in http https; do
    [ -s "$cache/small-$small.pcap" ] && captures+=("$cache/small-$small.pcap")
done
if [ ${#captures[@]} = 0 ]; then
    echo "skip: no captures in $cache"
    exit 0
fi
python3 tests/bench/measure.py "$runs" "${captures[@]}"
