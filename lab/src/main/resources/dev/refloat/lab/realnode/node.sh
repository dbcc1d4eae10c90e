#!/bin/bash
# The first process of a node of the lab: starts containerd, kubelet and kube-proxy, and kills and starts them as it is
# told, one command a line, each answered with one line. At end of file it ends, and the kernel ends all others.
set -u
. /mnt/node/settings.sh
exec 3>&1 1>>"/mnt/logs/$NAME.node.log" 2>&1

answer() { echo "$*" >&3; }

give_up() {
  answer "failed: $*"
  exit 1
}

# Kubelet and kube-proxy write these, which are the whole machine's: they find files that already say what they want.
cover_sysctls() {
  local setting file
  mkdir -p /run/sysctl
  for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
    file=/run/sysctl/${setting%=*}
    mkdir -p "${file%/*}" && echo "${setting#*=}" >"$file" && mount --bind "$file" "/proc/sys/${setting%=*}" || return
  done
}

cover_places() {
  local place
  mount --make-rshared /
  for place in /run /tmp /var/log /var/lib; do
    mount -t tmpfs -o mode=755 lab-node "$place" || return
  done
  mkdir -p /run/lock /var/log/pods /var/log/containers
  chmod 1777 /tmp
}

connect() {
  local route
  hostname "$NAME"
  ip link set lo up && ip addr add "$ADDRESS/24" dev eth0 && ip link set eth0 up &&
    ip route add default via "$GATEWAY" || return
  for route in "${OTHERS_PODS[@]}"; do
    ip route add ${route/@/ via } || return
  done
  echo 1 >/proc/sys/net/ipv4/ip_forward
  [ ! -e /proc/sys/net/bridge ] || echo 1 >/proc/sys/net/bridge/bridge-nf-call-iptables
}

declare -A processes

start() { # program
  local log=/mnt/logs/$NAME.$1.log
  case $1 in
    containerd) containerd -c /mnt/node/containerd.toml >>"$log" 2>&1 3>&- & ;;
    kubelet) /mnt/bin/kubelet "${KUBELET_ARGUMENTS[@]}" >>"$log" 2>&1 3>&- & ;;
    kube-proxy) /mnt/bin/kube-proxy --config=/mnt/node/kube-proxy.yaml >>"$log" 2>&1 3>&- & ;;
    *) return 1 ;;
  esac
  processes[$1]=$!
  await "$1"
}

stop() { # program, as a crash would
  [ -n "${processes[$1]:-}" ] || return
  kill -KILL "${processes[$1]}"
  wait "${processes[$1]}"
  unset "processes[$1]"
}

await() { # program: until it answers; fails at once if it has ended
  local tries
  for tries in {1..800}; do
    ! "${1}_answers" >/dev/null 2>&1 || return 0
    kill -0 "${processes[$1]}" || return
    sleep 0.05
  done
  return 1
}

containerd_answers() { ctr version; }

kubelet_answers() (
  exec 6<>/dev/tcp/127.0.0.1/10248 && printf 'GET /healthz HTTP/1.0\r\n\r\n' >&6 && read -r _ status _ <&6 && [ "$status" = 200 ]
)

kube-proxy_answers() { :; } # nobody waits for it: it has a good answer only when it knows the API server

import_images() { # those that its disk has not yet
  local image imported
  for image in /mnt/images/*.tar; do
    imported=/mnt/node/disk/imported/${image##*/}
    if [ ! -e "$imported" ]; then
      ctr -n k8s.io images import "$image" && touch "$imported" || return
    fi
  done
}

mkdir -p /mnt/node/disk/imported
cover_places || give_up "it cannot have places of its own"
cover_sysctls || give_up "the machine's own settings cannot be covered"
connect || give_up "it has no network"
start containerd || give_up "containerd does not answer"
import_images || give_up "an image cannot be imported"
start kubelet || give_up "the kubelet does not answer"
start kube-proxy
answer ok
while IFS= read -r command; do
  case $command in
    "kill "*) stop "${command#kill }" ;;
    "start "*) start "${command#start }" ;;
    "import images") import_images ;;
    *) false ;;
  esac && answer ok || answer "failed: $command"
done
exit 0
