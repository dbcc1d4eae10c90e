# Removes what the real nodes of one run leave in the kernel: the bridge, which is known by its hardware address, with
# what is plugged into it, and the control groups. Finding nothing is fine, and so is a second one at the same time.
#   $1  the run's identity, eight hexadecimal digits
remove_remnants() {
  address=02:52:$(echo "$1" | sed 's/../&:/g; s/:$//')
  tries=100 # a group can be removed when its last process has been collected
  while [ $tries -gt 0 ]; do
    tries=$((tries - 1))
    left=
    for link in /sys/class/net/rfl*; do
      [ "$(cat "$link/address" 2>/dev/null)" = "$address" ] && [ -d "$link/brif" ] || continue
      left=yes
      for port in "$link"/brif/*; do
        [ ! -e "$port" ] || ip link del "${port##*/}"
      done
      ip link del "${link##*/}"
    done
    for group in /sys/fs/cgroup/refloat-lab-"$1" /sys/fs/cgroup/*/refloat-lab-"$1"; do
      [ -d "$group" ] || continue
      left=yes
      find "$group" -depth -type d -exec rmdir {} \;
    done
    [ -n "$left" ] || return 0
    sleep 0.1
  done
  return 1
}
