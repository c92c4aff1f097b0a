/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsExpected;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UfsTreePage;
import io.curvine.ufs.UnderFileSystem;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every provider holds. A provider's test extends it and gives an empty location. */
public abstract class UnderFileSystemContract {
  protected UnderFileSystem ufs;

  /** A new, empty location. */
  protected abstract UnderFileSystem openEmpty() throws IOException;

  @BeforeEach
  void open() throws IOException {
    ufs = openEmpty();
  }

  @AfterEach
  void close() {
    ufs.close();
  }

  @Test
  void theLocationIsADirectoryWithoutAName() throws IOException {
    UfsStatus root = ufs.status("").orElseThrow();
    assertThat(root.kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(root.name()).isEmpty();
    assertThat(names("")).isEmpty();
  }

  @Test
  void whatIsNotThereIsEmpty() throws IOException {
    assertThat(ufs.status("no")).isEmpty();
    assertThat(ufs.status("no/such/path")).isEmpty();
    write("file", "x");
    assertThat(ufs.status("file/below")).isEmpty();
  }

  @Test
  void aFileCanBeReadBackAtItsVersion() throws IOException {
    UfsStatus written = write("file", "hello, world");
    assertThat(written.name()).isEqualTo("file");
    assertThat(written.kind()).isEqualTo(Kind.FILE);
    assertThat(written.lengthBytes()).isEqualTo(12);
    assertThat(written.version()).isNotEmpty();
    assertThat(written.mtimeNanos()).isPositive();
    assertThat(ufs.status("file")).contains(written);
    assertThat(children("")).containsExactly(written);
    assertThat(read("file", written.version(), 0, 12)).isEqualTo("hello, world");
    assertThat(read("file", written.version(), 7, 5)).isEqualTo("world");
    assertThat(read("file", written.version(), 11, 1)).isEqualTo("d");
    assertThat(read("file", written.version(), 12, 0)).isEmpty();
  }

  @Test
  void anEmptyFileIsAFile() throws IOException {
    UfsStatus written = write("empty", "");
    assertThat(written.lengthBytes()).isZero();
    assertThat(ufs.status("empty")).contains(written);
    assertThat(read("empty", written.version(), 0, 0)).isEmpty();
  }

  @Test
  void aReplacedFileHasAnotherVersionAndTheOldOneIsRefused() throws IOException {
    UfsStatus first = write("file", "first");
    UfsStatus second = write("file", "secnd");
    assertThat(second.version()).isNotEqualTo(first.version());
    refused(ErrorCode.UFS_CHANGED, () -> read("file", first.version(), 0, 5));
    refused(ErrorCode.UFS_CHANGED, () -> read("file", first.version(), 0, 0));
    assertThat(read("file", second.version(), 0, 5)).isEqualTo("secnd");
    assertThat(names("")).containsExactly("file");
  }

  @Test
  void aDeletedFileIsAChangeForItsReader() throws IOException {
    UfsStatus written = write("file", "bytes");
    ufs.delete("file", false);
    refused(ErrorCode.UFS_CHANGED, () -> read("file", written.version(), 0, 5));
    refused(ErrorCode.UFS_CHANGED, () -> read("file", written.version(), 0, 0));
  }

  @Test
  void aRangePastTheEndIsNeverAShortStream() throws IOException {
    UfsStatus written = write("file", "bytes");
    refused(ErrorCode.UFS_CHANGED, () -> read("file", written.version(), 0, 6));
    refused(ErrorCode.UFS_CHANGED, () -> read("file", written.version(), 5, 1));
    refused(ErrorCode.UFS_CHANGED, () -> read("file", written.version(), 9, 1));
    refused(ErrorCode.INVALID_ARGUMENT, () -> read("file", written.version(), -1, 1));
  }

  @Test
  void randomRangesAreExact() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    byte[] content = new byte[3 << 20];
    random.nextBytes(content);
    UfsStatus written = ufs.write("big", content.length, new ByteArrayInputStream(content));
    for (int i = 0; i < 20; i++) {
      int offset = random.nextInt(content.length);
      int length = random.nextInt(content.length - offset) + 1;
      try (InputStream in = ufs.open("big", written.version(), offset, length)) {
        byte[] got = in.readAllBytes();
        assertThat(got).hasSize(length);
        assertThat(Arrays.equals(got, 0, length, content, offset, offset + length))
            .as("seed %d, range %d+%d", seed, offset, length)
            .isTrue();
      }
    }
  }

