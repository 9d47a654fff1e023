#!/usr/bin/env bash
# System packages that some tests need (Debian, Ubuntu): Slurm, to try a cluster on one machine; PostgreSQL, as a
# gradebook; Chromium and fonts, to look at pages; npm, for Node's proxy. Does nothing where they are there.
set -euo pipefail
PATH="$PATH:/usr/sbin"

missing=()
command -v slurmd >/dev/null || missing+=(slurm-wlm)
command -v munged >/dev/null || missing+=(munge)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium)
[ -d /usr/share/fonts/truetype/liberation ] || missing+=(fonts-liberation)
command -v npm >/dev/null || missing+=(nodejs npm)
if [ "${#missing[@]}" -eq 0 ]; then exit 0; fi

root=(env DEBIAN_FRONTEND=noninteractive)
if [ "$(id -u)" -ne 0 ]; then root=(sudo --non-interactive "${root[@]}"); fi
install=("${root[@]}" apt-get install -y --no-install-recommends "${missing[@]}")
"${install[@]}" || { "${root[@]}" apt-get update && "${install[@]}"; }
