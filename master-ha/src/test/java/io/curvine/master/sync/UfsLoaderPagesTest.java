/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.ufs.UfsStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UfsLoaderPagesTest {
  private static UfsStatus status(String name) {
    return new UfsStatus(name, UfsStatus.Kind.FILE, "v", 3, 5, -1, -1, -1, "");
  }

  @Test
  void coversAllNamesInPagesWithoutGap() {
    List<UfsEntry> entries = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      entries.add(
          UfsEntry.newBuilder().setName(ByteString.copyFromUtf8("n%05d".formatted(i))).build());
    }
    List<ReconcileDirectory> pages = UfsLoader.pages(9, entries);
    assertThat(pages).hasSize(3);
    assertThat(pages)
        .extracting(ReconcileDirectory::getComplete)
        .containsExactly(false, false, true);
    assertThat(pages.get(0).getAfter()).isEqualTo(ByteString.EMPTY);
    assertThat(pages.get(1).getAfter()).isEqualTo(pages.get(0).getUpTo());
    assertThat(pages.get(2).getAfter()).isEqualTo(pages.get(1).getUpTo());
    assertThat(pages.get(2).getUpTo()).isEqualTo(ByteString.EMPTY);
    assertThat(pages.stream().flatMap(page -> page.getEntriesList().stream())).isEqualTo(entries);
  }

  @Test
  void anEmptyDirectoryIsOneCompletePage() {
    assertThat(UfsLoader.pages(9, List.of()))
        .containsExactly(ReconcileDirectory.newBuilder().setDirectory(9).setComplete(true).build());
  }

  @Test
  void sortsByUnsignedBytesAndPassesOverNamesThatCannotBe() {
    List<UfsEntry> entries = new ArrayList<>();
    for (String name : List.of("é", "z", "", ".", "..", "a/b", "a\0b", "x".repeat(256), "Z")) {
      UfsEntries.of(status(name)).ifPresent(entries::add);
    }
    entries.sort(UfsEntries.BY_NAME);
    assertThat(entries).extracting(e -> e.getName().toStringUtf8()).containsExactly("Z", "z", "é");
    assertThat(entries.get(0).getType()).isEqualTo(InodeType.FILE);
    assertThat(entries.get(0).getMode()).isZero();
    assertThat(entries.get(0).getUfs().getLengthBytes()).isEqualTo(3);
  }
}
