#!/usr/bin/env bash
# A real Keystone on free loopback ports, with a database and keys of its own that go with it, never as a system service.
# The database, as it is at first, is kept beside it: to make one takes longer than all else at a start.
#
#   keystone.sh install   from Debian's packages, if absent
#   keystone.sh start     starts it and prints where it is: its ports, the password of `admin`, the directory of its logs
#   keystone.sh stop      ends what `start` started
#   keystone.sh status    what is installed and what runs
#   keystone.sh run       starts one of its own, prints the same, and ends it with its input
#
# It listens twice, for the same users: at `port` tokens live for an hour, at `brief` for eight seconds.
#
# Status: 0 done · 1 failed · 2 wrong usage · 3 it is not installed · 4 not permitted to install
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly conf=$root/packages/keystone/real/keystone.conf
readonly self_file=$root/scripts/keystone.sh
readonly base=${TMPDIR:-/tmp}/holdfast-keystone-$UID
# Debian's own, whatever other Python comes first in the PATH.
readonly manage=/usr/bin/keystone-manage server=/usr/bin/uwsgi_python3
# Seconds.
readonly brief_expiration=8
source "$root/scripts/real-servers.sh"
umask 077

missing() {
  local packages=()
  [[ -x $manage ]] || packages+=(python3-keystone)
  [[ -x $server ]] || packages+=(uwsgi-core uwsgi-plugin-python3)
  echo "${packages[*]}"
}

# --- start and stop, each for one run directory ------------------------------------------------------------------------

# Without the caller's variables: PYTHON* bends the interpreter, and OS_* is configuration to Keystone.
# To be called in a subshell, which becomes the program.
alone() { exec env -i "PATH=$PATH" LANG=C.UTF-8 "HOME=$run" "$@"; }

random_key() { head -c 32 /dev/urandom | base64 -w 0 | tr '+/' '-_'; }

prepare() {
  local first
  first=$(first_database)
  [[ -d $first ]] || make_first_database "$first"
  password=$(<"$first/password")
  cp "$first/keystone.db" "$run/keystone.db"
  configure "$run"
}

# The configuration and keys of a Keystone in this directory.
configure() {
  local text keys
  text=$(<"$conf")
  printf '%s\n' "${text//@RUN@/$1}" >"$1/keystone.conf"
  for keys in fernet credential; do
    rm -rf "${1:?}/$keys"
    mkdir "$1/$keys"
    random_key >"$1/$keys/0"
    random_key >"$1/$keys/1"
  done
}

# Another one for each Keystone, and for each configuration.
first_database() {
  local of
  of=$(cat "$conf" "$self_file" <(dpkg-query -W python3-keystone 2>/dev/null) | sha256sum)
  echo "$base/first.${of:0:16}"
}

# Whoever is done first has made it for all.
make_first_database() {
  local new=$run/first
  rm -rf "$new" "$run"/keystone.db*
  mkdir "$new"
  random_key >"$new/password"
  configure "$new"
  {
    # In any other mode a server that reads keeps the other one from writing, for good.
    (alone /usr/bin/python3 -c "import sqlite3; sqlite3.connect('$new/keystone.db').execute('pragma journal_mode=wal')") &&
    (alone $manage --config-file "$new/keystone.conf" db_sync) &&
      (alone OS_BOOTSTRAP_PASSWORD="$(<"$new/password")" $manage --config-file "$new/keystone.conf" bootstrap)
  } >"$run/manage.log" 2>&1 || fail 1 "its database could not be made:" "$(tail -n 20 "$run/manage.log")"
  [[ ! -s $new/keystone.db-wal ]] || fail 1 "its database is not closed"
  mv -T "$new" "$1" 2>/dev/null || rm -rf "$new"
}

# Listens at a port, with tokens that live for so many seconds.
listen() {
  local name=$1
  # Without a master the one process is the server. It keeps no connection, and says so.
  alone OS_KEYSTONE_CONFIG_FILES="$run/keystone.conf" OS_TOKEN__EXPIRATION="$3" $server --chdir "$run" --need-app \
    --module 'keystone.server.wsgi:initialize_public_application()' \
    --http-socket "127.0.0.1:$2" --add-header 'Connection: close' </dev/null >>"$run/$name.log" 2>&1 &
  echo $! >"$run/$name.pid"
}

launch() {
  port=$(free_port)
  brief=$(free_port "$port")
  listen hour "$port" 3600
  listen brief "$brief" $brief_expiration
}

await() {
  # Against one that hangs: a busy machine takes ten times the six seconds of an idle one.
  local until=$((SECONDS + 240))
  until answers "$port" /v3 && answers "$brief" /v3; do
    ((SECONDS < until)) || return 1
    kill -0 "$(<"$run/hour.pid")" 2>/dev/null && kill -0 "$(<"$run/brief.pid")" 2>/dev/null || return 1
    # Each look starts processes of its own.
    sleep 0.2
  done
}

start() {
  local tries=0
  mkdir -p "$run"
  prepare
  : >"$run/hour.log" >"$run/brief.log"
  until launch && await; do
    halt
    # Somebody may have taken a port between our look and the server's.
    grep -qs 'Address already in use' "$run/hour.log" "$run/brief.log" && ((++tries < 5)) ||
      fail 1 "it did not start:" "$(tail -n 20 "$run/hour.log" "$run/brief.log")"
    : >"$run/hour.log" >"$run/brief.log"
  done
  printf '{"port":%d,"brief":%d,"password":"%s","run":"%s"}\n' "$port" "$brief" "$password" "$run" >"$run/started.json"
}

halt() {
  local name
  for name in hour brief; do
    # At once: what it would save is thrown away.
    while runs "$run/$name.pid" "--chdir $run"; do
      kill -KILL "$(<"$run/$name.pid")" 2>/dev/null || true
      sleep 0.05
    done
    rm -f "$run/$name.pid"
  done
  rm -f "$run/started.json"
}

# --- commands --------------------------------------------------------------------------------------------------------

case ${1-} in
  install) install_missing ;;
  start)
    require_installed
    own_base
    run=$base/started
    halt
    start
    cat "$run/started.json"
    ;;
  stop) stop_started ;;
  status)
    state=$(installed_or_not)
    if runs "$base/started/hour.pid" "--chdir $base/started"; then state="running, $(<"$base/started/started.json")"; fi
    echo "keystone: $state"
    require_installed
    ;;
  run)
    require_installed
    own_base
    own_run
    start
    cat "$run/started.json"
    await_end_of_input
    ;;
  *) fail 2 "usage: keystone.sh install | start | stop | status | run" ;;
esac
