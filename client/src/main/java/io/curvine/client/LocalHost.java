/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.proto.Principal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** This machine and this process, as the masters are told of them. */
final class LocalHost {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path STATUS = Path.of("/proc/self/status");

  private LocalHost() {}

  /** The configured name, or that of the machine. */
  static String name(ClientConfig config) {
    if (!config.clientHost().isEmpty()) {
      return config.clientHost();
    }
    try {
      return Files.readString(HOST_NAME).trim();
    } catch (IOException e) {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException unknown) {
        return "localhost";
      }
    }
  }

  /** The user that this process runs as; uid and gid 0 where the system does not tell. */
  static Principal principal(String host) {
    Principal.Builder principal =
        Principal.newBuilder().setUser(System.getProperty("user.name", "")).setHost(host);
    try {
      for (String line : Files.readAllLines(STATUS)) {
        String[] words = line.split("\\s+");
        switch (words[0]) {
          case "Uid:" -> principal.setUid(Integer.parseUnsignedInt(words[2]));
          case "Gid:" -> principal.setGid(Integer.parseUnsignedInt(words[2]));
          case "Groups:" ->
              List.of(words)
                  .subList(1, words.length)
                  .forEach(id -> principal.addGroups(Integer.parseUnsignedInt(id)));
          default -> {
            continue;
          }
        }
      }
    } catch (IOException e) {
      ownerOfHome(principal);
    }
    return principal.build();
  }

  private static void ownerOfHome(Principal.Builder principal) {
    Path home = Path.of(System.getProperty("user.home", "/"));
    try {
      principal
          .setUid((Integer) Files.getAttribute(home, "unix:uid"))
          .setGid((Integer) Files.getAttribute(home, "unix:gid"));
    } catch (IOException | UnsupportedOperationException e) {
      principal.setUid(0).setGid(0);
    }
  }
}
