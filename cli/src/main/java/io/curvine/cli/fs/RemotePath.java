/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.EntryRef;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A path in the namespace as a person types it, without doubled and trailing slashes. Immutable.
 *
 * @param text absolute
 */
public record RemotePath(String text) {
  static final RemotePath ROOT = new RemotePath("/");

  /**
   * Reads one.
   *
   * @throws CliException where it is not absolute
   */
  public static RemotePath parse(String text) throws CliException {
    if (!text.startsWith("/")) {
      throw new CliException(
          "path '" + text + "' is not absolute; allowed: a path that begins with '/'");
    }
    return new RemotePath(
        Arrays.stream(text.split("/"))
            .filter(part -> !part.isEmpty() && !part.equals("."))
            .collect(Collectors.joining("/", "/", "")));
  }

  /** As the masters are asked for it. */
  public EntryRef ref() {
    return Refs.path(text);
  }

  boolean isRoot() {
    return text.equals("/");
  }

  /** The last component; empty for the root. */
  String name() {
    return text.substring(text.lastIndexOf('/') + 1);
  }

  RemotePath child(String name) {
    return new RemotePath(isRoot() ? "/" + name : text + "/" + name);
  }

  @Override
  public String toString() {
    return text;
  }
}
