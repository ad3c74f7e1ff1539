#!/bin/sh
# packages.sh PACKAGE...: installs those that are missing, as root or through sudo; silent when
# there is nothing to do.  Never starts a question: tshark's is answered with its default.
set -eu

missing=
for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] ||
        missing="$missing $package"
done
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "make deps: as root, or with sudo, install:$missing" >&2
        exit 2
    }
    as_root=sudo
fi
echo "  DEPS $missing"
$as_root apt-get -qq update
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing
