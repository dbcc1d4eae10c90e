# Can a control group be made that has what the kubelet needs? Makes one in each hierarchy, and removes it.
#   $1  its name
status=0
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
  for controller in cpu cpuset memory pids; do
    grep -qw "$controller" /sys/fs/cgroup/cgroup.subtree_control ||
      echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control || status=1
  done
  hierarchies=/sys/fs/cgroup
else
  hierarchies=$(find /sys/fs/cgroup -mindepth 1 -maxdepth 1 -type d)
  [ -n "$hierarchies" ] || { echo "there are none in /sys/fs/cgroup"; status=1; }
fi
for hierarchy in $hierarchies; do
  mkdir "$hierarchy/$1-$$" && rmdir "$hierarchy/$1-$$" || status=1
done
exit "$status"
