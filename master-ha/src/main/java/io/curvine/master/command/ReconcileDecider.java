/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.JobTarget;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.PathResolver.Place;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.DirectoryLoaded;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileContentChanged;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.protocol.proto.UfsEntryLoaded;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings one range of a directory's names to what the UFS was seen to hold. Leaves alone what a
 * pending job will change, what is being written, what the UFS never had, and mount points.
 */
final class ReconcileDecider {
  private static final int FILE_MODE = 0644;
  private static final int DIRECTORY_MODE = 0755;

  /** What is more goes at the next scan. */
  private static final int CHANGES_MAX = 5_000;

  /** In place of a name: the directory is to be compared as a whole. */
  static final ByteString ALL = ByteString.EMPTY;

  private final ReconcileDirectory command;
  private final Inode directory;
  private final Mount mount;
  private final Context context;

  /** Of which changes made here ended since the UFS was asked; the empty path: all. */
  private final Set<ByteString> settled;

  /** Names that differ and could not be taken over now. */
  private final List<ByteString> passedOver = new ArrayList<>();

  private ReconcileDecider(
      ReconcileDirectory command, Inode directory, Mount mount, Context context) {
    this.command = command;
    this.directory = directory;
    this.mount = mount;
    this.context = context;
    this.settled = Set.copyOf(command.getSettledList());
  }

