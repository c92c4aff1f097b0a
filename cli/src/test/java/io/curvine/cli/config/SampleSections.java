/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Sections with a key of each type, one of them below another. */
final class SampleSections {
  static final List<Section> ALL =
      List.of(
          new Section("store", "Where things are kept.", Store.class),
          new Section("net", "Who is talked to.", Net.class),
          new Section("net.out", "Who is told.", Out.class));

  private SampleSections() {}

  enum Policy {
    LRU,
    TINY_LFU
  }

  record Store(
      @Setting(value = "data/store", doc = "A directory.") Path dataDir,
      @Setting(value = "64MiB", bytes = true, doc = "A size.") long blockSizeBytes,
      @Setting(value = "tiny-lfu", doc = "A choice.") Policy policy,
      @Setting(value = "0.5", doc = "A fraction, 0 to 1.") double fraction,
      @Setting(value = "true", doc = "A switch.") boolean sync) {
    Store {
      if (fraction < 0 || fraction > 1) {
        throw new IllegalArgumentException("fraction is " + fraction + "; allowed: 0 to 1");
      }
      if (blockSizeBytes > 1 << 30) {
        throw new IllegalArgumentException(
            "block_size_bytes is " + blockSizeBytes + "; allowed: up to 1GiB");
      }
    }
  }

  record Net(
      @Setting(value = "127.0.0.1:1,127.0.0.1:2", doc = "Addresses | or names.")
          List<HostPort> peers,
      @Setting(value = "30s", doc = "A time.") Duration requestTimeout,
      @Setting(value = "4", doc = "A number.") int threads,
      @Setting(value = "", doc = "A name; empty: none.") String name) {}

  record Out(@Setting(value = "8", doc = "A number.") int queue) {}

  record Needy(@Setting(value = "", doc = "An address.") HostPort address) {}
}
