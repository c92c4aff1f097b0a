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
import io.curvine.ufs.UfsCapabilities;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStream;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PagedListingTest {
  private static UfsStatus status(String name) {
    return new UfsStatus(name, UfsStatus.Kind.FILE, "v", 3, 5, -1, -1, -1, "", List.of());
  }

  private static List<ReconcileDirectory> pages(List<UfsEntry> entries) {
    List<ReconcileDirectory> pages = new ArrayList<>();
    PagedListing.Pages making = new PagedListing.Pages(9, pages::add);
    entries.forEach(making::add);
    making.end();
    return pages;
  }

  @Test
  void coversAllNamesInPagesWithoutGap() {
    List<UfsEntry> entries = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      entries.add(
          UfsEntry.newBuilder().setName(ByteString.copyFromUtf8("n%05d".formatted(i))).build());
    }
    List<ReconcileDirectory> pages = pages(entries);
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
    assertThat(pages(List.of()))
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

  /** Gives names in its own order, and says of it what it likes. */
  private record ListOnly(List<UfsStatus> children, boolean ordered) implements UnderFileSystem {
    @Override
    public UfsCapabilities capabilities() {
      return new UfsCapabilities(true, false, false, ordered, false);
    }

    @Override
    public void list(String directory, Consumer<UfsStatus> child) {
      children.forEach(child);
    }

    @Override
    public Optional<UfsStatus> status(String path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public UfsStream open(String path, String version, long offset, long length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public UfsStatus write(String path, long length, InputStream content) {
      throw new UnsupportedOperationException();
    }

    @Override
    public UfsStatus makeDirectory(String path) {
      throw new UnsupportedOperationException();
    }

    @Override
    public UfsStatus makeSymlink(String path, String target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void delete(String path, boolean tree) {
      throw new UnsupportedOperationException();
    }

    @Override
    public UfsStatus rename(String from, String to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }

  private static List<String> listed(UnderFileSystem ufs) throws IOException {
    List<String> names = new ArrayList<>();
    new PagedListing()
        .read(
            ufs,
            "test://x",
            "",
            9,
            page -> {
              if (page.getAfter().isEmpty()) {
                names.clear(); // it began anew
              }
              page.getEntriesList().forEach(each -> names.add(each.getName().toStringUtf8()));
            });
    return names;
  }

  @Test
  void whatHasNoOrderIsSortedInRunsAndGivenOnce() throws IOException {
    List<String> names = new ArrayList<>();
    List<UfsStatus> children = new ArrayList<>();
    for (int i = 0; i < 25_001; i++) {
      names.add("n%06d".formatted(i));
      children.add(status(names.get(i)));
    }
    children.add(
        new UfsStatus("n000007", UfsStatus.Kind.DIRECTORY, "", 0, 0, -1, -1, -1, "", List.of()));
    Collections.shuffle(children, new Random(7));
    assertThat(listed(new ListOnly(children, false))).isEqualTo(names);
    assertThat(listed(new ListOnly(children, true))).isEqualTo(names); // it does not keep to it
  }

  @Test
  void pagesAreGivenWhileTheStoreIsListed() throws IOException {
    List<UfsStatus> children = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      children.add(status("n%06d".formatted(i)));
    }
    int[] listed = {0};
    List<Integer> listedAtPage = new ArrayList<>();
    ListOnly ufs =
        new ListOnly(
            new AbstractList<>() {
              @Override
              public UfsStatus get(int index) {
                listed[0] = index + 1;
                return children.get(index);
              }

              @Override
              public int size() {
                return children.size();
              }
            },
            true);
    new PagedListing().read(ufs, "test://x", "", 9, page -> listedAtPage.add(listed[0]));
    assertThat(listedAtPage).containsExactly(1_001, 2_001, 3_000);
  }
}
