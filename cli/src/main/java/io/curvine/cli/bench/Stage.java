/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A kind of call that is measured. */
enum Stage {
  /** A command that changes nothing and goes through Raft: the ceiling. */
  ECHO(false),
  /** Append and fdatasync of one thread on the masters' disk, without a master. */
  FSYNC(false),
  CREATE(false),
  STAT(true),
  /** Look-up and block locations. */
  OPEN(true),
  RENAME(true),
  DELETE(true),
  /** One page of a listing. */
  LIST(false),
  MKDIR(false);

  private final boolean needsFiles;

  Stage(boolean needsFiles) {
    this.needsFiles = needsFiles;
  }

  /** A call can hold many. */
  boolean inBatches() {
    return switch (this) {
      case CREATE, STAT, RENAME, DELETE, MKDIR -> true;
      case ECHO, FSYNC, OPEN, LIST -> false;
    };
  }

  /** It is done to files that exist. */
  boolean needsFiles() {
    return needsFiles;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a word.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  static Stage parse(String word) {
    return Stream.of(values())
        .filter(stage -> stage.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "stage '"
                        + word
                        + "' is not known; allowed: "
                        + Stream.of(values()).map(Stage::word).collect(Collectors.joining(", "))));
  }
}
