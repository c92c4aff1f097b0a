/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import io.curvine.client.CurvineInputStream;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code curvine fs get}. */
@Command(
    name = "get",
    description = "Copy files and directories of the namespace to local ones.",
    mixinStandardHelpOptions = true)
final class Get extends CopyAction {
  @Mixin private ReadMixin reading;

  @Override
  void copy(Transfer transfer, String source, String target, boolean several) throws IOException {
    RemotePath from = RemotePath.parse(source);
    Inode inode = namespace().get(from.ref(), true).getInode();
    if (target.equals("-")) {
      toStandardOutput(from, inode);
      return;
    }
    Path to = Path.of(target);
    boolean into = Files.isDirectory(to);
    if (several && !into) {
      throw new CliException(to + " is not a directory; allowed with several sources: a directory");
    }
    get(transfer, from, inode, into && !from.isRoot() ? to.resolve(from.name()) : to);
  }

  private void toStandardOutput(RemotePath from, Inode inode) throws IOException {
    if (inode.getType() == InodeType.DIRECTORY) {
      throw new CliException(from + " is a directory; allowed to standard output: files");
    }
    try (CurvineInputStream in = client().openStream(from.ref(), reading.options(client()))) {
      in.transferTo(program().stdout());
    }
    program().stdout().flush();
  }

  private void get(Transfer transfer, RemotePath from, Inode inode, Path to) throws IOException {
    switch (inode.getType()) {
      case DIRECTORY -> directory(transfer, from, inode, to);
      case SYMLINK ->
          transfer.attempt(
              () -> {
                Path link = Path.of(inode.getSymlinkTarget().toStringUtf8());
                if (force) {
                  Files.deleteIfExists(to);
                }
                Files.createSymbolicLink(to, link);
                return 0;
              });
      case SPECIAL -> problem(new CliException(from + " is a " + Show.type(inode) + "; left out"));
      default -> transfer.submit(() -> file(from, inode, to));
    }
  }

  private void directory(Transfer transfer, RemotePath from, Inode inode, Path to)
      throws IOException {
    if (!Files.isDirectory(to)) {
      Files.createDirectory(to);
      setMode(to, inode.getMode() | 0700);
    }
    try {
      for (Entry entry : namespace().entries(from.ref())) {
        String name = entry.getName().toStringUtf8();
        get(transfer, from.child(name), entry.getInode(), to.resolve(name));
      }
    } catch (IOException | UncheckedIOException e) {
      problem(e);
    }
  }

  /** Written beside the target and then moved, so that nobody sees half a file. */
  private long file(RemotePath from, Inode inode, Path to) throws IOException {
    if (!force && Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new FileAlreadyExistsException(to.toString());
    }
    Path directory = to.toAbsolutePath().getParent();
    Path part =
        directory.resolve(
            "." + inode.getId() + "." + ProcessHandle.current().pid() + ".curvine-part");
    long copied;
    try {
      try (CurvineInputStream in =
              client().openStream(Refs.inode(inode.getId()), reading.options(client()));
          OutputStream out =
              Files.newOutputStream(
                  part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        copied = in.transferTo(out);
      }
      setMode(part, inode.getMode());
      if (preserve) {
        Files.setLastModifiedTime(part, FileTime.from(Show.instant(inode.getMtimeNanos())));
      }
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CliException("cannot copy " + from + ": " + io.curvine.cli.Failures.line(e), e);
    } finally {
      Files.deleteIfExists(part);
    }
    return copied;
  }

  private static void setMode(Path local, int mode) throws IOException {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] bits =
        PosixFilePermission.values(); // owner read first, others execute last
    for (int i = 0; i < bits.length; i++) {
      if ((mode >> (bits.length - 1 - i) & 1) != 0) {
        permissions.add(bits[i]);
      }
    }
    Files.setPosixFilePermissions(local, permissions);
  }
}
