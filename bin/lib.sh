# Copyright 2026 The Curvine Authors
# SPDX-License-Identifier: Apache-2.0
#
# What bin/curvine, bin/curvine-admin and bin/test share: finding or installing a JDK and Maven, building, JVM flags. Sourced, not run.

# File names are bytes; without a UTF-8 locale Java cannot name a file with other letters than ASCII.
export LC_ALL=C.UTF-8

JDK_VERSION_MIN=17
MAVEN_VERSION_MIN=3.8

say() { printf 'curvine: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}

# --- packages of the system ---

# as_root COMMAND...: as root already, or by sudo; fails where neither can be.
as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    sudo "$@"
  else
    return 1
  fi
}

# install_one_of WHAT PACKAGE...: the first of the packages that this system has. Names for apt-get and dnf may be mixed.
install_one_of() {
  local what=$1 package
  shift
  if [ "${CURVINE_INSTALL:-auto}" = never ]; then
    die "$what is missing; install one of these packages: $*"
  fi
  say "$what is missing; installing it with the system's package manager"
  if command -v apt-get >/dev/null; then
    if [ -z "${APT_UPDATED:-}" ]; then
      as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update >&2 || say "apt-get update failed; going on with the old lists"
      APT_UPDATED=1
    fi
    for package in "$@"; do
      apt-cache show "$package" >/dev/null 2>&1 || continue
      as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$package" >&2 && return 0
    done
  elif command -v dnf >/dev/null; then
    for package in "$@"; do
      dnf -q info "$package" >/dev/null 2>&1 || continue
      as_root dnf -q install -y "$package" >&2 && return 0
    done
  fi
  die "cannot install $what (it takes root or sudo, and apt-get or dnf); install one of these packages yourself: $*"
}

# --- Java ---

# java_major DIR: major version of the JDK or JRE in that directory; nothing where there is none.
java_major() {
  [ -x "$1/bin/java" ] || return 0
  local version
  version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$1/release" 2>/dev/null)
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n '1s/[^"]*"\([^"]*\)".*/\1/p')
  version=${version%%[.+-]*}
  case $version in '' | *[!0-9]*) ;; *) echo "$version" ;; esac
}

# java_homes: candidates, best first.
java_homes() {
  local java
  [ -z "${JAVA_HOME:-}" ] || echo "$JAVA_HOME"
  java=$(command -v java || true)
  [ -z "$java" ] || dirname "$(dirname "$(readlink -f "$java")")"
  for java in /usr/lib/jvm/*/bin/java /opt/java/*/bin/java; do
    [ ! -x "$java" ] || dirname "$(dirname "$java")"
  done
}

# find_java TOOL: sets JAVA_HOME and JAVA_MAJOR to a Java of version 17 or newer that has bin/TOOL (java or javac).
find_java() {
  local home major
  while IFS= read -r home; do
    [ -x "$home/bin/$1" ] || continue
    major=$(java_major "$home")
    if [ -n "$major" ] && [ "$major" -ge "$JDK_VERSION_MIN" ]; then
      export JAVA_HOME=$home
      JAVA_MAJOR=$major
      return 0
    fi
  done <<<"$(java_homes)" # not <(...): the exec'd JVM would keep that child as a zombie
  return 1
}

need_java() {
  find_java "$1" && return 0
  install_one_of "a JDK of version $JDK_VERSION_MIN or newer" \
    openjdk-17-jdk-headless openjdk-21-jdk-headless default-jdk-headless \
    java-17-openjdk-devel java-21-openjdk-devel java-latest-openjdk-devel
  find_java "$1" || die "the package was installed, but no JDK of version $JDK_VERSION_MIN or newer is found; set JAVA_HOME"
}

