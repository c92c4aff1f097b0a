/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What a cluster has to bear. */
enum Disturbance {
  /** All masters take one at the same time, as they do by themselves. */
  SNAPSHOT("a snapshot of every master"),
  /** One master after the other. */
  COMPACTION("a compaction of every master's state"),
  /** It stays away. */
  FOLLOWER_DEAD("a follower is dead"),
  /** It starts, and catches up from the log. */
  FOLLOWER_BACK("it comes back"),
  /** It starts with nothing. */
  TRANSFER("a wiped follower gets a snapshot");

  private final String text;

  Disturbance(String text) {
    this.text = text;
  }

  /** For people. */
  String text() {
    return text;
  }

  /** As it is typed. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * By its word.
   *
   * @throws IllegalArgumentException where there is none
   */
  static Disturbance parse(String word) {
    return Arrays.stream(values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("'" + word + "'; allowed: " + words()));
  }

  static List<String> words() {
    return Arrays.stream(values()).map(Disturbance::word).toList();
  }
}
