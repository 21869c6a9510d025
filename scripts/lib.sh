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

# The number of this Debian release; empty where there is none, as in sid.
release() { sed -n 's/^VERSION_ID="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' "${OS_RELEASE:-/etc/os-release}"; }

# for_release RELEASE CHOICE: the first of NAME|12:NAME|... that is for that release, or for all.
for_release() {
    local choice
    for choice in ${2//|/ }; do
        [[ $choice == "$1:"* || $choice != *:* ]] || continue
        say "${choice#*:}"
        return
    done
}

# The packages of the given sets, each once.
packages_of() {
    local sets=" $* " release set package _
    release=$(release)
    while read -r set package _; do
        [[ $sets == *" $set "* ]] && for_release "$release" "$package"
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

# fetch_venv FOLDER REQUIREMENTS WHAT: a Python environment in FOLDER: wheels by hash from the Python registry, kept
# in .cache/wheels, so that `make clean` does not cost a download.
fetch_venv() {
    local venv=$1 requirements=$2 what=$3 id wheels
    id=$(sha256sum "$requirements" | cut -c 1-16)
    wheels=.cache/wheels/$id
    [[ $(cat "$venv/complete" 2>/dev/null) != "$id" ]] || return 0
    rm -rf "$venv"
    /usr/bin/python3 -m venv "$venv"
    if [[ ! -d $wheels ]]; then
        say "fetching $what"
        rm -rf "$wheels.partial"
        mkdir -p "$wheels.partial"
        "$venv/bin/python" -m pip download -q --disable-pip-version-check --only-binary :all: --no-deps \
            --require-hashes -r "$requirements" -d "$wheels.partial" || die 1 \
            "$what could not be fetched (see above). Run the same command again once the network is back."
        mv "$wheels.partial" "$wheels"
    fi
    "$venv/bin/python" -m pip install -q --disable-pip-version-check --no-index --find-links "$wheels" --no-deps \
        --require-hashes -r "$requirements"
    # Written last: a venv without it was interrupted and is made again.
    say "$id" >"$venv/complete"
}
