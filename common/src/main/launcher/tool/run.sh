#!/bin/sh
# Runs ${project.artifactId} ${project.version}: finds a JDK ${java.release}, becomes java (so that signals reach it).
set -eu

self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
home=$(cd "$(dirname "$self")/.." && pwd)

# Asked for its version, java may first talk about JAVA_TOOL_OPTIONS: any line counts.
runs_this() { # the java to try: is it there, and is it a ${java.release}?
  [ -x "$1" ] && "$1" -version 2>&1 | grep -q 'version "${java.release}[".+-]'
}

java=
for folder in "${REFLOAT_JAVA_HOME:-}" "${JAVA_HOME:-}" /opt/java /opt/java/openjdk /usr/lib/jvm/*${java.release}* /opt/jdk*${java.release}* "${HOME:-/nonexistent}"/.sdkman/candidates/java/${java.release}*; do
  if [ -n "$folder" ] && runs_this "$folder/bin/java"; then
    java=$folder/bin/java
    break
  fi
done
if [ -z "$java" ] && found=$(command -v java) && runs_this "$found"; then
  java=$found
fi
if [ -z "$java" ]; then
  echo "${project.artifactId}: needs a JDK ${java.release}; none in REFLOAT_JAVA_HOME ('${REFLOAT_JAVA_HOME:-}'), JAVA_HOME ('${JAVA_HOME:-}'), the usual folders or PATH. Install one, or set REFLOAT_JAVA_HOME to its folder." >&2
  exit 2
fi

exec "$java" \
  -XX:+UseSerialGC -Xmx256m -XX:TieredStopAtLevel=1 -XX:+UseCompactObjectHeaders -Djava.awt.headless=true -Dlogback.configurationFile=dev/refloat/lab/logback.xml \
  -cp "$home/lib/*" ${main.class} "$@"
