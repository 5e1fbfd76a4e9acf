#!/usr/bin/env bash
# A real Cinder on a free loopback port, for a Keystone that runs already: its API, its scheduler, a volume and a backup service
# whose drivers store nothing, in one process, with a database of its own. Never as a system service.
#
#   cinder.sh install   from Debian's packages, if absent
#   cinder.sh start     starts it for the Keystone of `keystone.sh start` and prints where it is: its port, the directory of its log
#   cinder.sh stop      ends what `start` started
#   cinder.sh status    what is installed and what runs
#   cinder.sh run       starts one of its own, prints the same, and ends it with its input; its Keystone is named by the line
#                       that `keystone.sh run` has printed, in HOLDFAST_KEYSTONE
#
# Keystone must list itself in its catalogue: whoever starts it adds a service of the type `identity` with an endpoint.
#
# Status: 0 done · 1 failed · 2 wrong usage · 3 it is not installed · 4 not permitted to install
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly real=$root/packages/keystone/real/cinder
readonly base=${TMPDIR:-/tmp}/holdfast-cinder-$UID
# Debian's own, whatever other Python comes first in the PATH.
readonly python=/usr/bin/python3
source "$root/scripts/real-servers.sh"
umask 077

missing() { dpkg-query -W -f '${Status}' python3-cinder 2>/dev/null | grep -q ' installed$' || echo python3-cinder; }

# --- start and stop, each for one run directory ------------------------------------------------------------------------

# A member of the one line of JSON that a server has printed.
member() { sed -n "s/.*\"$2\":\"\{0,1\}\([^\",}]*\).*/\1/p" <<<"$1"; }

# To be called in a subshell, which becomes the program. Without the caller's variables: PYTHON* bends the interpreter.
cinder() { exec env -i "PATH=$PATH" LANG=C.UTF-8 "HOME=$run" $python -W ignore "$run/serve.py" "$@" --config-file "$run/cinder.conf"; }

prepare() {
  local text keystone=$1
  mkdir -p "$run/locks" "$run/coordination"
  cp "$real/serve.py" "$real/api-paste.ini" "$run"
  text=$(<"$real/cinder.conf")
  text=${text//@RUN@/$run}
  text=${text//@KEYSTONE@/$(member "$keystone" port)}
  printf '%s\n' "${text//@PASSWORD@/$(member "$keystone" password)}" >"$run/cinder.conf"
  first_database
}

# The database, as it is at first, is kept: to make one takes longer than all else at a start. Whoever is done first has made it
# for all.
first_database() {
  local of first
  of=$(cat "$real/serve.py" <(dpkg-query -W python3-cinder) | sha256sum)
  first=$base/first.${of:0:16}.db
  if [[ ! -e $first ]]; then
    (cinder sync) >"$run/sync.log" 2>&1 </dev/null || fail 1 "its database could not be made:" "$(tail -n 20 "$run/sync.log")"
    cp "$run/cinder.db" "$run/first.db"
    mv "$run/first.db" "$first"
  fi
  cp "$first" "$run/cinder.db"
}

launch() {
  port=$(free_port)
  (cinder "$port") </dev/null >>"$run/out.log" 2>&1 &
  echo $! >"$run/cinder.pid"
  # It is killed in the end, which is nothing to tell of.
  disown
}

await() {
  # Against one that hangs: a busy machine takes ten times as long as an idle one.
  local until=$((SECONDS + 240))
  until answers "$port" / 300 && grep -q 'Driver initialization completed' "$run/cinder.log"; do
    ((SECONDS < until)) || return 1
    kill -0 "$(<"$run/cinder.pid")" 2>/dev/null || return 1
    sleep 0.1
  done
}

# For the Keystone of this line.
start() {
  local tries=0
  [[ -n $(member "$1" port) ]] || fail 1 "there is no Keystone"
  mkdir -p "$run"
  prepare "$1"
  : >"$run/out.log"
  until launch && await; do
    halt
    # Somebody may have taken the port between our look and the server's.
    grep -qs 'Address already in use' "$run/out.log" "$run/cinder.log" && ((++tries < 5)) ||
      fail 1 "it did not start:" "$(tail -n 20 "$run/out.log" "$run/cinder.log")"
    : >"$run/out.log" >"$run/cinder.log"
  done
  printf '{"port":%d,"run":"%s"}\n' "$port" "$run" >"$run/started.json"
}

halt() {
  # At once: what it would save is thrown away.
  while runs "$run/cinder.pid" "$run/serve.py"; do
    kill -KILL "$(<"$run/cinder.pid")" 2>/dev/null || true
    sleep 0.05
  done
  rm -f "$run/cinder.pid" "$run/started.json"
}

# --- commands --------------------------------------------------------------------------------------------------------

case ${1-} in
  install) install_missing ;;
  start)
    require_installed
    own_base
    run=$base/started
    halt
    start "$(cat "${TMPDIR:-/tmp}/holdfast-keystone-$UID/started/started.json" 2>/dev/null)"
    cat "$run/started.json"
    ;;
  stop) stop_started ;;
  status)
    state=$(installed_or_not)
    if runs "$base/started/cinder.pid" "$base/started/serve.py"; then state="running, $(<"$base/started/started.json")"; fi
    echo "cinder: $state"
    require_installed
    ;;
  run)
    require_installed
    own_base
    own_run
    start "${HOLDFAST_KEYSTONE-}"
    cat "$run/started.json"
    await_end_of_input
    ;;
  *) fail 2 "usage: cinder.sh install | start | stop | status | run" ;;
esac
