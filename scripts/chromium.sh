#!/usr/bin/env bash
# Debian's Chromium, which the stories of `pnpm runtimes` are played in.
#
#   chromium.sh install   from Debian's packages, if absent
#   chromium.sh status    the version that is installed
#
# Status: 0 done · 1 failed · 2 wrong usage · 3 it is not installed · 4 not permitted to install
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/real-servers.sh"

readonly chromium=/usr/bin/chromium

case ${1-} in
  install)
    if [[ -x $chromium ]]; then
      say "chromium is installed already"
      exit
    fi
    install_packages chromium
    [[ -x $chromium ]] || fail 1 "still missing after the installation: chromium"
    ;;
  status)
    [[ -x $chromium ]] || fail 3 "not installed: chromium. Install: bash scripts/chromium.sh install"
    "$chromium" --version
    ;;
  *) fail 2 "usage: chromium.sh install | status" ;;
esac
