#!/usr/bin/env bash
# System packages that some tests need (Debian, Ubuntu): Slurm, to try a cluster on one machine; Chromium, to look at
# pages. Does nothing where they are there.
set -euo pipefail
PATH="$PATH:/usr/sbin"

missing=()
command -v slurmd >/dev/null || missing+=(slurm-wlm)
command -v munged >/dev/null || missing+=(munge)
command -v chromium >/dev/null || missing+=(chromium)
if [ "${#missing[@]}" -eq 0 ]; then exit 0; fi

root=(env DEBIAN_FRONTEND=noninteractive)
if [ "$(id -u)" -ne 0 ]; then root=(sudo --non-interactive "${root[@]}"); fi
install=("${root[@]}" apt-get install -y --no-install-recommends "${missing[@]}")
"${install[@]}" || { "${root[@]}" apt-get update && "${install[@]}"; }
