/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.fuse.FakeBackend;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VfsTest {
  private static final Caller CALLER = new Caller(1000, 100);
  private static final int READ = 0;
  private static final int WRITE = FileHandle.WRITE_ONLY;
  private static final int BOTH = FileHandle.READ_WRITE;

  @TempDir Path spool;
  private final FakeBackend backend = new FakeBackend();
  private Vfs vfs;

  @BeforeEach
  void open() {
    vfs = new Vfs(backend, spool);
  }

  private static ByteString name(String name) {
    return ByteString.copyFromUtf8(name);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private Vfs.Created make(String name, int flags) throws IOException {
    return vfs.create(CALLER, 1, name(name), 0644, flags);
  }

  private void write(long handle, long position, String text) throws IOException {
    vfs.write(handle, position, bytes(text), false, false);
  }

  private String read(long handle) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(1000);
    int count = vfs.read(handle, 0, into);
    return new String(into.array(), 0, count, StandardCharsets.UTF_8);
  }

  private void close(long handle) throws IOException {
    vfs.flush(handle);
    vfs.release(handle);
  }

  private static void assertErrno(IOException failure, int errno) {
    assertThat(Errno.of(failure)).isEqualTo(errno);
  }

  private static void refusedWith(
      int errno, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOfSatisfying(IOException.class, e -> assertErrno(e, errno));
  }

  @Test
  void whatIsWrittenShowsInThisMountBeforeItIsPublished() throws Exception {
    Vfs.Created made = make("a", WRITE);
    long inode = made.inode().getId();
    write(made.opened().handle(), 0, "hello");
    assertThat(backend.content(inode)).isEmpty();
    assertThat(vfs.attributes(CALLER, inode).getLengthBytes()).isEqualTo(5);
    assertThat(vfs.lookup(CALLER, 1, name("a")).getLengthBytes()).isEqualTo(5);

    long reader = vfs.open(CALLER, inode, READ, false).handle();
    assertThat(read(reader)).isEqualTo("hello");
    write(made.opened().handle(), 5, " you");
    assertThat(read(reader)).isEqualTo("hello you");
    close(made.opened().handle());
    close(reader);
    assertThat(vfs.openHandles()).isZero();
  }

  @Test
  void theLastCloseGivesTheLeaseBackAndALaterWriteTakesItAgain() throws Exception {
    Vfs.Created made = make("a", WRITE);
    long inode = made.inode().getId();
    long second = vfs.open(CALLER, inode, BOTH, false).handle();
    write(made.opened().handle(), 0, "one");
    vfs.flush(made.opened().handle());
    assertThat(new String(backend.content(inode), StandardCharsets.UTF_8)).isEqualTo("one");
    assertThat(backend.leased(inode)).isTrue();
    vfs.flush(second);
    assertThat(backend.leased(inode)).isFalse();

    write(made.opened().handle(), 3, "two"); // a descriptor that was duplicated before
    assertThat(backend.leased(inode)).isTrue();
    vfs.release(second);
    vfs.release(made.opened().handle());
    assertThat(backend.leased(inode)).isFalse();
    assertThat(new String(backend.content(inode), StandardCharsets.UTF_8)).isEqualTo("onetwo");
  }

  private String durable(long inode) {
    return new String(backend.durable(inode), StandardCharsets.UTF_8);
  }

  @Test
  void aSyncMakesDurableWhatOtherHandlesHaveWrittenAndClosed() throws Exception {
    Vfs.Created made = make("a", WRITE);
    long inode = made.inode().getId();
    write(made.opened().handle(), 0, "one");
    vfs.sync(made.opened().handle());
    assertThat(durable(inode)).isEqualTo("one");
    assertThat(backend.syncs).as("a new file has nothing that is older").hasValue(0);
    write(made.opened().handle(), 3, "two");
    close(made.opened().handle());
    assertThat(durable(inode)).isEqualTo("one");

    long reader = vfs.open(CALLER, inode, READ, false).handle();
    vfs.sync(reader);
    assertThat(durable(inode)).isEqualTo("onetwo");
    vfs.sync(reader);
    assertThat(backend.syncs).as("nothing has changed since").hasValue(1);

    long writer = vfs.open(CALLER, inode, WRITE, false).handle();
    write(writer, 6, "three");
    close(writer);
    vfs.sync(reader);
    assertThat(durable(inode)).isEqualTo("onetwothree");
    assertThat(backend.syncs).hasValue(2);
    close(reader);
  }

  @Test
  void aSyncAfterATruncationOwesNothingOfWhatWasThere() throws Exception {
    Vfs.Created made = make("a", WRITE);
    write(made.opened().handle(), 0, "one");
    close(made.opened().handle());
    long writer =
        vfs.open(CALLER, made.inode().getId(), WRITE | FileHandle.TRUNCATE, false).handle();
    write(writer, 0, "two");
    vfs.sync(writer);
    assertThat(durable(made.inode().getId())).isEqualTo("two");
    assertThat(backend.syncs).hasValue(0);
    close(writer);
  }

  @Test
  void aFailedCommitIsAnErrorOfClose() throws Exception {
    Vfs.Created made = make("a", WRITE);
    write(made.opened().handle(), 0, "x");
    backend.closeFailure = new CurvineException(ErrorCode.UFS_DENIED, "no");
    refusedWith(Errno.EACCES, () -> vfs.flush(made.opened().handle()));
    vfs.release(made.opened().handle());
    assertThat(backend.leased(made.inode().getId())).isFalse();
  }

  @Test
  void aFileThatAnotherClientWritesIsBusy() throws Exception {
    BackendWriter other = backend.create(CALLER, 1, name("a"), 0644);
    long inode = other.inode().getId();
    refusedWith(Errno.EBUSY, () -> vfs.open(CALLER, inode, WRITE | FileHandle.TRUNCATE, false));
    refusedWith(Errno.EBUSY, () -> setLength(inode, 1));
    long writer = vfs.open(CALLER, inode, WRITE, false).handle();
    refusedWith(Errno.EBUSY, () -> write(writer, 0, "x"));
    close(writer);
    close(vfs.open(CALLER, inode, READ, false).handle());
    assertThat(vfs.openHandles()).isZero();
  }

  @Test
  void theFirstWriteAsksForAFileThatAnotherClientHas() throws Exception {
    BackendWriter other = backend.create(CALLER, 1, name("a"), 0644);
    long inode = other.inode().getId();
    long writer = vfs.open(CALLER, inode, BOTH, false).handle();
    other.write(0, bytes("one"));
    backend.whenWanted = wanted -> other.close();
    write(writer, 3, "two");
    assertThat(read(writer)).isEqualTo("onetwo");
    close(writer);
    assertThat(new String(backend.content(inode), StandardCharsets.UTF_8)).isEqualTo("onetwo");
  }

  @Test
  void aFileThatAnotherClientWantsGoesToItAndComesBackWithTheNextWrite() throws Exception {
    Vfs.Created made = make("a", BOTH);
    long inode = made.inode().getId();
    write(made.opened().handle(), 0, "one");
    vfs.giveWay(inode);
    assertThat(backend.leased(inode)).isFalse();
    assertThat(new String(backend.content(inode), StandardCharsets.UTF_8)).isEqualTo("one");
    assertThat(read(made.opened().handle())).isEqualTo("one");

    BackendWriter other = backend.openForWrite(CALLER, inode, false);
    other.write(3, bytes("two"));
    backend.whenWanted = wanted -> other.close();
    vfs.write(made.opened().handle(), 0, bytes("three"), true, false);
    assertThat(backend.leased(inode)).isTrue();
    close(made.opened().handle());
    assertThat(backend.leased(inode)).isFalse();
    assertThat(new String(backend.content(inode), StandardCharsets.UTF_8)).isEqualTo("onetwothree");
  }

  @Test
  void whatCannotBePublishedStaysWhenAnotherClientWantsTheFile() throws Exception {
    Vfs.Created made = make("a", WRITE);
    long inode = made.inode().getId();
    write(made.opened().handle(), 0, "one");
    backend.flushFailure = new CurvineException(ErrorCode.NOT_READY, "no leader");
    vfs.giveWay(inode);
    assertThat(backend.leased(inode)).isTrue();
    backend.flushFailure = null;
    close(made.opened().handle());
    assertThat(new String(backend.content(inode), StandardCharsets.UTF_8)).isEqualTo("one");
  }

  @Test
  void whoWaitsForAnotherClientKeepsNobodyFromReading() throws Exception {
    BackendWriter other = backend.create(CALLER, 1, name("a"), 0644);
    long inode = other.inode().getId();
    other.write(0, bytes("one"));
    other.flush();
    long reader = vfs.open(CALLER, inode, READ, false).handle();
    long writer = vfs.open(CALLER, inode, WRITE, false).handle();
    CompletableFuture<String> seen = new CompletableFuture<>();
    backend.whenWanted =
        wanted -> {
          // By another thread: one that has a lock may take it again.
          seen.complete(CompletableFuture.supplyAsync(() -> readUnchecked(reader)).join());
          other.close();
        };
    write(writer, 3, "two");
    assertThat(seen).isCompletedWithValue("one");
    close(writer);
    close(reader);
  }

  private String readUnchecked(long handle) {
    try {
      return read(handle);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aSyncMakesDurableWhatAnotherClientHasWrittenMeanwhile() throws Exception {
    Vfs.Created made = make("a", BOTH);
    long inode = made.inode().getId();
    write(made.opened().handle(), 0, "one");
    vfs.sync(made.opened().handle());
    vfs.giveWay(inode);
    vfs.sync(made.opened().handle());
    backend.replace(inode, "one, two".getBytes(StandardCharsets.UTF_8));
    vfs.changedByOthers(inode);
    vfs.sync(made.opened().handle());
    assertThat(durable(inode)).isEqualTo("one, two");
    close(made.opened().handle());
  }

  private void setLength(long inode, long length) throws IOException {
    vfs.setAttributes(CALLER, inode, SetAttributes.getDefaultInstance(), length, false);
  }

  @Test
  void appendsGoToTheEndWhereverTheKernelBelievesItToBe() throws Exception {
    Vfs.Created made = make("a", WRITE | FileHandle.APPEND);
    vfs.write(made.opened().handle(), 0, bytes("one"), true, false);
    vfs.write(made.opened().handle(), 0, bytes("two"), true, false);
    close(made.opened().handle());
    long reader = vfs.open(CALLER, made.inode().getId(), READ, false).handle();
    assertThat(read(reader)).isEqualTo("onetwo");
  }

  @Test
  void truncationGoesThroughTheWriterThatIsOpen() throws Exception {
    Vfs.Created made = make("a", BOTH);
    long inode = made.inode().getId();
    write(made.opened().handle(), 0, "hello");
    setLength(inode, 2);
    setLength(inode, 4);
    assertThat(vfs.attributes(CALLER, inode).getLengthBytes()).isEqualTo(4);
    assertThat(read(made.opened().handle())).isEqualTo("he\0\0");
    close(made.opened().handle());
    setLength(inode, 1);
    long reader = vfs.open(CALLER, inode, READ, false).handle();
    assertThat(read(reader)).isEqualTo("h");
    setLength(inode, 3);
    assertThat(read(reader)).isEqualTo("h\0\0");
    close(vfs.open(CALLER, inode, WRITE | FileHandle.TRUNCATE, false).handle());
    assertThat(backend.content(inode)).isEmpty();
  }

  @Test
  void anUnlinkedOpenFileGoesOnLocally() throws Exception {
    Vfs.Created made = make("a", BOTH);
    long inode = made.inode().getId();
    write(made.opened().handle(), 0, "hello");
    vfs.unlink(CALLER, 1, name("a"));
    assertThat(backend.exists(inode)).isFalse();
    try (var left = Files.list(spool)) {
      assertThat(left).isEmpty();
    }
    write(made.opened().handle(), 5, " you");
    assertThat(read(made.opened().handle())).isEqualTo("hello you");
    assertThat(vfs.attributes(CALLER, inode).getNlink()).isZero();
    assertThat(vfs.attributes(CALLER, inode).getLengthBytes()).isEqualTo(9);
    setLength(inode, 5);
    Inode changed =
        vfs.setAttributes(
            CALLER, inode, SetAttributes.newBuilder().setMode(0600).build(), null, false);
    assertThat(changed.getMode()).isEqualTo(0600);
    assertThat(changed.getLengthBytes()).isEqualTo(5);
    long again = vfs.open(CALLER, inode, READ, false).handle(); // through /proc/self/fd
    assertThat(read(again)).isEqualTo("hello");
    vfs.sync(made.opened().handle());
    close(again);
    close(made.opened().handle());
    refusedWith(Errno.ESTALE, () -> vfs.attributes(CALLER, inode));
  }

  @Test
  void aFileReplacedByRenameWhileOpenGoesOnLocally() throws Exception {
    Vfs.Created old = make("old", WRITE);
    write(old.opened().handle(), 0, "old");
    close(old.opened().handle());
    long reader = vfs.open(CALLER, old.inode().getId(), READ, false).handle();
    Vfs.Created fresh = make("new", WRITE);
    write(fresh.opened().handle(), 0, "new");
    close(fresh.opened().handle());
    vfs.rename(CALLER, 1, name("new"), 1, name("old"), false);
    assertThat(read(reader)).isEqualTo("old");
    close(reader);
    long now = vfs.open(CALLER, vfs.lookup(CALLER, 1, name("old")).getId(), READ, false).handle();
    assertThat(read(now)).isEqualTo("new");
  }

  @Test
  void aFileWithAnotherNameSurvivesTheUnlink() throws Exception {
    Vfs.Created made = make("a", WRITE);
    long inode = made.inode().getId();
    vfs.link(CALLER, inode, 1, name("b"));
    vfs.rename(CALLER, 1, name("a"), 1, name("b"), false); // POSIX: both names stay
    write(made.opened().handle(), 0, "x");
    vfs.unlink(CALLER, 1, name("a"));
    close(made.opened().handle());
    assertThat(backend.content(inode)).containsExactly('x');
    assertThat(vfs.attributes(CALLER, inode).getNlink()).isEqualTo(1);
  }

  @Test
  void aRefusedDeleteLeavesTheOpenFileAsItWas() throws Exception {
    Vfs.Created made = make("a", BOTH);
    write(made.opened().handle(), 0, "x");
    vfs.makeDirectory(CALLER, 1, name("d"), 0755);
    refusedWith(Errno.EISDIR, () -> vfs.unlink(CALLER, 1, name("d")));
    refusedWith(Errno.ENOENT, () -> vfs.unlink(CALLER, 1, name("nothing")));
    refusedWith(Errno.EEXIST, () -> vfs.rename(CALLER, 1, name("d"), 1, name("a"), true));
    write(made.opened().handle(), 1, "y");
    assertThat(read(made.opened().handle())).isEqualTo("xy");
    close(made.opened().handle());
    assertThat(backend.content(made.inode().getId())).containsExactly('x', 'y');
  }

  @Test
  void aTimeThatWasSetWhileWritingOutlivesTheClose() throws Exception {
    Vfs.Created made = make("a", WRITE);
    long inode = made.inode().getId();
    write(made.opened().handle(), 0, "x");
    SetAttributes past = SetAttributes.newBuilder().setMtimeNanos(1_000_000_007L).build();
    vfs.setAttributes(CALLER, inode, past, null, false);
    close(made.opened().handle());
    assertThat(vfs.attributes(CALLER, inode).getMtimeNanos()).isEqualTo(1_000_000_007L);
  }

  @Test
  void creatingWithoutExclusiveOpensWhatIsThere() throws Exception {
    Vfs.Created made = make("a", WRITE);
    write(made.opened().handle(), 0, "x");
    close(made.opened().handle());
    Vfs.Created again = make("a", BOTH);
    assertThat(again.inode().getId()).isEqualTo(made.inode().getId());
    assertThat(read(again.opened().handle())).isEqualTo("x");
    close(again.opened().handle());
    refusedWith(Errno.EEXIST, () -> make("a", WRITE | FileHandle.EXCLUSIVE));
    Vfs.Created readOnly = make("b", READ);
    assertThat(backend.leased(readOnly.inode().getId())).isFalse();
    refusedWith(Errno.EBADF, () -> write(readOnly.opened().handle(), 0, "x"));
  }

  @Test
  void setIdBitsGoWithAWriteAndWithANewOwner() throws Exception {
    Vfs.Created made = vfs.create(CALLER, 1, name("a"), 06755, WRITE);
    long inode = made.inode().getId();
    vfs.write(made.opened().handle(), 0, bytes("x"), false, true);
    assertThat(vfs.attributes(CALLER, inode).getMode()).isEqualTo(0755);
    vfs.setAttributes(
        CALLER, inode, SetAttributes.newBuilder().setMode(04755).build(), null, false);
    vfs.setAttributes(CALLER, inode, SetAttributes.newBuilder().setUid(5).build(), null, false);
    assertThat(vfs.attributes(CALLER, inode).getMode()).isEqualTo(0755);
    close(made.opened().handle());
  }

  @Test
  void aDirectoryWithSetGroupIdGivesItsGroup() throws Exception {
    Inode shared = vfs.makeDirectory(CALLER, 1, name("d"), 02775);
    vfs.setAttributes(
        CALLER, shared.getId(), SetAttributes.newBuilder().setGid(77).build(), null, false);
    Inode file = vfs.makeFile(CALLER, shared.getId(), name("f"), 0644);
    assertThat(file.getGid()).isEqualTo(77);
    Inode inner = vfs.makeDirectory(CALLER, shared.getId(), name("g"), 0755);
    assertThat(inner.getGid()).isEqualTo(77);
    assertThat(inner.getMode()).isEqualTo(02755);
  }

  @Test
  void aListingKeepsItsCookiesWhileEntriesGoAndCome() throws Exception {
    for (int i = 0; i < 2500; i++) {
      vfs.makeFile(CALLER, 1, name(String.format("f%05d", i)), 0644);
    }
    long handle = vfs.openDirectory(CALLER, 1);
    List<String> seen = new ArrayList<>();
    long[] cookie = {0};
    int before;
    do {
      before = seen.size();
      int[] room = {700};
      vfs.readDirectory(
          handle,
          cookie[0],
          (name, entry, next, current) -> {
            if (room[0]-- == 0) {
              return false;
            }
            seen.add(name.toStringUtf8());
            cookie[0] = next;
            return true;
          });
      for (String name : seen.subList(Math.max(2, before), seen.size())) {
        vfs.unlink(CALLER, 1, name(name));
      }
    } while (seen.size() > before);
    assertThat(seen).hasSize(2502).doesNotHaveDuplicates();

    vfs.makeFile(CALLER, 1, name("late"), 0644);
    List<String> rewound = new ArrayList<>();
    vfs.readDirectory(handle, 0, (name, entry, next, current) -> rewound.add(name.toStringUtf8()));
    assertThat(rewound).containsExactly(".", "..", "late");
    vfs.releaseDirectory(handle);
    refusedWith(Errno.EBADF, () -> vfs.releaseDirectory(handle));
  }

  @Test
  void anEntryThatChangedSinceItWasListedIsGivenWithoutAttributes() throws Exception {
    Inode directory = vfs.makeDirectory(CALLER, 1, name("d"), 0755);
    Inode first = vfs.makeFile(CALLER, directory.getId(), name("a"), 0644);
    vfs.makeFile(CALLER, directory.getId(), name("b"), 0644);
    long handle = vfs.openDirectory(CALLER, directory.getId());
    List<Boolean> known = new ArrayList<>();
    vfs.readDirectory(handle, 0, (n, entry, next, current) -> known.add(current));
    assertThat(known).containsExactly(false, false, true, true);
    setLength(first.getId(), 10);
    known.clear();
    vfs.readDirectory(handle, 2, (n, entry, next, current) -> known.add(current));
    assertThat(known).containsExactly(false, true);
    vfs.unlink(CALLER, directory.getId(), name("b"));
    known.clear();
    vfs.readDirectory(handle, 2, (n, entry, next, current) -> known.add(current));
    assertThat(known).containsExactly(false, false);
  }

  @Test
  void aSpecialFileIsKnownUntilTheKernelForgetsIt() throws Exception {
    Inode made = vfs.makeSpecial(CALLER, 1, name("p"), SpecialType.FIFO, 0600, 0);
    assertThat(made.getType()).isEqualTo(InodeType.SPECIAL);
    assertThat(made.getSpecialType()).isEqualTo(SpecialType.FIFO.bits());
    vfs.link(CALLER, made.getId(), 1, name("q"));
    vfs.unlink(CALLER, 1, name("p"));
    assertThat(vfs.attributes(CALLER, made.getId()).getNlink()).isEqualTo(1);
    make("f", WRITE);
    vfs.rename(CALLER, 1, name("f"), 1, name("q"), false);
    assertThat(vfs.attributes(CALLER, made.getId()).getNlink()).isZero();
    vfs.forget(made.getId());
    refusedWith(Errno.ESTALE, () -> vfs.attributes(CALLER, made.getId()));
  }

  @Test
  void aSpecialFileThatAnotherDeletedIsGone() throws Exception {
    Inode made = vfs.makeSpecial(CALLER, 1, name("p"), SpecialType.SOCKET, 0600, 0);
    backend.delete(CALLER, 1, name("p"), InodeType.FILE);
    refusedWith(Errno.ESTALE, () -> vfs.attributes(CALLER, made.getId()));
  }

  @Test
  void filesThatAreOpenGoOnWhenTheyAreExchanged() throws Exception {
    Vfs.Created first = make("a", BOTH);
    Vfs.Created second = make("b", BOTH);
    write(first.opened().handle(), 0, "first");
    write(second.opened().handle(), 0, "second");
    vfs.exchange(CALLER, 1, name("a"), 1, name("b"));
    write(first.opened().handle(), 5, " more");
    assertThat(vfs.lookup(CALLER, 1, name("b")).getLengthBytes()).isEqualTo(10);
    assertThat(vfs.lookup(CALLER, 1, name("a")).getLengthBytes()).isEqualTo(6);
    close(first.opened().handle());
    close(second.opened().handle());
    assertThat(new String(backend.content(first.inode().getId()), StandardCharsets.UTF_8))
        .isEqualTo("first more");
    refusedWith(Errno.ENOENT, () -> vfs.exchange(CALLER, 1, name("a"), 1, name("none")));
  }

  @Test
  void aDirectoryRemovedWhileOpenIsEmpty() throws Exception {
    Inode directory = vfs.makeDirectory(CALLER, 1, name("d"), 0755);
    long handle = vfs.openDirectory(CALLER, directory.getId());
    vfs.removeDirectory(CALLER, 1, name("d"));
    List<String> names = new ArrayList<>();
    vfs.readDirectory(handle, 0, (n, entry, next, current) -> names.add(n.toStringUtf8()));
    assertThat(names).containsExactly(".", "..");
  }

  @Test
  void securityAttributesCostNoCall() throws Exception {
    refusedWith(Errno.ENODATA, () -> vfs.xattrs().get(CALLER, 99, name("security.capability")));
    refusedWith(
        Errno.EOPNOTSUPP, () -> vfs.xattrs().get(CALLER, 99, name("system.posix_acl_access")));
    refusedWith(Errno.EOPNOTSUPP, () -> vfs.xattrs().get(CALLER, 1, name("other.a")));
    refusedWith(
        Errno.EOPNOTSUPP, () -> vfs.xattrs().set(CALLER, 1, name("a"), name("v"), false, false));
    refusedWith(Errno.EINVAL, () -> vfs.xattrs().remove(CALLER, 1, name("user.")));
    vfs.xattrs().set(CALLER, 1, name("user.a"), name("v"), true, false);
    assertThat(vfs.xattrs().list(CALLER, 1)).containsExactly(name("user.a"));
    assertThat(vfs.xattrs().get(CALLER, 1, name("user.a"))).isEqualTo(name("v"));
    refusedWith(
        Errno.EEXIST, () -> vfs.xattrs().set(CALLER, 1, name("user.a"), name("v"), true, false));
    vfs.xattrs().remove(CALLER, 1, name("user.a"));
    refusedWith(Errno.ENODATA, () -> vfs.xattrs().get(CALLER, 1, name("user.a")));
  }

  @Test
  void randomReadsWritesAndTruncationsAgreeWithAPlainArray() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Vfs.Created made = make("a", BOTH);
    long inode = made.inode().getId();
    long handle = made.opened().handle();
    byte[] model = new byte[0];
    boolean unlinked = false;
    for (int step = 0; step < 2000; step++) {
      int at = random.nextInt(5000);
      switch (random.nextInt(7)) {
        case 0, 1 -> {
          byte[] data = new byte[1 + random.nextInt(500)];
          random.nextBytes(data);
          vfs.write(handle, at, ByteBuffer.wrap(data), false, false);
          model = java.util.Arrays.copyOf(model, Math.max(model.length, at + data.length));
          System.arraycopy(data, 0, model, at, data.length);
        }
        case 2 -> {
          setLength(inode, at);
          model = java.util.Arrays.copyOf(model, at);
        }
        case 3 -> vfs.flush(handle);
        case 4 -> vfs.sync(handle);
        case 5 -> {
          if (step > 1500 && !unlinked) {
            vfs.unlink(CALLER, 1, name("a"));
            unlinked = true;
          }
        }
        default -> {
          ByteBuffer into = ByteBuffer.allocate(6000);
          int count = vfs.read(handle, 0, into);
          assertThat(java.util.Arrays.copyOf(into.array(), count))
              .as("step %d seed %d", step, seed)
              .isEqualTo(model);
        }
      }
      assertThat(vfs.attributes(CALLER, inode).getLengthBytes())
          .as("step %d seed %d", step, seed)
          .isEqualTo(model.length);
    }
    close(handle);
  }

  private boolean keepsPages(long inode, int flags) throws IOException {
    Vfs.Opened opened = vfs.open(CALLER, inode, flags, false);
    close(opened.handle());
    return opened.keepsPages();
  }

  @Test
  void theKernelKeepsPagesOfWhatWasReadUntilOthersWriteTheFile() throws Exception {
    Vfs.Created made = make("a", WRITE);
    final long inode = made.inode().getId();
    close(made.opened().handle());
    backend.replace(inode, "one".getBytes(StandardCharsets.UTF_8));
    Vfs.Opened reader = vfs.open(CALLER, inode, READ, false);
    assertThat(reader.keepsPages()).isFalse();
    assertThat(read(reader.handle())).isEqualTo("one");
    assertThat(keepsPages(inode, READ)).isTrue();

    backend.replace(inode, "two".getBytes(StandardCharsets.UTF_8));
    assertThat(keepsPages(inode, READ)).isFalse();
    assertThat(read(reader.handle())).isEqualTo("two");
    assertThat(keepsPages(inode, READ)).isTrue();
    vfs.forget(inode); // the kernel has it open, and so has it again
    assertThat(keepsPages(inode, READ)).isTrue();
    close(reader.handle());
    vfs.forget(inode);
    assertThat(keepsPages(inode, READ)).isFalse();
  }

  @Test
  void theKernelKeepsPagesOfWhatWasWrittenHereAlone() throws Exception {
    Vfs.Created made = make("a", WRITE);
    final long inode = made.inode().getId();
    write(made.opened().handle(), 0, "one");
    assertThat(keepsPages(inode, READ)).isTrue();
    close(made.opened().handle());
    assertThat(keepsPages(inode, READ)).isTrue();
    assertThat(keepsPages(inode, BOTH | FileHandle.TRUNCATE)).isFalse();

    long writer = vfs.open(CALLER, inode, WRITE, false).handle();
    vfs.write(writer, 0, bytes("end"), true, false);
    assertThat(keepsPages(inode, READ)).isTrue();
    vfs.write(writer, 0, bytes("more"), true, false); // at 3, which the kernel does not know
    assertThat(keepsPages(inode, READ)).isFalse();
    close(writer);
  }

  @Test
  void theKernelKeepsNoPagesOfTwoContents() throws Exception {
    Vfs.Created made = make("a", WRITE);
    final long inode = made.inode().getId();
    write(made.opened().handle(), 0, "one");
    close(made.opened().handle());
    long reader = vfs.open(CALLER, inode, READ, false).handle();
    read(reader);
    backend.replace(inode, "two".getBytes(StandardCharsets.UTF_8));
    vfs.changedByOthers(inode);
    read(reader);
    assertThat(keepsPages(inode, READ)).isFalse();
    read(reader);
    assertThat(keepsPages(inode, READ)).isTrue();
    close(reader);
  }
}