need_maven() {
  command -v mvn >/dev/null || install_one_of "Maven $MAVEN_VERSION_MIN or newer" maven
  local version oldest
  version=$(mvn -version 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g' | sed -n 's/^Apache Maven \([0-9.]*\).*/\1/p')
  oldest=$(printf '%s\n%s\n' "$MAVEN_VERSION_MIN" "$version" | sort -V | head -n 1)
  [ "$oldest" = "$MAVEN_VERSION_MIN" ] || die "Maven is version '$version'; needed: $MAVEN_VERSION_MIN or newer"
}

# maven ARGS: Maven of the checkout. A fork of it inherits what the caller set in MAVEN_ARGS and MAVEN_OPTS (Maven reads
# MAVEN_ARGS itself only from 3.9 on).
maven() {
  local own=()
  if [ -n "${MAVEN_ARGS:-}" ]; then read -ra own <<<"$MAVEN_ARGS"; fi
  (cd "$CURVINE_HOME" && MAVEN_ARGS='' exec mvn "${own[@]}" "$@")
}

# --- what was built ---

STAMP=$CURVINE_HOME/cli/target/.built

# stale: true where something was not built since it changed.
stale() {
  [ -e "$STAMP" ] && compgen -G "$CURVINE_HOME/cli/target/curvine-cli-*.jar" >/dev/null || return 0
  [ -n "$(cd "$CURVINE_HOME" && find pom.xml ./*/pom.xml ./*/src/main -newer "$STAMP" -print -quit 2>/dev/null)" ]
}

# built: notes that all sources up to now are in the jars. The stamp is made before the build, moved into place after.
stamp_begin() {
  STAMP_NEW=$(mktemp)
}
stamp_end() {
  mkdir -p "${STAMP%/*}" && mv -f "$STAMP_NEW" "$STAMP"
}

# build_if_stale: one build at a time in a checkout; the others wait and find it done.
build_if_stale() {
  [ -f "$CURVINE_HOME/pom.xml" ] || return 0 # a package, not a checkout
  stale || return 0
  mkdir -p "$CURVINE_HOME/target"
  if command -v flock >/dev/null; then
    exec 9>"$CURVINE_HOME/target/build.lock"
    flock 9
    stale || { exec 9>&-; return 0; }
  fi
  need_java javac
  need_maven
  say "building (the first time takes some minutes, and loads libraries)"
  stamp_begin
  maven -q -B -T 1C -Dmaven.test.skip=true -pl cli -am package >&2 9>&- || die "the build failed; what Maven says is above"
  stamp_end
  record_class_data
  if command -v flock >/dev/null; then exec 9>&-; fi
}

class_path() {
  local jars
  jars=("$CURVINE_HOME"/cli/target/curvine-cli-*.jar)
  [ -e "${jars[0]}" ] || die "not built: $CURVINE_HOME/cli/target has no curvine-cli jar; run bin/curvine without CURVINE_BUILD=never"
  echo "${jars[0]}:$CURVINE_HOME/cli/target/lib/*"
}

# --- class data ---

# What a start would load and verify, ready to be mapped: a master starts in three quarters of the time. It holds for the very
# jars and the Java that it was recorded with; the JVM ignores any other.
CLASS_DATA=$CURVINE_HOME/cli/target/curvine.jsa

# record_class_data: from a cluster that starts and stops. Where that fails, starts are slower and nothing else.
record_class_data() {
  local directory class_path line
  need_java java
  class_path=$(class_path)
  directory=$(mktemp -d)
  mkdir "$directory/ufs"
  rm -f "$CLASS_DATA"
  java_flags in-process
  coproc RECORDING {
    exec "$JAVA_HOME/bin/java" "${FLAGS[@]}" "-XX:ArchiveClassesAtExit=$CLASS_DATA.new" -cp "$class_path" \
      io.curvine.cli.Curvine local --in-process --base-port $((20000 + RANDOM % 9000)) \
      --data-dir "$directory/data" --ufs "$directory/ufs" 2>&1 9>&-
  }
  local pid=$RECORDING_PID from=${RECORDING[0]}
  while IFS= read -r -t 120 line <&"$from"; do
    case $line in *' is ready'*) kill "$pid" ;; esac
  done
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  if [ -s "$CLASS_DATA.new" ]; then mv -f "$CLASS_DATA.new" "$CLASS_DATA"; else say "no class data was recorded; starts take longer"; fi
  rm -rf "$directory"
}

