#!/bin/sh
# Runs ${project.artifactId} ${project.version}: finds a Java ${java.release}, applies the measured flags, becomes java (so that signals reach it).
set -eu

say() {
  echo "${project.artifactId}: $*" >&2
}

self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
home=$(CDPATH='' cd "$(dirname "$self")/.." && pwd -P)

if [ ! -d "$home/lib" ]; then
  say "there is no folder $home/lib; keep bin and lib together as the build leaves them."
  exit 2
fi
case $home in
  *:*)
    say "java takes the ':' in $home for the end of a folder's name; move it to a folder without one."
    exit 2
    ;;
esac

# Asked for its version, java may first talk about JAVA_TOOL_OPTIONS: any line counts.
is_right() {
  [ -x "$1" ] && "$1" -version 2>&1 | grep -q 'version "${java.release}[".+-]'
}

java=
if [ -n "${REFLOAT_JAVA_HOME:-}" ]; then
  # Somebody wants this one: another one instead would be a surprise.
  if ! is_right "$REFLOAT_JAVA_HOME/bin/java"; then
    say "REFLOAT_JAVA_HOME is '$REFLOAT_JAVA_HOME', but $REFLOAT_JAVA_HOME/bin/java is no Java ${java.release}; correct it, or unset it to have one searched for."
    exit 2
  fi
  java=$REFLOAT_JAVA_HOME/bin/java
else
  # JAVA_HOME often names an older Java on purpose, so it is passed over without a word.
  for folder in "${JAVA_HOME:-}" /opt/java /opt/java/openjdk /usr/lib/jvm/*${java.release}* /opt/*${java.release}* \
    "${HOME:-/nonexistent}"/.sdkman/candidates/java/${java.release}* "${HOME:-/nonexistent}"/.jdks/*${java.release}* \
    /Library/Java/JavaVirtualMachines/*${java.release}*/Contents/Home; do
    if [ -n "$folder" ] && is_right "$folder/bin/java"; then
      java=$folder/bin/java
      break
    fi
  done
  if [ -z "$java" ] && found=$(command -v java) && is_right "$found"; then
    java=$found
  fi
fi
if [ -z "$java" ]; then
  say "needs a Java ${java.release} and found none: not in JAVA_HOME ('${JAVA_HOME:-}'), /opt, /usr/lib/jvm, ~/.sdkman, ~/.jdks or PATH. Install a JDK ${java.release}, or set REFLOAT_JAVA_HOME to the folder of one."
  exit 2
fi

# As lib/java.options: measured for a container of 128Mi (docs/decisions/0003-jvm-flags.md).
MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
export MALLOC_ARENA_MAX
set -- ${main.class} "$@"
cache=$home/lib/${project.artifactId}.aot # made by bin/rehearse
if [ -f "$cache" ]; then
  set -- "-XX:AOTCache=$cache" "$@"
fi
exec "$java" "@$home/lib/java.options" -cp "$home/lib/*" "$@"
