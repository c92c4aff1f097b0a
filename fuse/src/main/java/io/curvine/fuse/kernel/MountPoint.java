/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.vfs.Errno;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory that is mounted on: mount(2), umount2(2) and what is around them. Immutable. */
final class MountPoint {
  private static final Logger LOG = LoggerFactory.getLogger(MountPoint.class);
  private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");

  private final Path path;

  private MountPoint(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /**
   * Checks the directory. A mount that its process left dead behind is taken away first.
   *
   * @throws CurvineException INVALID_ARGUMENT: not a directory, or something is mounted on it
   */
  static MountPoint at(Path directory) throws IOException {
    Path absolute = directory.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    if (parent == null) {
      throw refused(absolute, "is the root directory");
    }
    if (!Files.isDirectory(parent)) {
      throw refused(absolute, "does not exist");
    }
    Path path = parent.toRealPath().resolve(absolute.getFileName());
    removeDead(path);
    Optional<MountTable.Mounted> mounted = MountTable.at(path);
    if (mounted.isPresent()) {
      throw refused(path, "has a " + mounted.get().type() + " file system mounted on it already");
    }
    if (!Files.isDirectory(path)) {
      throw refused(path, Files.exists(path) ? "is not a directory" : "does not exist");
    }
    return new MountPoint(path.toRealPath());
  }

  private static void removeDead(Path path) throws IOException {
    int result = Libc.calls().access(path.toString(), 0);
    if (result == 0 || Libc.lastError() != Errno.ENOTCONN) {
      return;
    }
    if (Libc.calls().umount2(path.toString(), Libc.MNT_DETACH) != 0) {
      throw refused(
          path, "has a dead mount that cannot be removed: " + Libc.describe(Libc.lastError()));
    }
    LOG.info("removed the dead mount on {}", path);
  }

  /** Mounts the connection of a descriptor here. */
  void mount(Device device, FuseConfig config, int maxReadBytes) throws CurvineException {
    String options =
        "fd="
            + device.descriptor()
            + ",rootmode=40755,user_id=0,group_id=0,default_permissions,max_read="
            + maxReadBytes
            + (config.allowOther() ? ",allow_other" : "");
    long flags = Libc.MS_NOSUID | Libc.MS_NODEV | (config.readOnly() ? Libc.MS_RDONLY : 0);
    if (Libc.calls().mount("curvine", path.toString(), "fuse.curvine", flags, options) != 0) {
      int error = Libc.lastError();
      throw new CurvineException(
          error == Errno.EPERM ? ErrorCode.PERMISSION_DENIED : ErrorCode.INVALID_ARGUMENT,
          "mount on " + path + " failed: " + Libc.describe(error) + "; needed: root");
    }
  }

  /** Has the kernel read ahead by more than the 128 KiB that it takes by itself. */
  void readAhead(long bytes) throws IOException {
    Optional<MountTable.Mounted> mounted = MountTable.at(path);
    if (mounted.isEmpty()) {
      return;
    }
    Path setting = Path.of("/sys/class/bdi", mounted.get().device(), "read_ahead_kb");
    try {
      Files.writeString(setting, Long.toString(bytes >> 10));
    } catch (IOException e) {
      LOG.warn("the kernel's read-ahead stays at its default: {}", e.toString());
    }
  }

  /** Unmounts if nothing is open; gives 0 or the error number. */
  int unmount() {
    return Libc.calls().umount2(path.toString(), 0) == 0 ? 0 : Libc.lastError();
  }

  /** Takes the mount out of the tree; what is open in it stays usable until the connection ends. */
  int detach() {
    return Libc.calls().umount2(path.toString(), Libc.MNT_DETACH) == 0 ? 0 : Libc.lastError();
  }

  /** Number of the connection that is mounted here, or null. */
  String connection() throws IOException {
    return MountTable.at(path)
        .filter(MountTable.Mounted::isFuse)
        .map(MountTable.Mounted::minor)
        .orElse(null);
  }

  /** Ends a connection whatever is open in it: every call on it fails from now on. */
  static void abort(String connection) throws IOException {
    if (!Files.isDirectory(CONNECTIONS)) {
      return;
    }
    Path abort = CONNECTIONS.resolve(connection).resolve("abort");
    if (!Files.exists(abort)) {
      Libc.calls().mount("fusectl", CONNECTIONS.toString(), "fusectl", 0, null);
    }
    if (Files.exists(abort)) {
      Files.writeString(abort, "1");
    }
  }

  private static CurvineException refused(Path path, String why) {
    return new CurvineException(
        ErrorCode.INVALID_ARGUMENT,
        "mount point " + path + " " + why + "; allowed: a directory that nothing is mounted on");
  }
}
