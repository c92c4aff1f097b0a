/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.fuse.FakeBackend;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and directories that lost their last name while programs have them open. */
final class NamelessTest {
  private static final Caller CALLER = new Caller(1000, 100);
  private static final ByteString NAME = text("a");
  private static final ByteString KEPT = text("user.kept");
  private static final ByteString ADDED = text("user.added");

  @TempDir private Path spool;
  private Vfs vfs;

  @BeforeEach
  void make() {
    vfs = new Vfs(new FakeBackend(), spool);
  }

  private static ByteString text(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** Waits until the clock shows another time than it did. */
  private static void tick() {
    long before = Clock.nowNanos();
    while (Clock.nowNanos() == before) {
      Thread.onSpinWait();
    }
  }

  private static void refusedWith(int errno, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(IOException.class, e -> assertThat(Errno.of(e)).isEqualTo(errno));
  }

  @Test
  void aFileKeepsItsXattrsAndTakesOthers() throws Exception {
    Vfs.Created made = vfs.create(CALLER, 1, NAME, 0644, FileHandle.READ_WRITE);
    long inode = made.inode().getId();
    vfs.xattrs().set(CALLER, inode, KEPT, text("one"), false, false);
    vfs.unlink(CALLER, 1, NAME);
    checkXattrs(inode);
    vfs.release(made.opened().handle());
  }

  private void checkXattrs(long inode) throws IOException {
    Xattrs xattrs = vfs.xattrs();
    assertThat(xattrs.get(CALLER, inode, KEPT)).isEqualTo(text("one"));
    long before = vfs.attributes(CALLER, inode).getCtimeNanos();
    tick();
    xattrs.set(CALLER, inode, ADDED, text("two"), true, false);
    assertThat(vfs.attributes(CALLER, inode).getCtimeNanos()).isGreaterThan(before);
    assertThat(xattrs.list(CALLER, inode)).containsExactly(KEPT, ADDED);
    refusedWith(Errno.EEXIST, () -> xattrs.set(CALLER, inode, ADDED, KEPT, true, false));
    xattrs.remove(CALLER, inode, KEPT);
    refusedWith(Errno.ENODATA, () -> xattrs.get(CALLER, inode, KEPT));
    refusedWith(Errno.ENODATA, () -> xattrs.remove(CALLER, inode, KEPT));
    refusedWith(Errno.ENODATA, () -> xattrs.set(CALLER, inode, KEPT, KEPT, false, true));
    assertThat(xattrs.list(CALLER, inode)).isEqualTo(List.of(ADDED));
  }

  @Test
  void aWriteToAFileTakesItsSetIdBits() throws Exception {
    Vfs.Created made = vfs.create(CALLER, 1, NAME, 06755, FileHandle.READ_WRITE);
    vfs.unlink(CALLER, 1, NAME);
    vfs.write(made.opened().handle(), 0, ByteBuffer.allocate(1), false, true);
    assertThat(vfs.attributes(CALLER, made.inode().getId()).getMode()).isEqualTo(0755);
    vfs.release(made.opened().handle());
  }

  @Test
  void aDirectoryIsWhatItWasUntilTheKernelForgetsIt() throws Exception {
    Inode made = vfs.makeDirectory(CALLER, 1, NAME, 0750);
    long inode = made.getId();
    vfs.xattrs().set(CALLER, inode, KEPT, text("one"), false, false);
    final long before = vfs.attributes(CALLER, inode).getCtimeNanos();
    long handle = vfs.openDirectory(CALLER, inode);
    tick();
    vfs.removeDirectory(CALLER, 1, NAME);
    Inode removed = vfs.attributes(CALLER, inode);
    assertThat(removed.getNlink()).isZero();
    assertThat(removed.getMode()).isEqualTo(0750);
    assertThat(removed.getMtimeNanos()).isEqualTo(made.getMtimeNanos());
    assertThat(removed.getCtimeNanos()).isGreaterThan(before);
    checkXattrs(inode);
    SetAttributes change = SetAttributes.newBuilder().setMode(0700).build();
    vfs.setAttributes(CALLER, inode, change, null, false);
    assertThat(vfs.attributes(CALLER, inode).getMode()).isEqualTo(0700);
    refusedWith(Errno.ENOENT, () -> vfs.makeDirectory(CALLER, inode, NAME, 0755));
    vfs.releaseDirectory(handle);
    vfs.forget(inode);
    refusedWith(Errno.ESTALE, () -> vfs.attributes(CALLER, inode));
  }

  @Test
  void aDirectoryThatARenameReplacesIsWhatItWas() throws Exception {
    Inode replaced = vfs.makeDirectory(CALLER, 1, NAME, 0750);
    vfs.makeDirectory(CALLER, 1, text("b"), 0755);
    long handle = vfs.openDirectory(CALLER, replaced.getId());
    vfs.rename(CALLER, 1, text("b"), 1, NAME, false);
    assertThat(vfs.attributes(CALLER, replaced.getId()).getNlink()).isZero();
    vfs.releaseDirectory(handle);
  }

  @Test
  void aDirectoryThatCannotBeRemovedStays() throws Exception {
    Inode directory = vfs.makeDirectory(CALLER, 1, NAME, 0750);
    vfs.makeDirectory(CALLER, directory.getId(), NAME, 0750);
    long handle = vfs.openDirectory(CALLER, directory.getId());
    refusedWith(Errno.ENOTEMPTY, () -> vfs.removeDirectory(CALLER, 1, NAME));
    assertThat(vfs.attributes(CALLER, directory.getId()).getNlink()).isEqualTo(3);
    vfs.releaseDirectory(handle);
  }
}
