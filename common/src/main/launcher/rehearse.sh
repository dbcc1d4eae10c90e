#!/bin/sh
# Starts ${project.artifactId} once where no API server answers, and keeps what java has loaded and linked until then: with this
# lib/${project.artifactId}.aot every further start takes half the time. It fits the java and the jars that it was made with, no others
# (docs/decisions/0007-starts-are-rehearsed.md).
set -eu

home=$(CDPATH='' cd "$(dirname "$0")/.." && pwd -P)
cache=$home/lib/${project.artifactId}.aot
work=$(mktemp -d)
pid=
end() {
  [ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null || :
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

cat >"$work/kubeconfig" <<'NOBODY'
apiVersion: v1
kind: Config
clusters: [{name: nobody, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: nobody, user: {token: nobody}}]
contexts: [{name: nobody, context: {cluster: nobody, user: nobody}}]
current-context: nobody
NOBODY

# What a person has set for their own runs is not for this one.
for variable in $(env | sed -nE 's/^(REFLOAT_[A-Z_]*|DRY_RUN|WATCHED_NAMESPACES|LOG_LEVEL|LOG_FORMAT|POD_NAMESPACE)=.*/\1/p'); do
  [ "$variable" = REFLOAT_JAVA_HOME ] || unset "$variable"
done

rm -f "$cache"
: >"$work/log"
KUBECONFIG=$work/kubeconfig REFLOAT_HTTP_ADDRESS=127.0.0.1:0 REFLOAT_WEBHOOK_ADDRESS=127.0.0.1:0 \
  JAVA_TOOL_OPTIONS="-XX:AOTCacheOutput=$work/cache" "$home/bin/${project.artifactId}" >"$work/log" 2>&1 &
pid=$!
seconds=0
until grep -q 'trying again' "$work/log"; do
  if [ "$seconds" -ge 60 ] || ! kill -0 "$pid" 2>/dev/null; then
    echo "${project.artifactId}: the rehearsal of a start has failed; expected that it says 'trying again' within 60 s, it said:" >&2
    cat "$work/log" >&2
    exit 1
  fi
  sleep 1
  seconds=$((seconds + 1))
done
kill -TERM "$pid"
wait "$pid" || {
  echo "${project.artifactId}: the rehearsal of a start has ended with $?; it said:" >&2
  cat "$work/log" >&2
  exit 1
}
pid=
if [ ! -f "$work/cache" ]; then
  echo "${project.artifactId}: java has made no cache; it said:" >&2
  cat "$work/log" >&2
  exit 1
fi
mv "$work/cache" "$cache"
