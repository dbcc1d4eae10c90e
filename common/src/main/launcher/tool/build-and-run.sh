#!/bin/sh
# Runs the program of a module for a person, and builds what is missing first. build-and-run.sh MODULE WORD...
set -eu

root=$(CDPATH='' cd "$(dirname "$0")/../../../../.." && pwd)
module=$1
shift
program=$root/$module/target/refloat-$module/bin/refloat-$module

if [ ! -x "$program" ] || [ -n "$(cd "$root" && find pom.xml ./*/pom.xml ./*/src/main lab/control-plane -newer "$program" -print | head -n 1)" ]; then
  if ! command -v mvn >/dev/null; then
    echo "$module: needs Maven to build itself, and there is no mvn on the PATH" >&2
    exit 2
  fi
  echo "$module: building itself with Maven, about a minute (some more the first time)" >&2
  log=$(mktemp)
  if ! (cd "$root" && mvn -q -B -pl "$module" -am -DskipTests package) >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
  touch "$program"
fi

exec "$program" "$@"
