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
    if [ -e "$below/cgroup.subtree_control" ]; then
      for controller in $(cat "$below/cgroup.controllers"); do
        echo "+$controller" >"$below/cgroup.subtree_control"
      done
    fi
    mkdir -p "$below/$part"
    for file in cpuset.cpus cpuset.mems; do # empty in a new folder, and then nobody may enter it
      if [ -e "$below/$part/$file" ] && [ -z "$(cat "$below/$part/$file")" ]; then
        cat "$below/$file" >"$below/$part/$file"
      fi
    done
    below=$below/$part
  done
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
  local hierarchy
  for hierarchy in $(hierarchies); do "$1" "$hierarchy"; done
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
    ip route replace "$PODS" via "$ADDRESS" dev "$BRIDGE"
}

power_on() {
  [ -z "$node" ] || { answer="failed: it is on"; return; }
  for_each_hierarchy make_group
  plug_in || { answer="failed: it cannot be plugged in"; return; }
  # Ends with this shell, whatever ends this shell, and its child, which is the node's first process, ends with it.
  coproc NODE {
    exec setpriv --pdeathsig KILL nsenter --net=/run/netns/node \
      unshare --pid --mount --uts --ipc --fork --kill-child --mount-proc bash "$here/node.sh" 3>&-
  }
  node=$NODE_PID
  exec 4<&"${NODE[0]}" 5>&"${NODE[1]}"
  hear
}

hear() { # what the node answers
  IFS= read -r answer <&4 || answer="failed: the node has ended"
}

power_off() {
  answer=ok
  [ -n "$node" ] || return 0
  # The first process of its namespace: the kernel ends all the others, and its parent has seen that.
  kill -KILL $(cat "/proc/$node/task/$node/children" 2>/dev/null) 2>/dev/null
  exec 4<&- 5>&-
  wait "$node" 2>/dev/null
  node=
  ip link del "$LINK"
  ip netns del node
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
    *) forward "$command" ;;
  esac
  echo "$answer" >&3
done
power_off
