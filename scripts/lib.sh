# shellcheck shell=bash
# Sourced by the scripts: plain lines, no colours, so that they read the same in a terminal and in a log.

say() { printf '%s\n' "$*"; }

# stage N TEXT: one of the numbered lines by which a long command tells where it is.
stage() { say "[$1${STAGES:+/$STAGES}] ${*:2}"; }

# die STATUS TEXT...
die() {
    local status=$1
    shift
    printf '%s\n' "$@" >&2
    exit "$status"
}

# The packages of the given sets, each once.
packages_of() {
    local sets=" $* " set package _
    while read -r set package _; do
        [[ $sets == *" $set "* ]] && say "$package"
    done <scripts/packages.txt | sort -u
}

# Those of the given packages that are not fully installed; a half-configured one counts as missing.
missing_packages() {
    local package status
    for package in "$@"; do
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || status=
        [[ $status == installed ]] || say "$package"
    done
}
