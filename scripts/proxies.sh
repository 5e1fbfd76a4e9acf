#!/usr/bin/env bash
# A real nginx and a real HAProxy in front of the test backend, on free loopback ports, never as system services.
#
#   proxies.sh install                   both from Debian's packages, if absent
#   proxies.sh start BACKEND [VCENTER]   starts both before these local ports; writes .proxies/ports.json
#   proxies.sh stop                      ends what `start` started
#   proxies.sh status                    what is installed and what runs
#   proxies.sh run BACKEND [VCENTER]     starts both in a directory of their own, prints ports.json, ends them with its input
#
# Status: 0 done · 1 failed · 2 wrong usage · 3 a proxy is not installed · 4 not permitted to install
set -euo pipefail

readonly root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly conf=$root/packages/testing/proxies
readonly base=$root/.proxies
# Debian keeps servers where a user's PATH does not look.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { echo "proxies: $*" >&2; }
fail() {
  say "${@:2}"
  exit "$1"
}

missing() {
  local names=()
  command -v nginx >/dev/null || names+=(nginx)
  command -v haproxy >/dev/null || names+=(haproxy)
  echo "${names[*]}"
}

require_proxies() {
  local names
  [[ -r /proc/self/cmdline ]] || fail 3 "this needs Linux"
  names=$(missing)
  [[ -z $names ]] || fail 3 "not installed: $names. Install: bash scripts/proxies.sh install"
}

# --- install ---------------------------------------------------------------------------------------------------------

as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }

install() {
  local names
  names=$(missing)
  if [[ -z $names ]]; then
    say "nginx and haproxy are installed already"
    return
  fi
  command -v apt-get >/dev/null || fail 4 "not installed: $names, and there is no apt-get here: install them by hand"
  ((EUID == 0)) || sudo -n true 2>/dev/null ||
    fail 4 "not installed: $names, and installing needs root. Run: sudo bash scripts/proxies.sh install"
  forbid_services
  local packages=(${names/nginx/nginx-light})
  say "installing ${packages[*]}"
  apt_get update
  apt_get install --no-install-recommends "${packages[@]}"
  [[ -z $(missing) ]] || fail 1 "still missing after the installation: $(missing)"
  # Where systemd runs, the packages have also asked to be started at the next boot.
  if [[ -d /run/systemd/system ]]; then as_root systemctl disable --quiet $names || true; fi
}

# Quiet unless it fails, and never asking anything.
apt_get() {
  local log
  log=$(as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120 "$@" </dev/null 2>&1) ||
    fail 1 "apt-get $1 failed:" "$log"
}

# Debian starts a service as it installs it, unless this file says no.
forbid_services() {
  local policy=/usr/sbin/policy-rc.d
  [[ ! -e $policy ]] || return 0
  printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
  as_root chmod +x $policy
  trap "as_root rm -f $policy" EXIT
}

# --- start and stop, each for one run directory ------------------------------------------------------------------------

# True while the process that FILE names is alive and still the one that works with CONFIG. A zombie has no command line.
runs() {
  local pid file=$1 config=$2
  pid=$(cat "$file" 2>/dev/null) || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$config "
}

free_port() {
  local port
  while :; do
    # Below the range that the kernel hands out to clients.
    port=$((20000 + RANDOM % 12000))
    [[ " $* " == *" $port "* ]] && continue
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

answers() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET /proxies-ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3
    read -r -t 2 line <&3
    [[ $line == 'HTTP/1.1 200'* ]]
  ) 2>/dev/null
}

