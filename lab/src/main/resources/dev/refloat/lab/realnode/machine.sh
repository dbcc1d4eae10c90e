#!/bin/bash
# A machine of the lab: its disks, its cable and its power switch. The node itself is node.sh, which runs in namespaces of
# its own for as long as the power is on. Disks are mounted in this process's own mount namespace, so they last as long
# as the machine, and nobody else sees them.
#
# Reads commands, one a line, and answers each with one line: "ok", or "failed", and why. At end of file, which is the end
# of whoever owns the machine, the power goes off and the machine is gone.
#   $1  the folder of the machine, with settings.sh
set -u
trap '' PIPE # a node that ends is told by its answer
folder=$1
. "$folder/settings.sh"
exec 3>&1 1>&2

here=/mnt/node
node= # the process that the node's first process is a child of; empty = off

hierarchies() {
  if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
    echo /sys/fs/cgroup
  else
    local folder
    for folder in /sys/fs/cgroup/*; do
      [ -L "$folder" ] || [ ! -e "$folder/cgroup.procs" ] || echo "$folder"
    done
  fi
}

make_group() { # hierarchy; the kubelet wants its root to be there in each
  local below=$1 part file controller
  for part in "$GROUP" "$NAME"; do
    # Version 2 alone, and what the kubelet cannot do without; version 1 has a hierarchy for each of them.
    for controller in cpu cpuset memory pids; do
      if [ -e /sys/fs/cgroup/cgroup.controllers ] && ! grep -qw "$controller" "$below/cgroup.subtree_control"; then
        echo "+$controller" >"$below/cgroup.subtree_control" || return
      fi
    done
    mkdir -p "$below/$part" || return
    for file in cpuset.cpus cpuset.mems; do # empty in a new folder, and then nobody may enter it
      if [ -e "$below/$part/$file" ] && [ -z "$(cat "$below/$part/$file")" ]; then
        cat "$below/$file" >"$below/$part/$file"
      fi
    done
    below=$below/$part
  done
  [ -d "$below" ]
}

remove_group() { # hierarchy
  local group=$1/$GROUP/$NAME tries
  for tries in {1..50}; do
    [ -d "$group" ] || return 0
    find "$group" -depth -type d -exec rmdir {} \; 2>/dev/null
    sleep 0.1
  done
  [ ! -d "$group" ]
}

for_each_hierarchy() { # command
  local hierarchy status=0
  for hierarchy in $(hierarchies); do "$1" "$hierarchy" || status=1; done
  return "$status"
}

insert_disk() {
  mount -t tmpfs -o "size=$DISK,mode=755" lab-disk /mnt/disks
}

assemble() {
  local stage=$folder/stage program
  mkdir "$stage" && mount -t tmpfs -o size=1m,mode=755 lab-machine "$stage" || return
  mkdir "$stage"/{bin,disks,images,logs,node}
  mount --bind "$folder" "$stage/node" && mount --bind "$LOGS" "$stage/logs" &&
    mount --bind "$IMAGES" "$stage/images" || return
  for program in "$KUBELET" "$KUBE_PROXY"; do
    : >"$stage/bin/${program##*/}" && mount --bind "$program" "$stage/bin/${program##*/}" || return
  done
  # From here on everything is below /mnt, the same in every machine: node.sh covers most other places.
  mount --move "$stage" /mnt && mount -t tmpfs -o mode=755 lab-machine /run && insert_disk
}

plug_in() {
  ip netns add node &&
    ip link add "$LINK" master "$BRIDGE" type veth peer name eth0 address "$HARDWARE_ADDRESS" netns node &&
    ip link set "$LINK" up &&
    ip route add "$PODS" via "$ADDRESS" dev "$BRIDGE"
}

unplug() { # whatever of it is plugged in
  ip route del "$PODS" via "$ADDRESS" dev "$BRIDGE"
  ip link del "$LINK"
  ip netns del node
}

power_on() {
  [ -z "$node" ] || { answer="failed: it is on"; return; }
  boot
  if [ "$answer" != ok ]; then
    local why=$answer
    power_off
    answer=$why
  fi
}

boot() {
  for_each_hierarchy make_group || { answer="failed: it gets no control groups"; return; }
  plug_in || { answer="failed: it cannot be plugged in"; return; }
  # Ends with this shell, whatever ends this shell, and its child, which is the node's first process, ends with it.
  coproc NODE {
    exec setpriv --pdeathsig KILL nsenter --net=/run/netns/node \
      unshare --pid --mount --uts --ipc --fork --kill-child --mount-proc bash "$here/node.sh" 3>&-
  }
  node=${NODE_PID:-}
  if [ -z "$node" ] || [ -z "${NODE[1]:-}" ]; then # bash takes them away when the process has ended
    answer="failed: the node has ended"
    return
  fi
  exec 4<&"${NODE[0]}" 5>&"${NODE[1]}"
  hear
}

hear() { # what the node answers
  IFS= read -r -t 50 answer <&4 || answer="failed: the node does not answer"
}

is_ours() { # process: a number may be somebody else's by now
  [ -n "$1" ] && [ "$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$1/status" 2>/dev/null)" = "$2" ]
}

power_off() {
  answer=ok
  [ -n "$node" ] || { unplug 2>/dev/null; for_each_hierarchy remove_group; return; }
  if is_ours "$node" $$; then
    # The first process of its namespace: the kernel ends all the others, and its parent has seen that when it ends.
    local first
    first=$(cat "/proc/$node/task/$node/children" 2>/dev/null) && first=${first%% *}
    if is_ours "$first" "$node"; then kill -KILL "$first"; else kill -KILL "$node"; fi
    wait "$node"
  fi
  { exec 4<&- 5>&-; } 2>/dev/null
  node=
  unplug
  for_each_hierarchy remove_group
}

change_disks() {
  [ -z "$node" ] || { answer="failed: it is on"; return; }
  umount /mnt/disks && insert_disk && rm -rf "${here:?}/disk" && answer=ok
}

forward() {
  [ -n "$node" ] || { answer="failed: it is off"; return; }
  echo "$1" >&5
  hear
}

assemble || exit 1
echo ok >&3
while IFS= read -r command; do
  answer="failed: see the log of the machine"
  case $command in
    "power on") power_on ;;
    "power off") power_off ;;
    "change disks") change_disks ;;
    "pull the cable") ip link set "$LINK" down && answer=ok ;;
    "put the cable back") ip link set "$LINK" up && answer=ok ;;
    "fill the disk") dd if=/dev/zero of=/mnt/disks/.full bs=64k 2>/dev/null || answer=ok ;; # until there is no room
    "make room") rm -f /mnt/disks/.full && answer=ok ;;
    "import images") if [ -n "$node" ]; then forward "$command"; else answer=ok; fi ;; # when it is switched on
    *) forward "$command" ;;
  esac
  echo "$answer" >&3
done
power_off
