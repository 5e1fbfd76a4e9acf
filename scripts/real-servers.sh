# What the scripts that run real servers have in common; to be sourced. Each of them sets `base`, the directory of its run
# directories, and defines `missing`, which prints the packages that are not installed, and `halt`, which ends what runs in `$run`.

readonly self=$(basename "$0")
# Debian keeps servers where a user's PATH does not look.
export PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

say() { echo "${self%.sh}: $*" >&2; }
fail() {
  say "${@:2}"
  exit "$1"
}

# --- Debian's packages -----------------------------------------------------------------------------------------------

as_root() { if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi; }

# Installs packages, and nothing that starts by itself.
install_packages() {
  command -v apt-get >/dev/null || fail 4 "not installed: $*, and there is no apt-get here: install them by hand"
  ((EUID == 0)) || sudo -n true 2>/dev/null ||
    fail 4 "not installed: $*, and installing needs root. Run: sudo bash scripts/$self install"
  forbid_services
  say "installing $*"
  apt_get update
  apt_get install --no-install-recommends "$@"
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

# Ends with 3 where something is missing.
require_installed() {
  local packages
  [[ -r /proc/self/cmdline ]] || fail 3 "this needs Linux"
  packages=$(missing)
  [[ -z $packages ]] || fail 3 "not installed: $packages. Install: bash scripts/$self install"
}

install_missing() {
  local packages
  packages=$(missing)
  if [[ -z $packages ]]; then
    say "all that it needs is installed already"
    return
  fi
  install_packages $packages
  [[ -z $(missing) ]] || fail 1 "still missing after the installation: $(missing)"
}

# The word of `status` on what does not run.
installed_or_not() {
  local packages
  packages=$(missing)
  echo "${packages:+not }installed${packages:+: $packages}"
}

# --- processes -------------------------------------------------------------------------------------------------------

# True while the process that FILE names is alive and still the one that has WORDS in its command line. A zombie has none.
runs() {
  local pid file=$1 words=$2
  pid=$(cat "$file" 2>/dev/null) || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF -- "$words "
}

# A port that nobody listens at, and none of those given.
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

# True if GET PATH at PORT is answered with 200, or another STATUS.
answers() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
    # Longer than a busy machine needs: whoever asks again makes it busier.
    read -r -t 20 line <&3
    [[ $line == "HTTP/1.1 ${3-200}"* ]]
  ) 2>/dev/null
}

# Ends what earlier runs left behind when they were killed outright.
reap() {
  local left
  for left in "$base"/run.*; do
    [[ -d $left ]] || continue
    runs "$left/owner.pid" "$self run" && continue
    run=$left
    halt
    rm -rf "$left"
  done
}

# Takes the directory of run directories, and ends what was left behind in it.
own_base() {
  mkdir -p "$base"
  [[ -O $base ]] || fail 1 "$base is somebody else's"
  reap
}

# Ends the server that `start` has left running.
stop_started() {
  reap
  run=$base/started
  halt
  rm -rf "$run"
}

# Makes a run directory that goes, with all that runs in it, when this script ends.
own_run() {
  run=$(mktemp -d "$base/run.XXXXXX")
  echo $$ >"$run/owner.pid"
  trap 'halt; rm -rf "$run"' EXIT
  trap 'exit 1' HUP INT TERM
}

await_end_of_input() {
  while read -r _; do :; done
}
