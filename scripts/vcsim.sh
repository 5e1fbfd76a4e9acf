#!/usr/bin/env bash
# A vCenter that nobody here wrote: the simulator of govmomi, from Debian's sources, on a free loopback port. It is built once.
#
#   vcsim.sh install   from Debian's packages, if absent, and builds it
#   vcsim.sh start     starts it and prints where it is: its port, the user name and the password that it takes
#   vcsim.sh stop      ends what `start` started
#   vcsim.sh status    what is installed and what runs
#   vcsim.sh run       starts one of its own, prints the same, and ends it with its input
#
# Status: 0 done · 1 failed · 2 wrong usage · 3 it is not installed · 4 not permitted to install
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly program=$root/packages/vsphere/real/vcsim/main.go
readonly base=${TMPDIR:-/tmp}/holdfast-vcsim-$UID
readonly sources=/usr/share/gocode
# Debian's own, whatever other Go comes first in the PATH.
readonly go=/usr/bin/go
source "$root/scripts/real-servers.sh"
umask 077

missing() {
  local packages=()
  [[ -x $go ]] || packages+=(golang-go)
  [[ -d $sources/src/github.com/vmware/govmomi ]] || packages+=(golang-github-vmware-govmomi-dev)
  echo "${packages[*]}"
}

install() {
  install_missing
  own_base
  build
}

# --- start and stop, each for one run directory ------------------------------------------------------------------------

# Sets `vcsim`. Whoever is done first has built it for all.
build() {
  local of new
  of=$(cat "$program" <(dpkg-query -W golang-go golang-github-vmware-govmomi-dev 2>/dev/null) | sha256sum)
  vcsim=$base/vcsim.${of:0:16}
  [[ ! -x $vcsim ]] || return 0
  new=$(mktemp -d "$base/build.XXXXXX")
  # Without the caller's variables: GO* bends the compiler. What it keeps for the next time is eight times as large.
  env -i "PATH=$PATH" "HOME=$new" GOPATH=$sources "GOCACHE=$new/cache" "GOTMPDIR=$new" GO111MODULE=off CGO_ENABLED=0 \
    $go build -ldflags '-s -w' -o "$new/vcsim" "$program" >"$new/log" 2>&1 </dev/null ||
    fail 1 "it could not be built:" "$(tail -n 20 "$new/log")"
  mv "$new/vcsim" "$vcsim"
  rm -rf "$new"
}

start() {
  # Against one that hangs: it answers within a second.
  local until=$((SECONDS + 240))
  mkdir -p "$run"
  # A name of its own, by which it is known.
  ln -s "$vcsim" "$run/vcsim"
  env -i "$run/vcsim" </dev/null >"$run/started.json" 2>"$run/out.log" &
  echo $! >"$run/vcsim.pid"
  # It is killed in the end, which is nothing to tell of.
  disown
  until [[ -s $run/started.json ]]; do
    if ((SECONDS >= until)) || ! kill -0 "$(<"$run/vcsim.pid")" 2>/dev/null; then
      halt
      fail 1 "it did not start:" "$(tail -n 20 "$run/out.log")"
    fi
    sleep 0.1
  done
}

halt() {
  while runs "$run/vcsim.pid" "$run/vcsim"; do
    kill -KILL "$(<"$run/vcsim.pid")" 2>/dev/null || true
    sleep 0.05
  done
  rm -f "$run/vcsim" "$run/vcsim.pid" "$run/started.json"
}

# --- commands --------------------------------------------------------------------------------------------------------

case ${1-} in
  install) install ;;
  start)
    require_installed
    own_base
    build
    run=$base/started
    halt
    start
    cat "$run/started.json"
    ;;
  stop) stop_started ;;
  status)
    state=$(installed_or_not)
    if runs "$base/started/vcsim.pid" "$base/started/vcsim"; then state="running, $(<"$base/started/started.json")"; fi
    echo "vcsim: $state"
    require_installed
    ;;
  run)
    require_installed
    own_base
    build
    own_run
    start
    cat "$run/started.json"
    await_end_of_input
    ;;
  *) fail 2 "usage: vcsim.sh install | start | stop | status | run" ;;
esac
