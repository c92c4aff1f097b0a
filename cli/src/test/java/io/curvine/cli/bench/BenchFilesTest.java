/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.cli.bench.Directories.Directory;
import io.curvine.cli.bench.Verification.Verdict;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BenchFilesTest {
  private final BenchFiles files = new BenchFiles(3, Long.MAX_VALUE);
  private final Directories directories =
      new Directories(
          List.of(
              new Directory("/b/d0", 10), new Directory("/b/d1", 11), new Directory("/b/d2", 12)),
          false);
  private final Map<String, TreeSet<String>> namespace = new HashMap<>();

  @BeforeEach
  void makeDirectories() {
    directories.all().forEach(each -> namespace.put(each.path(), new TreeSet<>()));
  }

  private long make() {
    long file = files.toMake().getAsLong();
    files.exists(file);
    put(file);
    return file;
  }

  private void put(long file) {
    namespace.get(directory(file)).add(files.name(file));
  }

  private void drop(long file) {
    assertThat(namespace.get(directory(file)).remove(files.name(file))).isTrue();
  }

  private String directory(long file) {
    String path = directories.entry(BenchFiles.directory(file), "x").getPath().toStringUtf8();
    return path.substring(0, path.lastIndexOf('/'));
  }

  /** Pages of two, so that there are several. */
  private Verdict verify() throws IOException {
    return new Verification(
            (at, after, limit) -> {
              List<String> rest =
                  List.copyOf(
                      namespace
                          .get(at.getPath().toStringUtf8())
                          .tailSet(after.toStringUtf8(), after.isEmpty()));
              DirectoryPage.Builder page = DirectoryPage.newBuilder().setMore(rest.size() > 2);
              rest.stream()
                  .limit(2)
                  .forEach(
                      name ->
                          page.addEntries(
                              Entry.newBuilder().setName(ByteString.copyFromUtf8(name))));
              return page.build();
            },
            directories,
            files)
        .run();
  }

  @Test
  void aFileIsFoundAgainByItsName() {
    for (int i = 0; i < 100; i++) {
      long file = make();
      for (int renames = 0; renames < 3; renames++, file = BenchFiles.renamed(file)) {
        assertThat(files.parse(files.name(file))).hasValue(file);
      }
    }
    assertThat(files.parse("f4-7.0")).isEmpty();
    assertThat(files.parse("m3-7")).isEmpty();
  }

  @Test
  void anOddRenameStaysAndAnEvenOneGoesOn() {
    long file = make();
    long once = BenchFiles.renamed(file);
    long twice = BenchFiles.renamed(once);
    assertThat(BenchFiles.directory(once)).isEqualTo(BenchFiles.directory(file));
    assertThat(BenchFiles.directory(twice)).isEqualTo(BenchFiles.directory(file) + 1);
  }

  @Test
  void whatIsTakenIsNobodyElses() {
    long first = make();
    long second = make();
    assertThat(files.take()).hasValue(first);
    assertThat(files.any()).hasValue(second);
    assertThat(files.take()).hasValue(second);
    assertThat(files.take()).isEqualTo(OptionalLong.empty());
    assertThat(files.any()).isEqualTo(OptionalLong.empty());
    files.exists(first);
    assertThat(files.take()).hasValue(first);
  }

  @Test
  void noMoreAreMadeThanAllowed() {
    BenchFiles two = new BenchFiles(0, 2);
    assertThat(two.toMake()).isPresent();
    assertThat(two.toMake()).isPresent();
    assertThat(two.toMake()).isEmpty();
  }

  @Test
  void theQueueGrowsAndKeepsItsOrder() {
    LongQueue queue = new LongQueue();
    long removed = 0;
    for (long i = 0; i < 100_000; i++) {
      queue.add(i);
      if (i % 3 == 0) {
        assertThat(queue.remove()).isEqualTo(removed++);
      }
    }
    assertThat(queue.get(0)).isEqualTo(removed);
    assertThat(queue.get(queue.size() - 1)).isEqualTo(99_999);
  }

  @Test
  void aRightNamespaceIsRight() throws IOException {
    for (int i = 0; i < 20; i++) {
      make();
    }
    namespace.get("/b/d0").add("f9-0.0"); // of another client
    namespace.get("/b/d0").add("m3-0"); // a directory
    assertThat(verify()).isEqualTo(new Verdict(20, 0, 0, 0, List.of()));
  }

  @Test
  void aLostAndADoubledFileAreFound() throws IOException {
    long lost = make();
    long deletedAndStillThere = make();
    long kept = make();
    drop(lost);
    files.take();
    files.exists(lost);
    files.take();
    files.take();
    files.exists(kept);
    Verdict verdict = verify();
    assertThat(verdict.right()).isFalse();
    assertThat(verdict)
        .isEqualTo(
            new Verdict(
                2,
                1,
                1,
                0,
                List.of(
                    "missing " + files.name(lost), "surplus " + files.name(deletedAndStillThere))));
  }

  @Test
  void aFileInTheWrongDirectoryIsMissingAndSurplus() throws IOException {
    long file = make();
    drop(file);
    namespace.get("/b/d2").add(files.name(file));
    Verdict verdict = verify();
    assertThat(verdict.missing()).isEqualTo(1);
    assertThat(verdict.surplus()).isEqualTo(1);
  }

  @Test
  void aRefusalLeavesAFileAsItWasAndAnOpenOutcomeLeavesItOut() {
    long made = files.toMake().getAsLong();
    files.created(made, ErrorCode.OK);
    files.created(files.toMake().getAsLong(), ErrorCode.ALREADY_EXISTS);
    long perhaps = files.toMake().getAsLong();
    files.created(perhaps, ErrorCode.UNKNOWN_OUTCOME);
    assertThat(files.all()).containsExactly(made);
    assertThat(files.allOpen()).containsExactly(perhaps);

    files.renamed(files.take().getAsLong(), ErrorCode.ALREADY_EXISTS);
    assertThat(files.all()).containsExactly(made);
    files.renamed(files.take().getAsLong(), ErrorCode.OK);
    long renamed = BenchFiles.renamed(made);
    assertThat(files.all()).containsExactly(renamed);

    files.deleted(files.take().getAsLong(), ErrorCode.NOT_READY);
    assertThat(files.all()).containsExactly(renamed);
    files.renamed(files.take().getAsLong(), ErrorCode.INTERNAL);
    assertThat(files.all()).isEmpty();
    assertThat(files.allOpen())
        .containsExactlyInAnyOrder(perhaps, renamed, BenchFiles.renamed(renamed));
  }

  @Test
  void whereTheOutcomeIsNotKnownBothAreRight() throws IOException {
    long there = files.toMake().getAsLong();
    files.isOpen(there);
    put(there);
    files.isOpen(files.toMake().getAsLong());
    assertThat(verify()).isEqualTo(new Verdict(0, 0, 0, 2, List.of()));
  }
}
