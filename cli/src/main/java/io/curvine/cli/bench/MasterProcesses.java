/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.command.MasterProbe;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Pong;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The masters that run on this machine, by process id. Stateless. */
final class MasterProcesses {
  private MasterProcesses() {}

  /**
   * One of them.
   *
   * @param role as it says itself: leader, follower
   */
  record MasterProcess(String id, String role) {
    static MasterProcess of(Pong pong) {
      return new MasterProcess(pong.getNodeId(), pong.getRole().toLowerCase(Locale.ROOT));
    }

    boolean leads() {
      return role.equals("leader");
    }
  }

  /** Asks now; those that do not answer, or are on other machines, are left out. */
  static Map<Long, MasterProcess> find(List<HostPort> masters) {
    Map<Long, MasterProcess> found = new LinkedHashMap<>();
    for (Map.Entry<HostPort, Optional<Pong>> each : MasterProbe.ask(masters).entrySet()) {
      if (each.getValue().isPresent() && isHere(each.getKey())) {
        Pong pong = each.getValue().get();
        found.put(pong.getPid(), MasterProcess.of(pong));
      }
    }
    return found;
  }

  private static boolean isHere(HostPort master) {
    InetAddress address = master.resolve().getAddress();
    if (address == null) {
      return false;
    }
    try {
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false; // whatever it is, it cannot be looked at from here
    }
  }
}