# --- JVM flags ---

# java_flags ROLE: sets FLAGS. The same as test.jvm.args in pom.xml, plus a heap for the role. CURVINE_JAVA_OPTS comes last
# and wins.
java_flags() {
  FLAGS=(
    -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -Xshare:auto -XX:-UsePerfData
    -Dio.netty.tryReflectionSetAccessible=true
    --add-opens=java.base/java.nio=ALL-UNNAMED
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
    --add-opens=java.base/jdk.internal.misc=ALL-UNNAMED
    # Reads into page-aligned buffers ran three times as fast as into others.
    -Dsun.nio.PageAlignDirectMemory=true -Dio.netty.allocator.directMemoryCacheAlignment=64
    "-Dcurvine.home=$CURVINE_HOME" "-Dcurvine.launcher=$CURVINE_HOME/bin/curvine"
  )
  if [ -e "$CLASS_DATA" ]; then FLAGS+=("-XX:SharedArchiveFile=$CLASS_DATA" '-Xlog:cds*=off'); fi
  if [ "$JAVA_MAJOR" -ge 22 ]; then FLAGS+=(--enable-native-access=ALL-UNNAMED); fi
  if [ "$JAVA_MAJOR" -ge 23 ]; then FLAGS+=(--sun-misc-unsafe-memory-access=allow); fi
  case $1 in
    master) FLAGS+=(-Xms320m -Xmx512m -Xmn96m -XX:MaxDirectMemorySize=256m) ;;
    worker) FLAGS+=(-Xms192m -Xmx1g -Xmn128m -XX:MaxDirectMemorySize=768m) ;;
    fuse) FLAGS+=(-Xms64m -Xmx512m -XX:MaxDirectMemorySize=768m) ;;
    in-process) FLAGS+=(-Xms128m -Xmx1536m -XX:MaxDirectMemorySize=1g) ;;
    bench) FLAGS+=(-Xms384m -Xmx768m -Xmn256m -XX:MaxDirectMemorySize=256m) ;;
    tool) FLAGS+=(-Xms384m -Xmx1g -Xmn256m -XX:MaxDirectMemorySize=512m) ;;
    local) FLAGS+=(-Xmx128m -XX:TieredStopAtLevel=1) ;;
    *) FLAGS+=(-Xmx512m -XX:MaxDirectMemorySize=512m -XX:TieredStopAtLevel=1) ;;
  esac
  if [ -n "${CURVINE_JAVA_OPTS:-}" ]; then
    local own
    read -ra own <<<"$CURVINE_JAVA_OPTS"
    FLAGS+=("${own[@]}")
  fi
}

# build_for_running: what a launcher does before it knows what to run.
build_for_running() {
  [ "${CURVINE_BUILD:-auto}" = never ] || build_if_stale
  need_java java
}

# run_program CLASS ROLE ARGS...: becomes the JVM with the flags of the role.
run_program() {
  local main=$1 role=$2 class_path
  shift 2
  [ -n "${JAVA_MAJOR:-}" ] || build_for_running
  class_path=$(class_path)
  java_flags "$role"
  exec "$JAVA_HOME/bin/java" "${FLAGS[@]}" -cp "$class_path" "$main" "$@"
}

# --- FUSE ---

# need_fuse: the device of the kernel. Without it a mount fails in a way that tells nobody what to do.
need_fuse() {
  [ -e /dev/fuse ] && return 0
  if command -v modprobe >/dev/null; then as_root modprobe fuse 2>/dev/null || true; fi
  [ -e /dev/fuse ] && return 0
  die "there is no /dev/fuse: load the kernel module 'fuse' (modprobe fuse), or start the container with --device /dev/fuse and CAP_SYS_ADMIN"
}
