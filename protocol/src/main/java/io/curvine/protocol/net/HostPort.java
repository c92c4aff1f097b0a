/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.net;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A host and a TCP port, written {@code host:port}; an IPv6 address is written in brackets. */
public record HostPort(String host, int port) {
  public HostPort {
    if (host.isBlank() || port < 0 || port > 65_535) {
      throw new IllegalArgumentException(
          "address '" + host + ":" + port + "' is not host:port with a port of 0..65535");
    }
  }

  /**
   * Reads one {@code host:port}.
   *
   * @throws IllegalArgumentException saying what was wrong with the text
   */
  public static HostPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0 || colon == text.length() - 1) {
      throw new IllegalArgumentException("address '" + text + "' is not host:port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      return new HostPort(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "address '" + text + "' is not host:port; the port is not a number", e);
    }
  }

  /** Reads a comma-separated list of at least one address. */
  public static List<HostPort> parseList(String text) {
    List<HostPort> addresses = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      addresses.add(parse(part.trim()));
    }
    return List.copyOf(addresses);
  }

  /** Resolved now; the name is looked up again at each call. */
  public InetSocketAddress resolve() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