  /**
   * Emits what follows from what was seen.
   *
   * @return the names that differ and were left alone, or {@link #ALL}; the others are then as they
   *     were seen
   */
  static List<ByteString> reconcile(ReconcileDirectory command, Context context) throws Refused {
    Inode directory = context.namespace().find(command.getDirectory());
    if (directory == null || !NamespaceView.isDirectory(directory)) {
      throw new Refused(ErrorCode.NOT_FOUND, "no directory with inode " + command.getDirectory());
    }
    Mount mount = context.mounts().find(directory.getMountId());
    if (mount == null || mount.getMode() != MountMode.CACHE) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "inode " + command.getDirectory() + " is not under a cache-mode mount");
    }
    ReconcileDecider decider = new ReconcileDecider(command, directory, mount, context);
    decider.decide();
    return decider.passedOver;
  }

  private void decide() {
    Map<ByteString, Long> present = present();
    for (UfsEntry seen : command.getEntriesList()) {
      Long id = present.remove(seen.getName());
      if (isNameable(seen)) {
        compare(seen, id == null ? null : context.namespace().require(id));
      }
    }
    present.forEach(this::gone);
    if (isListedWhileItMoves()) {
      passedOver.add(ALL);
    }
    if (command.getComplete() && !directory.getNamesLoaded()) {
      context.emit(
          Event.newBuilder()
              .setDirectoryLoaded(DirectoryLoaded.newBuilder().setInode(directory.getId())));
    }
  }

  /** The names that the state has in the range that was looked at. */
  private Map<ByteString, Long> present() {
    Map<ByteString, Long> names = new LinkedHashMap<>();
    if (!command.getSingle().isEmpty()) {
      long id = context.namespace().childId(directory.getId(), command.getSingle());
      if (id != 0 && (command.getIfInode() == 0 || command.getIfInode() == id)) {
        names.put(command.getSingle(), id);
      }
      return names;
    }
    context
        .namespace()
        .children(
            directory.getId(),
            command.getAfter(),
            (name, inode) -> {
              boolean inRange =
                  command.getUpTo().isEmpty()
                      || ByteString.unsignedLexicographicalComparator()
                              .compare(name, command.getUpTo())
                          <= 0;
              if (inRange) {
                names.put(name, inode);
              }
              return inRange;
            });
    return names;
  }

  private static boolean isNameable(UfsEntry seen) {
    return !seen.getName().isEmpty() && seen.getName().size() <= Limits.NAME_MAX_BYTES;
  }

  private void compare(UfsEntry seen, Inode present) {
    if (present != null && isAsSeen(seen, present)) {
      return;
    }
    if (pending(seen.getName())) {
      passedOver.add(seen.getName());
    } else if (present == null) {
      load(seen);
    } else if (!mayGo(present)) {
      passOver(seen.getName(), present);
    } else if (present.getType() != seen.getType()) {
      delete(seen.getName(), present);
      load(seen);
    } else if (present.hasUfs()) {
      context.emit(
          Event.newBuilder()
              .setFileContentChanged(
                  FileContentChanged.newBuilder()
                      .setInode(present.getId())
                      .setVersion(context.newVersion())
                      .setUfs(seen.getUfs())));
    } else {
      passOver(seen.getName(), present);
    }
  }

  /**
   * It is looked at again where what is in the way passes: not a mount, nor content that no UFS
   * will ever have.
   */
  private void passOver(ByteString name, Inode present) {
    boolean local = context.mounts().exporting(mount.getId()) == null;
    boolean mounts =
        context.mounts().rootedAt(present) != null
            || (NamespaceView.isDirectory(present) && holdsMount(present));
    if (present.hasLease() || !(local || mounts)) {
      passedOver.add(name);
    }
  }

  /** Other names of a file are not compared: its content is bound to the primary one. */
  private boolean isAsSeen(UfsEntry seen, Inode present) {
    return present.getType() == seen.getType()
        && (!NamespaceView.isFile(present)
            || !isPrimary(seen.getName(), present)
            || (present.hasUfs()
                && versionAt(seen.getName(), present).equals(seen.getUfs().getVersion())));
  }

  private String versionAt(ByteString name, Inode file) {
    return JobTarget.versionAt(
        file, new NamespaceView.Name(directory.getId(), name), context.namespace());
  }

  private void gone(ByteString name, long id) {
    Inode inode = context.namespace().require(id);
    if (!inode.hasUfs() || !hadObject(name, inode)) {
      return;
    }
    if (context.events().size() >= CHANGES_MAX || pending(name)) {
      passedOver.add(name);
    } else if (mayGo(inode)) {
      delete(name, inode);
    } else {
      passOver(name, inode);
    }
  }

  /** Each name of a file has an object of its own, which may not have been made yet. */
  private boolean hadObject(ByteString name, Inode inode) {
    return isPrimary(name, inode)
        || !NamespaceView.isFile(inode)
        || !versionAt(name, inode).isEmpty();
  }

  private boolean mayGo(Inode inode) {
    return !inode.hasLease()
        && context.mounts().rootedAt(inode) == null
        && inode.getExportedVersion() == inode.getVersion()
        && !(NamespaceView.isDirectory(inode) && holdsMount(inode));
  }

  private boolean holdsMount(Inode below) {
    return context.mounts().all().stream()
        .anyMatch(each -> context.namespace().isAtOrAbove(below.getId(), each.getRootInode()));
  }

  /** A change made here is on its way to the UFS, or was when the UFS was asked. */
  private boolean pending(ByteString name) {
    ByteString path = context.mounts().ufsPath(mount, directory, name);
    if (settled.contains(path)) {
      return true;
    }
    // What was never listed has to come from somewhere, also while all of it moves.
    boolean loaded = directory.getNamesLoaded() || !command.getSingle().isEmpty();
    return loaded
        ? settled.contains(ByteString.EMPTY) || context.jobs().overlaps(mount.getId(), path)
        : context.jobs().overlapsAtOrBelow(mount.getId(), path);
  }

  /** It is not known to be what the UFS has once what is under way has ended. */
  private boolean isListedWhileItMoves() {
    return command.getComplete()
        && !directory.getNamesLoaded()
        && (settled.contains(ByteString.EMPTY)
            || context
                .jobs()
                .overlapsAtOrAbove(mount.getId(), context.mounts().ufsPath(mount, directory)));
  }

  private boolean isPrimary(ByteString name, Inode inode) {
    return inode.getParent() == directory.getId() && inode.getName().equals(name);
  }

  private void delete(ByteString name, Inode inode) {
    context.emit(
        DeleteDeciders.deleted(
            new Place(directory, name, inode), NamespaceView.isDirectory(inode), true));
  }

  private void load(UfsEntry seen) {
    boolean isDirectory = seen.getType() == InodeType.DIRECTORY;
    int mode =
        seen.getMode() != 0
            ? seen.getMode() & Places.MODE_MAX
            : isDirectory ? DIRECTORY_MODE : FILE_MODE;
    long mtime =
        seen.getUfs().getMtimeNanos() != 0 ? seen.getUfs().getMtimeNanos() : context.nowNanos();
    Inode.Builder inode =
        Inode.newBuilder()
            .setId(context.newInode())
            .setParent(directory.getId())
            .setName(seen.getName())
            .setType(seen.getType())
            .setMode(mode)
            .setUid(seen.getUid())
            .setGid(seen.getGid())
            .setNlink(isDirectory ? 2 : 1)
            .setMountId(mount.getId())
            .setUfs(seen.getUfs())
            .setAtimeNanos(mtime)
            .setMtimeNanos(mtime)
            .setCtimeNanos(mtime);
    switch (seen.getType()) {
      case FILE -> {
        long version = context.newVersion();
        inode
            .setLengthBytes(seen.getUfs().getLengthBytes())
            .setVersion(version)
            .setBaseVersion(version)
            .setBaseLengthBytes(seen.getUfs().getLengthBytes())
            .setExportedVersion(version)
            .setBlockSizeBytes(
                mount.getBlockSizeBytes() == 0
                    ? Limits.BLOCK_SIZE_DEFAULT_BYTES
                    : mount.getBlockSizeBytes())
            .setReplicas(mount.getReplicas() == 0 ? Limits.REPLICAS_DEFAULT : mount.getReplicas());
      }
      case SYMLINK ->
          inode
              .setSymlinkTarget(seen.getSymlinkTarget())
              .setLengthBytes(seen.getSymlinkTarget().size());
      default -> inode.setNamesLoaded(false);
    }
    context.emit(Event.newBuilder().setUfsEntryLoaded(UfsEntryLoaded.newBuilder().setInode(inode)));
  }
}