# Writes one configuration: NAME, and the values for the words in it.
render() {
  local text user=
  text=$(<"$conf/$1")
  ((EUID != 0)) || user="user $(id -un) $(id -gn);"
  text=${text//@USER@/$user}
  text=${text//@RUN@/$run}
  text=${text//@PORT@/$2}
  text=${text//@ADMIN@/$admin}
  text=${text//@BACKEND@/$backend}
  text=${text//@VCENTER@/$vcenter}
  printf '%s\n' "$text" >"$run/$1"
}

launch() {
  nginx=$(free_port)
  haproxy=$(free_port "$nginx")
  admin=$(free_port "$nginx" "$haproxy")
  render nginx.conf "$nginx"
  render haproxy.cfg "$haproxy"
  # nginx wants its working directory to be there, and opens its log before it reads where that should be.
  command nginx -p "$run" -e "$run/nginx.log" -c "$run/nginx.conf" -g 'daemon off;' </dev/null >>"$run/nginx.log" 2>&1 &
  echo $! >"$run/nginx.pid"
  command haproxy -db -f "$run/haproxy.cfg" </dev/null >>"$run/haproxy.log" 2>&1 &
  echo $! >"$run/haproxy.pid"
}

await() {
  local until=$((SECONDS + 15))
  until answers "$nginx" && answers "$haproxy"; do
    ((SECONDS < until)) || return 1
    kill -0 "$(<"$run/nginx.pid")" 2>/dev/null && kill -0 "$(<"$run/haproxy.pid")" 2>/dev/null || return 1
    sleep 0.05
  done
}

start() {
  local tries=0
  mkdir -p "$run"
  : >"$run/nginx.log" >"$run/haproxy.log"
  until launch && await; do
    halt
    # Somebody may have taken a port between our look and the proxy's.
    grep -qsE 'Address already in use|annot bind socket' "$run/nginx.log" "$run/haproxy.log" && ((++tries < 5)) ||
      fail 1 "they did not start:" "$(tail -n 20 "$run/nginx.log" "$run/haproxy.log")"
    : >"$run/nginx.log" >"$run/haproxy.log"
  done
  printf '{"nginx":%d,"haproxy":%d,"admin":%d,"backend":%d,"vcenter":%d,"run":"%s"}\n' \
    "$nginx" "$haproxy" "$admin" "$backend" "$vcenter" "$run" >"$run/ports.json"
}

halt() {
  local until config
  for config in nginx.conf haproxy.cfg; do
    local file=$run/${config%.*}.pid
    runs "$file" "$run/$config" && kill "$(<"$file")" 2>/dev/null || true
  done
  for config in nginx.conf haproxy.cfg; do
    local file=$run/${config%.*}.pid
    until=$((SECONDS + 5))
    while runs "$file" "$run/$config"; do
      ((SECONDS < until)) || kill -KILL "$(<"$file")" 2>/dev/null || true
      sleep 0.05
    done
    rm -f "$file"
  done
  rm -f "$run/ports.json"
}

# Ends what earlier runs left behind when they were killed outright.
reap() {
  local left
  for left in "$base"/run.*; do
    [[ -d $left ]] || continue
    runs "$left/owner.pid" 'proxies.sh run' && continue
    run=$left
    halt
    rm -rf "$left"
  done
}

# --- commands --------------------------------------------------------------------------------------------------------

take_ports() {
  [[ ${1-} =~ ^[0-9]+$ && ${2-1} =~ ^[0-9]+$ ]] || fail 2 "usage: proxies.sh start|run BACKEND_PORT [VCENTER_PORT]"
  backend=$1
  # Nobody listens at port 1: calls for a vCenter that is not there are refused.
  vcenter=${2-1}
  require_proxies
  mkdir -p "$base"
  reap
}

case ${1-} in
  install) install ;;
  start)
    take_ports "${@:2}"
    run=$base
    halt
    start
    cat "$run/ports.json"
    ;;
  stop)
    reap
    run=$base
    halt
    ;;
  status)
    for name in nginx haproxy; do
      if ! command -v $name >/dev/null; then state='not installed'; else state='installed'; fi
      config=$base/$name.conf
      [[ $name == nginx ]] || config=$base/$name.cfg
      if runs "$base/$name.pid" "$config"; then state="running, $(<"$base/ports.json")"; fi
      echo "$name: $state"
    done
    require_proxies
    ;;
  run)
    take_ports "${@:2}"
    run=$(mktemp -d "$base/run.XXXXXX")
    echo $$ >"$run/owner.pid"
    trap 'halt; rm -rf "$run"' EXIT
    trap 'exit 1' HUP INT TERM
    start
    cat "$run/ports.json"
    while read -r _; do :; done
    ;;
  *) fail 2 "usage: proxies.sh install | start BACKEND [VCENTER] | stop | status | run BACKEND [VCENTER]" ;;
esac
