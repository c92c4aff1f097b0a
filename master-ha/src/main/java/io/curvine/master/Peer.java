/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.protocol.net.HostPort;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One master of the cluster and where it listens. Immutable.
 *
 * @param id its name, unique in the cluster
 * @param host where the others reach it
 * @param raftPort between masters
 * @param rpcPort for clients, workers and snapshots
 * @param feedPort for Kafka consumers
 * @param httpPort of metrics and health, served by the launcher; 0: none
 */
public record Peer(String id, String host, int raftPort, int rpcPort, int feedPort, int httpPort) {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");
  private static final String FORM = "id=host:raft-port:rpc-port:feed-port:http-port";

  public Peer {
    require(ID.matcher(id).matches(), id, "an id of 1 to 32 letters, digits, '_', '.', '-'");
    require(!host.isBlank(), id, "a host");
    for (int port : new int[] {raftPort, rpcPort, feedPort}) {
      require(port > 0 && port <= 65_535, id + "=..:" + port, "ports of 1 to 65535");
    }
    require(httpPort >= 0 && httpPort <= 65_535, id + "=..:" + httpPort, "0 (none) to 65535");
  }

  /**
   * Reads {@code m1=127.0.0.1:9095:8995:9195:9295}.
   *
   * @throws IllegalArgumentException saying what was wrong, without the key that it is the value
   *     of, and what is allowed
   */
  public static Peer parse(String text) {
    int equals = text.indexOf('=');
    require(equals > 0, text, FORM);
    String rest = text.substring(equals + 1).trim();
    String host;
    String ports;
    int bracket = rest.startsWith("[") ? rest.indexOf(']') : -1;
    if (bracket > 0) {
      host = rest.substring(1, bracket);
      ports = rest.substring(bracket + 1);
      require(ports.startsWith(":"), text, FORM);
      ports = ports.substring(1);
    } else {
      int colon = rest.indexOf(':');
      require(colon > 0, text, FORM);
      host = rest.substring(0, colon);
      ports = rest.substring(colon + 1);
    }
    String[] numbers = ports.split(":", -1);
    require(numbers.length == 4, text, FORM);
    try {
      return new Peer(
          text.substring(0, equals).trim(),
          host,
          Integer.parseInt(numbers[0]),
          Integer.parseInt(numbers[1]),
          Integer.parseInt(numbers[2]),
          Integer.parseInt(numbers[3]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(text + "; allowed: " + FORM, e);
    }
  }

  /**
   * All that {@code cluster_peers} names, in the order given; ids and addresses are each used once.
   */
  static List<Peer> parseAll(List<String> texts) {
    try {
      return parseDistinct(texts);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("cluster_peers is " + e.getMessage(), e);
    }
  }

  private static List<Peer> parseDistinct(List<String> texts) {
    Map<String, Peer> byId = new LinkedHashMap<>();
    List<HostPort> used = new ArrayList<>();
    for (String text : texts) {
      Peer peer = parse(text);
      require(byId.put(peer.id(), peer) == null, text, "each id once");
      for (HostPort address : peer.addresses()) {
        require(!used.contains(address), text, "each address once, and not " + address + " again");
        used.add(address);
      }
    }
    return List.copyOf(byId.values());
  }

  public HostPort raft() {
    return new HostPort(host, raftPort);
  }

  public HostPort rpc() {
    return new HostPort(host, rpcPort);
  }

  public HostPort feed() {
    return new HostPort(host, feedPort);
  }

  public HostPort http() {
    return new HostPort(host, httpPort);
  }

  /** All that it listens on. */
  public List<HostPort> addresses() {
    return Stream.of(raft(), rpc(), feed(), http()).filter(address -> address.port() != 0).toList();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String shownHost = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return id + "=" + shownHost + ":" + raftPort + ":" + rpcPort + ":" + feedPort + ":" + httpPort;
  }

  private static void require(boolean right, String value, String allowed) {
    if (!right) {
      throw new IllegalArgumentException(value + "; allowed: " + allowed);
    }
  }
}
