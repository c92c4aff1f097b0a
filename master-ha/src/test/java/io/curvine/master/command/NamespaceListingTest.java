/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.master.query.NamespaceListing;
import io.curvine.master.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NamespaceListingTest {
  @TempDir private Path directory;

  private static List<String> rest(NamespaceListing listing, int limit) {
    List<String> paths = new ArrayList<>();
    for (var step = listing.next(limit); !step.isEmpty(); step = listing.next(limit)) {
      assertThat(step).hasSizeLessThanOrEqualTo(limit);
      step.forEach(entry -> paths.add(entry.path().toStringUtf8()));
    }
    return paths;
  }

  @Test
  void hasTheNamesOfItsOffsetWhateverChangesMeanwhile() throws IOException {
    try (Core core = new Core(directory)) {
      core.accepted(Ask.mkdirs("/a/b/c"));
      core.accepted(Ask.create("/a/b/f"));
      core.accepted(Ask.create("/a/z"));
      core.accepted(Ask.mkdir("/b"));
      core.accepted(Ask.link("/a/z", "/link"));
      for (int limit : new int[] {1, 2, 3, 100}) {
        try (NamespaceListing listing = NamespaceListing.of(core.store())) {
          assertThat(listing.offset()).isEqualTo(core.applier().nextOffset());
          List<String> paths = new ArrayList<>();
          listing.next(1).forEach(entry -> paths.add(entry.path().toStringUtf8()));
          core.accepted(Ask.create("/a/new" + limit));
          paths.addAll(rest(listing, limit));
          core.accepted(Ask.unlink("/a/new" + limit));
          assertThat(paths)
              .containsExactly("/", "/a", "/a/b", "/a/b/c", "/a/b/f", "/a/z", "/b", "/link");
        }
      }
    }
  }

  @Test
  void aStoreThatClosesEndsIt() throws IOException {
    Core core = new Core(directory);
    core.accepted(Ask.mkdir("/a"));
    NamespaceListing listing = NamespaceListing.of(core.store());
    assertThat(listing.next(1)).hasSize(1);
    core.close();
    assertThatThrownBy(() -> listing.next(1)).isInstanceOf(StoreException.class);
    listing.close();
  }

  @Test
  void isNotReadAfterItWasGivenBack() throws IOException {
    try (Core core = new Core(directory)) {
      NamespaceListing listing = NamespaceListing.of(core.store());
      listing.close();
      assertThatThrownBy(() -> listing.next(1)).isInstanceOf(IllegalStateException.class);
    }
  }
}
