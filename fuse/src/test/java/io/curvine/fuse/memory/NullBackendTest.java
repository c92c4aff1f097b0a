/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.BackendReader;
import io.curvine.fuse.vfs.BackendWriter;
import io.curvine.fuse.vfs.Caller;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NullBackendTest {
  private static final long ROOT = 1;
  private static final int MODE = 0644;
  private static final int CAPACITY_BYTES = 16 * MemoryContent.CHUNK_BYTES;

  private final NullBackend backend = new NullBackend(CAPACITY_BYTES);

  private static ByteString name(String name) {
    return ByteString.copyFromUtf8(name);
  }

  private BackendWriter create(String name) throws IOException {
    return backend.create(Caller.ROOT, ROOT, name(name), MODE);
  }

  private byte[] read(long inode) throws IOException {
    try (BackendReader reader = backend.openForRead(Caller.ROOT, inode)) {
      ByteBuffer all = ByteBuffer.allocate((int) reader.length() + 1);
      int got = reader.read(0, all);
      assertThat(Math.max(0, got)).isEqualTo((int) reader.length());
      return Arrays.copyOf(all.array(), (int) reader.length());
    }
  }

  private static void refused(ErrorCode code, Call call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(CurvineException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private interface Call {
    void run() throws IOException;
  }

  @Test
  void contentIsWhatAPlainArrayWouldHave() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    BackendWriter writer = create("file");
    byte[] expected = {};
    for (int step = 0; step < 400; step++) {
      int at = random.nextInt(CAPACITY_BYTES);
      if (random.nextInt(4) == 0) {
        writer.truncate(at);
        expected = Arrays.copyOf(expected, at);
      } else {
        byte[] bytes =
            new byte[random.nextInt(Math.min(CAPACITY_BYTES - at, 3 * MemoryContent.CHUNK_BYTES))];
        random.nextBytes(bytes);
        writer.write(at, ByteBuffer.wrap(bytes));
        expected =
            Arrays.copyOf(
                expected, Math.max(expected.length, bytes.length == 0 ? 0 : at + bytes.length));
        System.arraycopy(bytes, 0, expected, bytes.length == 0 ? 0 : at, bytes.length);
      }
      assertThat(read(writer.inode().getId())).as("step %d", step).isEqualTo(expected);
    }
    writer.close();
    assertThat(backend.attributes(Caller.ROOT, writer.inode().getId()).getLengthBytes())
        .isEqualTo(expected.length);
    backend.delete(Caller.ROOT, ROOT, name("file"), InodeType.FILE);
    assertThat(backend.statFs(ROOT).getUsedBytes()).isZero();
  }

  @Test
  void whatIsFullRefusesAndGoesOn() throws IOException {
    BackendWriter writer = create("file");
    refused(ErrorCode.NO_SPACE, () -> writer.write(0, ByteBuffer.allocate(CAPACITY_BYTES + 1)));
    writer.truncate(0);
    writer.write(0, ByteBuffer.allocate(CAPACITY_BYTES));
    assertThat(writer.length()).isEqualTo(CAPACITY_BYTES);
  }

  @Test
  void namesAreListedInTheirOrderPageByPage() throws IOException {
    for (String each : new String[] {"c", "a", "d", "b"}) {
      create(each).close();
    }
    DirectoryPage first = backend.list(Caller.ROOT, ROOT, ByteString.EMPTY, 3);
    assertThat(first.getMore()).isTrue();
    assertThat(first.getEntriesList())
        .extracting(entry -> entry.getName().toStringUtf8())
        .containsExactly("a", "b", "c");
    DirectoryPage second = backend.list(Caller.ROOT, ROOT, name("c"), 3);
    assertThat(second.getMore()).isFalse();
    assertThat(second.getEntriesList())
        .extracting(entry -> entry.getName().toStringUtf8())
        .containsExactly("d");
  }

  @Test
  void aNameThatIsTakenIsReplacedByARenameOnly() throws IOException {
    long moved = create("from").inode().getId();
    create("to").close();
    refused(ErrorCode.ALREADY_EXISTS, () -> create("to"));
    refused(
        ErrorCode.ALREADY_EXISTS,
        () -> backend.rename(Caller.ROOT, ROOT, name("from"), ROOT, name("to"), true));
    backend.rename(Caller.ROOT, ROOT, name("from"), ROOT, name("to"), false);
    assertThat(backend.lookup(Caller.ROOT, ROOT, name("to")).getId()).isEqualTo(moved);
    refused(ErrorCode.NOT_FOUND, () -> backend.lookup(Caller.ROOT, ROOT, name("from")));
    assertThat(backend.statFs(ROOT).getInodes()).isEqualTo(2);
  }

  @Test
  void aDirectoryGoesWhenItIsEmpty() throws IOException {
    long directory = backend.makeDirectory(Caller.ROOT, ROOT, name("directory"), MODE).getId();
    backend.create(Caller.ROOT, directory, name("file"), MODE).close();
    refused(
        ErrorCode.NOT_EMPTY,
        () -> backend.delete(Caller.ROOT, ROOT, name("directory"), InodeType.DIRECTORY));
    refused(
        ErrorCode.IS_A_DIRECTORY,
        () -> backend.delete(Caller.ROOT, ROOT, name("directory"), InodeType.FILE));
    backend.delete(Caller.ROOT, directory, name("file"), InodeType.FILE);
    backend.delete(Caller.ROOT, ROOT, name("directory"), InodeType.DIRECTORY);
    assertThat(backend.attributes(Caller.ROOT, ROOT).getNlink()).isEqualTo(2);
  }

  @Test
  void whatWasNeverWrittenIsAHole() throws IOException {
    BackendWriter writer = create("sparse");
    long chunk = MemoryContent.CHUNK_BYTES;
    writer.write(2 * chunk + 5, ByteBuffer.wrap(new byte[] {1}));
    writer.truncate(5 * chunk);
    writer.flush();
    try (BackendReader reader = backend.openForRead(Caller.ROOT, writer.inode().getId())) {
      assertThat(reader.data(0)).isEqualTo(2 * chunk);
      assertThat(reader.data(2 * chunk + 9)).isEqualTo(2 * chunk + 9);
      assertThat(reader.data(3 * chunk)).isEqualTo(-1);
      assertThat(reader.hole(3)).isEqualTo(3);
      assertThat(reader.hole(2 * chunk)).isEqualTo(3 * chunk);
      assertThat(reader.hole(5 * chunk)).isEqualTo(-1);
    }
  }
}
