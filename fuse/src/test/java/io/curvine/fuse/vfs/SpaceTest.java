/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.fuse.FakeBackend;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceTest {
  private static final Caller CALLER = new Caller(1000, 100);
  private static final int KEEP = Space.KEEP_SIZE;
  private static final int PUNCH = Space.PUNCH_HOLE | Space.KEEP_SIZE;
  private static final int PAGE = 4_096;
  private static final ByteString NAME = ByteString.copyFromUtf8("file");

  @TempDir Path spool;
  private final FakeBackend backend = new FakeBackend();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(1_000);
  private Vfs vfs;
  private Space space;
  private long inode;
  private long file;

  @BeforeEach
  void open() throws IOException {
    vfs = new Vfs(backend, spool);
    space = vfs.space();
    Vfs.Created made = vfs.create(CALLER, 1, NAME, 06755, FileHandle.READ_WRITE);
    inode = made.inode().getId();
    file = made.opened().handle();
  }

  private static byte[] ones(int bytes) {
    byte[] ones = new byte[bytes];
    Arrays.fill(ones, (byte) 1);
    return ones;
  }

  private void write(long position, int bytes) throws IOException {
    vfs.write(file, position, ByteBuffer.wrap(ones(bytes)), false, false);
  }

  private byte[] content(long handle) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(1 << 20);
    int read = vfs.read(handle, 0, into);
    return Arrays.copyOf(into.array(), read);
  }

  private long length() throws IOException {
    return vfs.attributes(CALLER, inode).getLengthBytes();
  }

  private static void refused(int errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(IOException.class, e -> assertThat(Errno.of(e)).isEqualTo(errno));
  }

  private static byte[] withZeros(int bytes, int from, int to) {
    byte[] expected = ones(bytes);
    Arrays.fill(expected, from, to, (byte) 0);
    return expected;
  }

  @Test
  void roomPastTheEndMakesTheFileLongerUnlessItIsNotTo() throws IOException {
    write(0, 10);
    space.allocate(file, KEEP, 5, 100, false);
    assertThat(content(file)).isEqualTo(ones(10));
    space.allocate(file, 0, 2, 4, false);
    assertThat(content(file)).isEqualTo(ones(10));
    space.allocate(file, 0, 5, 15, false);
    assertThat(content(file)).isEqualTo(withZeros(20, 10, 20));
    assertThat(length()).isEqualTo(20);
  }

  @Test
  void aHoleReadsAsZerosAndKeepsTheLength() throws IOException {
    write(0, 3 * PAGE);
    space.allocate(file, PUNCH, 100, PAGE, false);
    assertThat(content(file)).isEqualTo(withZeros(3 * PAGE, 100, 100 + PAGE));
    space.allocate(file, PUNCH, 2 * PAGE, 10 * PAGE, false);
    space.allocate(file, PUNCH, 5 * PAGE, PAGE, false);
    assertThat(length()).isEqualTo(3 * PAGE);
    assertThat(Arrays.copyOfRange(content(file), 2 * PAGE, 3 * PAGE)).isEqualTo(new byte[PAGE]);
  }

  @Test
  void aRangeOfZerosMayMakeTheFileLonger() throws IOException {
    write(0, 100);
    space.allocate(file, Space.ZERO_RANGE | KEEP, 50, 100, false);
    assertThat(content(file)).isEqualTo(withZeros(100, 50, 100));
    space.allocate(file, Space.ZERO_RANGE, 20, 130, false);
    assertThat(content(file)).isEqualTo(withZeros(150, 20, 150));
  }

  @Test
  void zerosAreNotWrittenOverZeros() throws IOException {
    space.allocate(file, 0, 0, 100 * PAGE, false);
    vfs.sync(file);
    int before = backend.commits.get();
    space.allocate(file, PUNCH, 0, 100 * PAGE, false);
    vfs.sync(file);
    assertThat(backend.commits).hasValue(before);
  }

  @Test
  void theTimesMoveWhateverIsAsked() throws IOException {
    write(0, 100);
    for (int mode : new int[] {0, KEEP, PUNCH, Space.ZERO_RANGE}) {
      SetAttributes old = SetAttributes.newBuilder().setMtimeNanos(7).build();
      var unused = vfs.setAttributes(Caller.ROOT, inode, old, null, false);
      long before = Clock.nowNanos();
      space.allocate(file, mode, 10, 10, false);
      long mtime = vfs.attributes(CALLER, inode).getMtimeNanos();
      assertThat(mtime).as("mode %s", mode).isGreaterThanOrEqualTo(before);
    }
  }

  @Test
  void setIdBitsGoWhereTheyAreToGo() throws IOException {
    space.allocate(file, KEEP, 0, 10, false);
    assertThat(vfs.attributes(CALLER, inode).getMode()).isEqualTo(06755);
    space.allocate(file, KEEP, 0, 10, true);
    assertThat(vfs.attributes(CALLER, inode).getMode()).isEqualTo(0755);
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    refused(Errno.EINVAL, () -> space.allocate(file, 0, -1, 1, false));
    refused(Errno.EINVAL, () -> space.allocate(file, 0, 0, 0, false));
    refused(Errno.EFBIG, () -> space.allocate(file, 0, Long.MAX_VALUE, 1, false));
    refused(Errno.EOPNOTSUPP, () -> space.allocate(file, Space.PUNCH_HOLE, 0, 1, false));
    refused(Errno.EOPNOTSUPP, () -> space.allocate(file, 8, 0, 1, false));
    refused(Errno.ENOSPC, () -> space.allocate(file, 0, 0, 2L << 40, false));
    refused(Errno.ENOSPC, () -> space.allocate(file, KEEP, 0, 2L << 40, false));
    assertThat(length()).isZero();
    long reading = vfs.open(CALLER, inode, 0, false).handle();
    refused(Errno.EBADF, () -> space.allocate(reading, 0, 0, 1, false));
    Space.Place from = new Space.Place(file, 0);
    refused(Errno.EBADF, () -> space.copy(from, new Space.Place(reading, 9), 1, buffer, false));
  }

  @Test
  void dataAndHolesAreFoundAsTheyAreWrittenByNow() throws IOException {
    refused(Errno.ENXIO, () -> space.seek(file, 0, true));
    space.allocate(file, 0, 0, 10 * PAGE, false);
    assertThat(space.seek(file, 5, true)).isEqualTo(5);
    refused(Errno.ENXIO, () -> space.seek(file, 0, false));
    write(4 * PAGE, 10);
    assertThat(space.seek(file, 0, false)).isEqualTo(4 * PAGE);
    assertThat(space.seek(file, 4 * PAGE, true)).isEqualTo(5 * PAGE);
    refused(Errno.ENXIO, () -> space.seek(file, 10 * PAGE, true));
    refused(Errno.ENXIO, () -> space.seek(file, -1, false));
  }

  @Test
  void aFileWithoutANameHasItToo() throws IOException {
    write(0, 100);
    vfs.unlink(CALLER, 1, NAME);
    space.allocate(file, PUNCH, 10, 20, false);
    space.allocate(file, 0, 0, 200, false);
    byte[] expected = Arrays.copyOf(withZeros(100, 10, 30), 200);
    assertThat(content(file)).isEqualTo(expected);
    assertThat(space.seek(file, 50, false)).isEqualTo(50);
    assertThat(space.seek(file, 50, true)).isEqualTo(200);
    refused(Errno.ENXIO, () -> space.seek(file, 200, false));
    assertThat(copy(file, 0, file, 300, 100)).isEqualTo(100);
    assertThat(Arrays.copyOfRange(content(file), 300, 400)).isEqualTo(withZeros(100, 10, 30));
  }

  private long copy(long from, long at, long to, long position, long length) throws IOException {
    return space.copy(
        new Space.Place(from, at), new Space.Place(to, position), length, buffer, false);
  }

  @Test
  void aCopyTakesWhatIsWrittenAndEndsWhereTheSourceDoes() throws IOException {
    write(0, 5_000);
    ByteString other = ByteString.copyFromUtf8("other");
    long target = vfs.create(CALLER, 1, other, 0644, FileHandle.READ_WRITE).opened().handle();
    assertThat(copy(file, 500, target, 100, 10_000)).isEqualTo(4_500);
    assertThat(content(target)).isEqualTo(withZeros(4_600, 0, 100));
    assertThat(copy(file, 5_000, target, 0, 1)).isZero();
    assertThat(copy(file, 0, target, 0, 0)).isZero();
  }

  @Test
  void aCopyWithinAFilePublishesNothingOnItsWay() throws IOException {
    write(0, 5_000);
    vfs.sync(file);
    int before = backend.commits.get();
    assertThat(copy(file, 0, file, 5_000, 5_000)).isEqualTo(5_000);
    assertThat(backend.commits).hasValue(before);
    assertThat(content(file)).isEqualTo(ones(10_000));
    refused(Errno.EINVAL, () -> copy(file, 0, file, 4_999, 5_000));
    refused(Errno.EINVAL, () -> copy(file, 10, file, 0, 11));
    refused(Errno.EINVAL, () -> copy(file, -1, file, 100, 1));
    assertThat(copy(file, 10, file, 0, 10)).isEqualTo(10);
  }

  /** Another mount that has written and not published; it gives way when it is asked. */
  private void writtenElsewhere(int bytes) throws IOException {
    vfs.flush(file);
    BackendWriter other = backend.openForWrite(Caller.ROOT, inode, false);
    other.write(0, ByteBuffer.wrap(ones(bytes)));
    backend.whenWanted = wanted -> other.close();
  }

  @Test
  void whatAnotherMountHasWrittenIsNotCutByRoomForLess() throws Exception {
    write(0, 100);
    writtenElsewhere(1_000);
    space.allocate(file, 0, 0, 200, false);
    assertThat(content(file)).isEqualTo(ones(1_000));
  }

  @Test
  void aHoleIsPunchedInWhatAnotherMountHasWritten() throws Exception {
    write(0, 100);
    writtenElsewhere(1_000);
    space.allocate(file, Space.PUNCH_HOLE | Space.KEEP_SIZE, 0, 900, false);
    byte[] expected = ones(1_000);
    Arrays.fill(expected, 0, 900, (byte) 0);
    assertThat(content(file)).isEqualTo(expected);
  }

  @Test
  void dataThatOthersHaveAddedAreFoundAndCopiedOnceTheLengthIsKnown() throws Exception {
    write(0, 50);
    vfs.flush(file);
    long reader = vfs.open(CALLER, inode, 0, false).handle();
    assertThat(content(reader)).hasSize(50);
    backend.replace(inode, ones(100));
    assertThat(space.seek(reader, 50, false)).isEqualTo(50);

    backend.replace(inode, ones(200));
    long target =
        vfs.create(CALLER, 1, ByteString.copyFromUtf8("target"), 0644, FileHandle.READ_WRITE)
            .opened()
            .handle();
    Space.Place from = new Space.Place(reader, 0);
    assertThat(space.copy(from, new Space.Place(target, 0), 1_000, buffer, false)).isEqualTo(200);
    assertThat(content(target)).isEqualTo(ones(200));
  }
}
