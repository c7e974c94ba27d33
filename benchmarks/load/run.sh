#!/bin/sh
# Compares Sluice with nginx, HAProxy and a bare Netty forwarder; --help tells how. Takes root, two cores and Linux.
#
# It runs in a network of its own: no port is taken there, and the congestion control can be one that does not pace
# loopback, as bbr does.
set -eu
cd "$(dirname "$0")/../.."
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jar=benchmarks/target/benchmarks.jar
[ -f "$jar" ] || { echo "$jar is missing: mvn -q -DskipTests -pl benchmarks -am package" >&2; exit 2; }
exec unshare --net sh -euc '
  ip link set lo up
  sysctl -q -w net.ipv4.tcp_congestion_control=reno net.ipv4.ip_local_port_range="20000 65000" net.ipv4.tcp_tw_reuse=1
  ulimit -n "$(ulimit -Hn)"
  PATH=$PATH:/usr/sbin
  exec taskset -c 1 "$@"
' sh "$java" -cp "$jar" dev.sluice.benchmarks.load.LoadHarness "$@"
