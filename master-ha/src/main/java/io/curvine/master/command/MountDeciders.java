/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.UfsMounted;
import io.curvine.protocol.proto.UfsUnmounted;
import io.curvine.protocol.proto.UnmountUfs;

/** Commands on the mount table. The leader has reached the UFS before they come here. */
final class MountDeciders {
  private static final int ROOT_MODE = 0755;

  private MountDeciders() {}

  static void mount(MountUfs command, Context context) throws Refused, NeedsUfs {
    Mount wish = command.getMount();
    requireSane(wish);
    requireNewLocation(wish, context);
    EntryRef at = EntryRef.newBuilder().setPath(ByteString.copyFromUtf8(wish.getPath())).build();
    boolean top = wish.getPath().equals("/");
    Inode present =
        top
            ? context.namespace().require(NamespaceView.ROOT)
            : context.resolver().place(at).inode();
    if (present != null) {
      requireMountable(present, wish, context);
    }
    int id = (int) context.meta().get(Counter.LAST_MOUNT) + 1;
    Inode.Builder root = present != null ? present.toBuilder() : newRoot(at, context);
    root.setMountId(id).setUfs(command.getChecked());
    root.setNamesLoaded(false);
    Mount mount =
        wish.toBuilder()
            .setId(id)
            .setPath(pathOf(root, top, context))
            .setRootInode(root.getId())
            .build();
    context.emit(
        Event.newBuilder()
            .setUfsMounted(
                UfsMounted.newBuilder()
                    .setMount(mount)
                    .setRoot(root)
                    .setMadeRoot(present == null)));
    context.result().setMount(mount.toBuilder().clearOptions());
    PolicyDeciders.change(
        root.getId(), PolicyChange.newBuilder().setSet(command.getPolicy()).build(), context);
  }

  private static Inode.Builder newRoot(EntryRef at, Context context) throws Refused, NeedsUfs {
    PathResolver.Place place = context.resolver().place(at);
    Places.requireWritable(place.parent().getMountId(), context);
    return NewInodes.directory(place.parent(), place.name(), ROOT_MODE, context);
  }

  private static String pathOf(Inode.Builder root, boolean top, Context context) {
    return top ? "/" : context.namespace().path(root.build()).toStringUtf8();
  }

  /** Refuses settings out of their range. */
  static void requireSane(Mount wish) throws Refused {
    if (!wish.getPath().startsWith("/")) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "mount path is '" + wish.getPath() + "'; allowed: an absolute path");
    }
    if (wish.getUri().isEmpty()) {
      throw new Refused(ErrorCode.INVALID_ARGUMENT, "a mount needs the URI of a UFS");
    }
    if (wish.getSourcesCount() > 0 && wish.getMode() != MountMode.CACHE) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "a mount in fs mode has no change sources: Curvine is the authority there");
    }
    requireAtLeast(0, "scan interval in ms", wish.getScanIntervalMs());
    if (wish.getMode() == MountMode.FS && (wish.getVerifyMs() != 0 || wish.getListTtlMs() != 0)) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "verify_ms is "
              + wish.getVerifyMs()
              + " and list_ttl_ms "
              + wish.getListTtlMs()
              + "; allowed in fs mode: 0, since Curvine is the authority there");
    }
    requireAtLeast(-1, "verify_ms", wish.getVerifyMs());
    requireAtLeast(0, "list_ttl_ms", wish.getListTtlMs());
    requireAtLeast(0, "requests_per_second", wish.getRequestsPerSecond());
    requireAtLeast(0, "bandwidth_bytes", wish.getBandwidthBytes());
    NewInodes.requireSizes(
        wish.getBlockSizeBytes() == 0 ? Limits.BLOCK_SIZE_DEFAULT_BYTES : wish.getBlockSizeBytes(),
        wish.getReplicas() == 0 ? Limits.REPLICAS_DEFAULT : wish.getReplicas());
  }

  private static void requireAtLeast(long least, String what, long value) throws Refused {
    if (value < least) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, what + " is " + value + "; allowed: from " + least);
    }
  }

  private static void requireNewLocation(Mount wish, Context context) throws Refused {
    for (Mount mount : context.mounts().all()) {
      if (mount.getPath().equals(wish.getPath())) {
        throw new Refused(
            ErrorCode.MOUNT_CONFLICT, wish.getPath() + " is a mount of " + mount.getUri());
      }
      if (overlap(mount.getUri(), wish.getUri()) || overlap(wish.getUri(), mount.getUri())) {
        throw new Refused(
            ErrorCode.MOUNT_CONFLICT,
            wish.getUri() + " overlaps with " + mount.getUri() + ", mounted at " + mount.getPath());
      }
    }
  }

  private static boolean overlap(String upper, String lower) {
    return lower.equals(upper) || lower.startsWith(upper.endsWith("/") ? upper : upper + "/");
  }

  private static void requireMountable(Inode present, Mount wish, Context context)
      throws Refused, NeedsUfs {
    Mount other = context.mounts().rootedAt(present);
    if (other != null) {
      throw new Refused(
          ErrorCode.MOUNT_CONFLICT, wish.getPath() + " is a mount of " + other.getUri());
    }
    if (!NamespaceView.isDirectory(present)) {
      throw new Refused(ErrorCode.NOT_A_DIRECTORY, wish.getPath() + ": not a directory");
    }
    DeleteDeciders.requireEmpty(present, context);
  }

  /** The mount at a path. */
  static Mount at(String path, Context context) throws Refused {
    return context.mounts().all().stream()
        .filter(each -> each.getPath().equals(path))
        .findFirst()
        .orElseThrow(() -> new Refused(ErrorCode.NOT_FOUND, path + " is not a mount point"));
  }

  static void unmount(UnmountUfs command, Context context) throws Refused {
    String path = command.getPath().toStringUtf8();
    Mount mount = at(path, context);
    Inode root = context.namespace().require(mount.getRootInode());
    for (Mount other : context.mounts().all()) {
      if (other.getId() != mount.getId()
          && context.namespace().isAtOrAbove(root.getId(), other.getRootInode())) {
        throw new Refused(
            ErrorCode.MOUNT_CONFLICT,
            "below it is the mount " + other.getPath() + "; unmount first");
      }
    }
    if (context.jobs().overlaps(mount.getId(), ByteString.EMPTY)) {
      throw new Refused(
          ErrorCode.FILE_BUSY,
          path
              + " has changes that the UFS does not have yet; wait for them with"
              + " 'curvine umount --flush', or try again");
    }
    requireNoneFailed(mount, context);
    context.emit(
        Event.newBuilder()
            .setUfsUnmounted(
                UfsUnmounted.newBuilder()
                    .setMountId(mount.getId())
                    .setRootInode(root.getId())
                    .setPath(command.getPath())
                    .setKeepRoot(root.getId() == NamespaceView.ROOT)));
  }

  /** What a UFS refused is nowhere else. */
  private static void requireNoneFailed(Mount mount, Context context) throws Refused {
    long[] failed = {0};
    context
        .jobs()
        .scanFailed(
            0,
            job -> {
              failed[0] = job.getMountId() == mount.getId() ? job.getId() : 0;
              return failed[0] == 0;
            });
    if (failed[0] != 0) {
      throw new Refused(
          ErrorCode.FILE_BUSY,
          mount.getPath()
              + " has changes that its UFS refused for good (job "
              + failed[0]
              + "); 'curvine jobs list --failed' shows them, 'curvine jobs retry' tries them again,"
              + " 'curvine jobs cancel' gives them up");
    }
  }
}