  @Test
  void aReaderMayStopBeforeTheEnd() throws IOException {
    byte[] content = new byte[8 << 20];
    UfsStatus written = ufs.write("big", content.length, new ByteArrayInputStream(content));
    for (int i = 0; i < 20; i++) {
      try (InputStream in = ufs.open("big", written.version(), 0, content.length)) {
        assertThat(in.readNBytes(10)).hasSize(10);
      }
    }
    assertThat(read("big", written.version(), 0, 3)).hasSize(3);
  }

  @Test
  void writingMakesTheDirectoriesAbove() throws IOException {
    UfsStatus written = write("a/b/c/file", "x");
    assertThat(ufs.status("a/b/c").orElseThrow().kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(names("a/b/c")).containsExactly("file");
    assertThat(names("a")).containsExactly("b");
    assertThat(ufs.status("a/b/c/file")).contains(written);
  }

  @Test
  void contentThatEndsEarlyLeavesTheOldFile() throws IOException {
    UfsStatus old = write("file", "old");
    InputStream shorter = new ByteArrayInputStream(new byte[10]);
    refused(ErrorCode.UFS_ERROR, () -> ufs.write("file", 11, shorter));
    refused(ErrorCode.UFS_ERROR, () -> ufs.write("other", 11, InputStream.nullInputStream()));
    assertThat(read("file", old.version(), 0, 3)).isEqualTo("old");
    assertThat(names("")).containsExactly("file");
  }

  @Test
  void onlyTheLengthGivenIsTakenFromTheContent() throws IOException {
    InputStream longer = new ByteArrayInputStream("abcdef".getBytes(StandardCharsets.UTF_8));
    UfsStatus written = ufs.write("file", 3, longer);
    assertThat(read("file", written.version(), 0, 3)).isEqualTo("abc");
    assertThat(longer.readAllBytes()).hasSize(3);
  }

  @Test
  void aDirectoryIsMadeOnceOrTwice() throws IOException {
    assertThat(ufs.makeDirectory("a/b").kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(ufs.makeDirectory("a/b").name()).isEqualTo("b");
    assertThat(ufs.makeDirectory("").kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(names("a")).containsExactly("b");
    assertThat(names("a/b")).isEmpty();
    assertThat(ufs.status("a/b").orElseThrow().version()).isEmpty();
    write("file", "x");
    refused(ErrorCode.NOT_A_DIRECTORY, () -> ufs.makeDirectory("file"));
  }

  @Test
  void aDirectoryOutlivesItsLastEntry() throws IOException {
    write("a/b/file", "x");
    ufs.delete("a/b/file", false);
    assertThat(names("a/b")).isEmpty();
    ufs.delete("a/b", false);
    assertThat(names("a")).isEmpty();
    write("c/file", "x");
    ufs.rename("c/file", "moved");
    assertThat(names("c")).isEmpty();
    assertThat(names("")).containsExactly("a", "c", "moved");
  }

  @Test
  void listingWhatIsNoDirectoryIsNotFound() throws IOException {
    refused(ErrorCode.NOT_FOUND, () -> names("no"));
    write("file", "x");
    refused(ErrorCode.NOT_FOUND, () -> names("file"));
  }

  @Test
  void deleteTakesWhatIsThere() throws IOException {
    ufs.delete("no", false);
    ufs.delete("no/such", true);
    assertThat(names("")).isEmpty();
    write("d/e/file", "x");
    write("d2", "keep");
    write("d.txt", "keep");
    refused(ErrorCode.NOT_EMPTY, () -> ufs.delete("d", false));
    assertThat(names("d/e")).containsExactly("file");
    ufs.delete("d", true);
    assertThat(ufs.status("d")).isEmpty();
    assertThat(names("")).containsExactly("d.txt", "d2");
    ufs.delete("d2", true);
    assertThat(names("")).containsExactly("d.txt");
  }

  @Test
  void renameMovesAFileAndReplaces() throws IOException {
    write("from", "new");
    write("dir/to", "old");
    UfsStatus moved = ufs.rename("from", "dir/to");
    assertThat(moved.name()).isEqualTo("to");
    assertThat(read("dir/to", moved.version(), 0, 3)).isEqualTo("new");
    assertThat(ufs.status("from")).isEmpty();
    assertThat(ufs.rename("dir/to", "x/y/z").name()).isEqualTo("z");
    assertThat(names("x/y")).containsExactly("z");
    assertThat(ufs.rename("x/y/z", "x/y/z").lengthBytes()).isEqualTo(3);
  }

  @Test
  void renameMovesADirectoryWithAllBelow() throws IOException {
    write("from/a", "1");
    write("from/b/c", "2");
    ufs.makeDirectory("from/empty");
    write("from2", "3");
    UfsStatus moved = ufs.rename("from", "to");
    assertThat(moved.kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(moved.name()).isEqualTo("to");
    assertThat(names("")).containsExactly("from2", "to");
    assertThat(names("to")).containsExactly("a", "b", "empty");
    assertThat(names("to/b")).containsExactly("c");
    assertThat(names("to/empty")).isEmpty();
    refused(ErrorCode.NOT_FOUND, () -> ufs.rename("from", "to"));
  }

  @Test
  void whatIsInTheWayIsNamedAndStays() throws IOException {
    UfsStatus file = write("file", "x");
    write("dir/inside", "y");
    ufs.makeDirectory("other/inside");
    refused(ErrorCode.IS_A_DIRECTORY, () -> write("dir", "x"));
    refused(ErrorCode.IS_A_DIRECTORY, () -> write("dir", "x", UfsExpected.NOTHING));
    refused(ErrorCode.IS_A_DIRECTORY, () -> write("dir", "x", UfsExpected.version("v")));
    refused(ErrorCode.NOT_A_DIRECTORY, () -> write("file/below", "x"));
    refused(ErrorCode.NOT_A_DIRECTORY, () -> ufs.makeDirectory("file"));
    refused(ErrorCode.NOT_A_DIRECTORY, () -> ufs.makeDirectory("file/below"));
    refused(ErrorCode.NOT_EMPTY, () -> ufs.delete("dir", false));
    refused(ErrorCode.NOT_FOUND, () -> ufs.rename("no", "new"));
    refused(ErrorCode.IS_A_DIRECTORY, () -> ufs.rename("file", "dir"));
    refused(ErrorCode.NOT_A_DIRECTORY, () -> ufs.rename("dir", "file"));
    refused(ErrorCode.NOT_A_DIRECTORY, () -> ufs.rename("dir/inside", "file/below"));
    refused(ErrorCode.INVALID_ARGUMENT, () -> ufs.rename("dir", "dir/below"));
    if (ufs.capabilities().atomicRename()) {
      refused(ErrorCode.NOT_EMPTY, () -> ufs.rename("dir", "other"));
    }
    if (ufs.capabilities().symlinks()) {
      refused(ErrorCode.IS_A_DIRECTORY, () -> ufs.makeSymlink("dir", "x"));
      refused(ErrorCode.NOT_A_DIRECTORY, () -> ufs.makeSymlink("file/below", "x"));
    }
    assertThat(names("")).containsExactly("dir", "file", "other");
    assertThat(names("dir")).containsExactly("inside");
    assertThat(names("other")).containsExactly("inside");
    assertThat(ufs.status("file")).contains(file);
  }

  @Test
  void aPathThatIsTooLongSaysSo() {
    // Longer than a key of S3, a path of Linux and one of HDFS may be.
    String path = String.join("/", Collections.nCopies(40, "n".repeat(255)));
    refused(ErrorCode.NAME_TOO_LONG, () -> write(path, "x"));
    refused(ErrorCode.NAME_TOO_LONG, () -> ufs.makeDirectory(path));
  }

  @Test
  void onlyWhatIsExpectedIsReplaced() throws IOException {
    UfsStatus first = write("file", "first", UfsExpected.NOTHING);
    refused(ErrorCode.UFS_CONFLICT, () -> write("file", "other", UfsExpected.NOTHING));
    UfsStatus second = write("file", "secnd", UfsExpected.version(first.version()));
    refused(
        ErrorCode.UFS_CONFLICT, () -> write("file", "other", UfsExpected.version(first.version())));
    assertThat(ufs.status("file")).contains(second);
    assertThat(read("file", second.version(), 0, 5)).isEqualTo("secnd");
    ufs.delete("file", false);
    UfsStatus again = write("file", "third", UfsExpected.version(second.version()));
    assertThat(read("file", again.version(), 0, 5)).isEqualTo("third");
    UfsStatus any = write("file", "fourth", UfsExpected.ANY);
    assertThat(any.lengthBytes()).isEqualTo(6);
    assertThat(names("")).containsExactly("file");
  }

  @Test
  void whatComesWhileTheContentIsReadIsNotReplaced() throws IOException {
    UfsStatus old = write("file", "old");
    InputStream racing = onFirstRead(() -> write("file", "theirs"));
    refused(
        ErrorCode.UFS_CONFLICT,
        () -> ufs.write("file", 4, racing, UfsExpected.version(old.version())));
    InputStream making = onFirstRead(() -> write("new", "theirs"));
    refused(ErrorCode.UFS_CONFLICT, () -> ufs.write("new", 4, making, UfsExpected.NOTHING));
    for (String name : List.of("file", "new")) {
      UfsStatus theirs = ufs.status(name).orElseThrow();
      assertThat(read(name, theirs.version(), 0, 6)).isEqualTo("theirs");
    }
    assertThat(names("")).containsExactly("file", "new");
  }

  @Test
  void whatIsExpectedMayGoWhileTheContentIsRead() throws IOException {
    UfsStatus old = write("file", "old");
    InputStream racing = onFirstRead(() -> ufs.delete("file", false));
    try {
      assertThat(ufs.write("file", 4, racing, UfsExpected.version(old.version())).lengthBytes())
          .isEqualTo(4);
    } catch (CurvineException e) {
      assertThat(e.code()).as("the next attempt makes it").isEqualTo(ErrorCode.UFS_CHANGED);
      assertThat(ufs.status("file")).isEmpty();
    }
  }

  @Test
  void onlyWhatIsExpectedIsDeleted() throws IOException {
    UfsStatus first = write("file", "first");
    UfsStatus second = write("file", "secnd");
    refused(ErrorCode.UFS_CONFLICT, () -> ufs.delete("file", UfsExpected.version(first.version())));
    refused(ErrorCode.UFS_CONFLICT, () -> ufs.delete("file", UfsExpected.NOTHING));
    assertThat(ufs.status("file")).contains(second);
    ufs.delete("file", UfsExpected.version(second.version()));
    ufs.delete("file", UfsExpected.version(second.version()));
    assertThat(ufs.status("file")).isEmpty();
    ufs.makeDirectory("file");
    refused(
        ErrorCode.UFS_CONFLICT, () -> ufs.delete("file", UfsExpected.version(second.version())));
  }

  /** Content of 4 bytes, before the first of which something happens. */
  private static InputStream onFirstRead(ThrowingCallable happens) {
    return new FilterInputStream(
        new ByteArrayInputStream("ours".getBytes(StandardCharsets.UTF_8))) {
      private boolean begun;

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        if (!begun) {
          begun = true;
          assertThatCode(happens).doesNotThrowAnyException();
        }
        return super.read(into, offset, length);
      }
    };
  }

  private UfsStatus write(String path, String content, UfsExpected expected) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return ufs.write(path, bytes.length, new ByteArrayInputStream(bytes), expected);
  }

  @Test
  void pathsThatLeadOutAreRefused() {
    for (String path : List.of("..", "a/../../b", ".", "a//b", "/a", "a/", "a\0b")) {
      refused(ErrorCode.INVALID_ARGUMENT, () -> ufs.status(path));
      refused(ErrorCode.INVALID_ARGUMENT, () -> write(path, "x"));
      refused(ErrorCode.INVALID_ARGUMENT, () -> ufs.delete(path, true));
      refused(ErrorCode.INVALID_ARGUMENT, () -> ufs.rename("a", path));
    }
    refused(ErrorCode.UNSUPPORTED, () -> ufs.delete("", true));
    refused(ErrorCode.UNSUPPORTED, () -> ufs.rename("", "a"));
  }

  @Test
  void unusualNamesSurvive() throws IOException {
    List<String> names = unusualNames();
    for (String name : names) {
      UfsStatus written = write("dir/" + name, name);
      assertThat(ufs.status("dir/" + name)).contains(written);
      int length = (int) written.lengthBytes();
      assertThat(read("dir/" + name, written.version(), 0, length)).isEqualTo(name);
    }
    assertThat(names("dir")).containsExactlyElementsOf(names);
    ufs.rename("dir", "dir \u00fc?");
    assertThat(names("dir \u00fc?")).containsExactlyElementsOf(names);
    ufs.delete("dir \u00fc?", true);
    assertThat(names("")).isEmpty();
  }

  @Test
  void aLargeDirectoryIsListedWhole() throws Exception {
    int count = 1_005;
    ExecutorService writers = Executors.newFixedThreadPool(16);
    try {
      List<Callable<UfsStatus>> writes = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String path = i % 100 == 0 ? "d/sub" + i + "/x" : "d/f" + i;
        writes.add(() -> write(path, ""));
      }
      for (Future<UfsStatus> written : writers.invokeAll(writes)) {
        assertThat(written.get().lengthBytes()).isZero();
      }
    } finally {
      writers.shutdownNow();
    }
    List<String> names = listed("d");
    assertThat(names).hasSize(count).doesNotHaveDuplicates();
    if (ufs.capabilities().ordered()) {
      assertThat(names).isSorted();
    }
    ufs.delete("d", true);
    assertThat(names("")).isEmpty();
  }

  @Test
  void aStoreWithOrderListsByName() throws IOException {
    for (String path : List.of("d/a-b", "d/a.c", "d/a/x", "d/a!/y", "d/a-b-c/z", "d/aa", "d/B")) {
      write(path, "x");
    }
    List<String> sorted = List.of("B", "a", "a!", "a-b", "a-b-c", "a.c", "aa");
    assertThat(names("d")).isEqualTo(sorted);
    if (ufs.capabilities().ordered()) {
      assertThat(listed("d")).isEqualTo(sorted);
    }
  }

  @Test
  void aStoreWithTreesListsThemFlat() throws IOException {
    if (!ufs.capabilities().trees()) {
      refused(ErrorCode.UNSUPPORTED, () -> ufs.tree(""));
      return;
    }
    UfsStatus deep = write("d/e/f", "deep");
    UfsStatus beside = write("d/e-f", "beside");
    UfsStatus top = write("top", "top");
    UfsTreePage all = ufs.tree("");
    assertThat(all.items())
        .containsExactly(
            new UfsTreePage.Item("d/e-f", beside),
            new UfsTreePage.Item("d/e/f", deep),
            new UfsTreePage.Item("top", top));
    assertThat(all.more()).isFalse();
    assertThat(all.last()).isEqualTo("top");
    assertThat(ufs.tree("d/e/f").items()).containsExactly(new UfsTreePage.Item("top", top));
    assertThat(ufs.tree("top").items()).isEmpty();
  }

  @Test
  void linksAreKeptOrRefused() throws IOException {
    if (!ufs.capabilities().symlinks()) {
      refused(ErrorCode.UNSUPPORTED, () -> ufs.makeSymlink("link", "target"));
      return;
    }
    UfsStatus link = ufs.makeSymlink("dir/link", "../some where/\u00e4");
    assertThat(link.kind()).isEqualTo(Kind.SYMLINK);
    assertThat(link.symlinkTarget()).isEqualTo("../some where/\u00e4");
    assertThat(link.version()).isEmpty();
    assertThat(children("dir")).containsExactly(link);
    assertThat(ufs.makeSymlink("dir/link", "other").symlinkTarget()).isEqualTo("other");
    ufs.delete("dir/link", false);
    assertThat(names("dir")).isEmpty();
  }

  /** Ascending by their bytes. A server that refuses some of them leaves those out. */
  protected List<String> unusualNames() {
    return List.of(
        " lead",
        "%41",
        "+",
        "a b",
        "a&b",
        "a'b\"c",
        "a?b#c",
        "a\\b",
        "a~",
        "tab\there",
        "z\u00e4\u00df",
        "\u4e2d\u6587",
        "\uff5e",
        "\ud83d\ude00");
  }

  /** Writes a small file. */
  protected final UfsStatus write(String path, String content) throws IOException {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return ufs.write(path, bytes.length, new ByteArrayInputStream(bytes));
  }

  /** Reads a range as text. */
  protected final String read(String path, String version, long offset, long length)
      throws IOException {
    try (InputStream in = ufs.open(path, version, offset, length)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The children of a directory, ascending by name. */
  protected final List<UfsStatus> children(String directory) throws IOException {
    TreeMap<byte[], UfsStatus> sorted = new TreeMap<>(Arrays::compareUnsigned);
    ufs.list(directory, child -> sorted.put(child.name().getBytes(StandardCharsets.UTF_8), child));
    return List.copyOf(sorted.values());
  }

  /** Their names as the store gives them. */
  protected final List<String> listed(String directory) throws IOException {
    List<String> names = new ArrayList<>();
    ufs.list(directory, child -> names.add(child.name()));
    return names;
  }

  /** Their names. */
  protected final List<String> names(String directory) throws IOException {
    return children(directory).stream().map(UfsStatus::name).toList();
  }

  /** Asserts that the call fails with that code. */
  protected static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
  }
}
