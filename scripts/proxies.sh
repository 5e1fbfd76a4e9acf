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
readonly conf=$root/scripts/proxies
readonly base=$root/.proxies
source "$root/scripts/real-servers.sh"

missing() {
  local packages=()
  command -v nginx >/dev/null || packages+=(nginx-light)
  command -v haproxy >/dev/null || packages+=(haproxy)
  echo "${packages[*]}"
}

install() {
  local packages
  packages=$(missing)
  install_missing
  # Where systemd runs, the packages have also asked to be started at the next boot.
  [[ -z $packages || ! -d /run/systemd/system ]] || as_root systemctl disable --quiet ${packages/nginx-light/nginx} || true
}

# --- start and stop, each for one run directory ------------------------------------------------------------------------

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
  local until=$((SECONDS + 50))
  until answers "$nginx" /proxies-ready && answers "$haproxy" /proxies-ready; do
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

# --- commands --------------------------------------------------------------------------------------------------------

take_ports() {
  [[ ${1-} =~ ^[0-9]+$ && ${2-1} =~ ^[0-9]+$ ]] || fail 2 "usage: proxies.sh start|run BACKEND_PORT [VCENTER_PORT]"
  backend=$1
  # Nobody listens at port 1: calls for a vCenter that is not there are refused.
  vcenter=${2-1}
  require_installed
  own_base
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
    require_installed
    ;;
  run)
    take_ports "${@:2}"
    own_run
    start
    cat "$run/ports.json"
    await_end_of_input
    ;;
  *) fail 2 "usage: proxies.sh install | start BACKEND [VCENTER] | stop | status | run BACKEND [VCENTER]" ;;
esac
