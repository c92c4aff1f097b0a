/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.EventOrBuilder;
import io.curvine.protocol.proto.FileCommitted;
import io.curvine.protocol.proto.FileContentChanged;
import io.curvine.protocol.proto.FileTruncated;
import io.curvine.protocol.proto.HardLinkMade;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Subject;
import io.curvine.protocol.proto.WriteOpened;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Names the entry of the namespace that an event is about, for whoever has the journal and not the
 * state (ADR 021). Remembers where directories are, so that a path costs a step a component.
 *
 * <p>Owned by the decide thread. What it remembers is right for the state with all events that it
 * was told of; where some of those are void it has to be {@linkplain #forget made to forget}.
 */
final class Subjects {
  /** Of directories, about 100 bytes each. */
  private static final int PLACES_MAX = 1 << 16;

  /** Of directories that can be reached from the root. */
  private final Map<Long, NamespaceView.Name> places = new HashMap<>();

  /** Before the event is applied; null where it is about no entry that has a path. */
  Subject before(EventOrBuilder event, NamespaceView view) {
    return switch (event.getEventCase()) {
      case DIRECTORY_MADE -> made(event.getDirectoryMade().getInode(), view);
      case FILE_CREATED -> made(event.getFileCreated().getInode(), view);
      case SYMLINK_MADE -> made(event.getSymlinkMade().getInode(), view);
      case SPECIAL_MADE -> made(event.getSpecialMade().getInode(), view);
      case UFS_ENTRY_LOADED -> made(event.getUfsEntryLoaded().getInode(), view);
      case HARD_LINK_MADE -> linked(event.getHardLinkMade(), view);
      case ENTRY_RENAMED -> renamed(event.getEntryRenamed(), view);
      case ENTRY_DELETED -> {
        var gone = event.getEntryDeleted();
        yield at(path(gone.getParent(), gone.getName(), view), gone.getInode(), view);
      }
      case WRITE_OPENED -> opened(event.getWriteOpened(), view);
      case FILE_COMMITTED -> {
        FileCommitted file = event.getFileCommitted();
        yield content(file.getInode(), file.getVersion(), file.getLengthBytes(), view);
      }
      case FILE_TRUNCATED -> {
        FileTruncated file = event.getFileTruncated();
        yield content(file.getInode(), file.getVersion(), file.getLengthBytes(), view);
      }
      case FILE_CONTENT_CHANGED -> {
        FileContentChanged file = event.getFileContentChanged();
        yield content(file.getInode(), file.getVersion(), file.getUfs().getLengthBytes(), view);
      }
      case LEASE_WANTED -> of(event.getLeaseWanted().getInode(), view);
      case LEASE_RELEASED -> of(event.getLeaseReleased().getInode(), view);
      case ATTRIBUTES_SET -> of(event.getAttributesSet().getInode(), view);
      case XATTR_SET -> of(event.getXattrSet().getInode(), view);
      case XATTR_REMOVED -> of(event.getXattrRemoved().getInode(), view);
      case DIRECTORY_LOADED -> of(event.getDirectoryLoaded().getInode(), view);
      case POLICY_SET -> of(event.getPolicySet().getInode(), view);
      case QUOTA_SET, QUOTA_CLEARED, QUOTA_CORRECTED -> of(limited(event), view);
      case JOB_FINISHED -> of(event.getJobFinished().getInode(), view);
      case UFS_MOUNTED -> directory(path(event.getUfsMounted().getRoot(), view));
      case MOUNT_UPDATED -> directory(event.getMountUpdated().getMount().getPathBytes());
      case UFS_UNMOUNTED -> directory(event.getUfsUnmounted().getPath());
      case CLUSTER_FORMED,
          LEADERSHIP_CLAIMED,
          SESSION_OPENED,
          SESSION_CLOSED,
          WORKER_REGISTERED,
          WORKER_FORGOTTEN,
          WORKER_LEAVING_SET,
          BLOCK_PLACED,
          JOB_CREATED,
          SOURCE_ADVANCED,
          SUBTREE_DIRTIED,
          SUBTREE_CLEANED,
          JOB_ATTEMPTED,
          JOB_ADOPTED,
          FAILED_JOB_DROPPED,
          TREE_JOB_STARTED,
          TREE_JOB_ADVANCED,
          TREE_JOB_ENDED,
          ENTRIES_REAPED,
          CLUSTER_RESTORED,
          GROUP_SAVED,
          GROUP_OFFSETS_COMMITTED,
          GROUP_DELETED,
          GROUP_OFFSETS_DELETED,
          FEED_FLOOR_SET,
          FEED_FLOOR_REMOVED,
          STATE_REPAIRED,
          EVENT_NOT_SET ->
          null;
    };
  }

  private Subject linked(HardLinkMade link, NamespaceView view) {
    return at(path(link.getParent(), link.getName(), view), link.getInode(), view);
  }

  private Subject renamed(EntryRenamed moved, NamespaceView view) {
    Subject to = at(path(moved.getToParent(), moved.getToName(), view), moved.getInode(), view);
    ByteString from = path(moved.getFromParent(), moved.getFromName(), view);
    return to == null || from == null ? to : to.toBuilder().setOldPath(from).build();
  }

  /** The directory of an event of quotas. */
  private static long limited(EventOrBuilder event) {
    return switch (event.getEventCase()) {
      case QUOTA_SET -> event.getQuotaSet().getQuota().getInode();
      case QUOTA_CLEARED -> event.getQuotaCleared().getInode();
      default -> event.getQuotaCorrected().getInode();
    };
  }

  /** The event was applied to the state that is read next. */
  void passed(Event event) {
    switch (event.getEventCase()) {
      case ENTRY_RENAMED -> {
        places.remove(event.getEntryRenamed().getInode());
        places.remove(event.getEntryRenamed().getReplacedInode());
      }
      case ENTRY_DELETED -> places.remove(event.getEntryDeleted().getInode());
      // They change more than one place: what the root holds, or whatever was mended.
      case UFS_UNMOUNTED, STATE_REPAIRED -> places.clear();
      default -> {}
    }
  }

  /** Events that this was told of did not happen. */
  void forget() {
    places.clear();
  }

  private Subject made(Inode inode, NamespaceView view) {
    return subject(
        path(inode.getParent(), inode.getName(), view),
        inode.getType(),
        inode.getVersion(),
        inode.getLengthBytes());
  }

  private Subject opened(WriteOpened event, NamespaceView view) {
    Inode file = view.find(event.getInode());
    return file == null
        ? null
        : content(
            file.getId(),
            event.getVersion(),
            event.getTruncated() ? 0 : file.getLengthBytes(),
            view);
  }

  private Subject content(long inode, long version, long lengthBytes, NamespaceView view) {
    Inode file = view.find(inode);
    return file == null ? null : subject(path(file, view), file.getType(), version, lengthBytes);
  }

  private Subject of(long inode, NamespaceView view) {
    Inode found = view.find(inode);
    return found == null ? null : at(path(found, view), found);
  }

  private static Subject at(ByteString path, long inode, NamespaceView view) {
    Inode found = view.find(inode);
    return found == null ? null : at(path, found);
  }

  private static Subject at(ByteString path, Inode inode) {
    return subject(path, inode.getType(), inode.getVersion(), inode.getLengthBytes());
  }

  private static Subject directory(ByteString path) {
    return subject(path, InodeType.DIRECTORY, 0, 0);
  }

  private static Subject subject(ByteString path, InodeType type, long version, long lengthBytes) {
    return path == null
        ? null
        : Subject.newBuilder()
            .setPath(path)
            .setType(type)
            .setVersion(version)
            .setLengthBytes(lengthBytes)
            .build();
  }

  /** By its primary name, or another one where that was deleted with a tree. */
  private ByteString path(Inode inode, NamespaceView view) {
    if (inode.getId() == NamespaceView.ROOT) {
      return NamespaceView.SLASH;
    }
    ByteString path = path(inode.getParent(), inode.getName(), view);
    if (path != null || NamespaceView.isDirectory(inode) || inode.getNlink() < 2) {
      return path;
    }
    for (NamespaceView.Name name : view.otherNames(inode.getId(), Limits.LINK_MAX)) {
      ByteString other = path(name.parent(), name.name(), view);
      if (other != null) {
        return other;
      }
    }
    return null;
  }

  /** The path of a name; null where its directory is in a tree that was deleted. */
  private ByteString path(long parent, ByteString name, NamespaceView view) {
    List<ByteString> names = new ArrayList<>();
    names.add(name);
    int length = 1 + name.size();
    for (long at = parent; at != NamespaceView.ROOT; ) {
      NamespaceView.Name place = place(at, view);
      if (place == null) {
        return null;
      }
      names.add(place.name());
      length += 1 + place.name().size();
      at = place.parent();
    }
    byte[] path = new byte[length];
    int at = 0;
    for (int i = names.size() - 1; i >= 0; i--) {
      path[at++] = '/';
      names.get(i).copyTo(path, at);
      at += names.get(i).size();
    }
    return UnsafeByteOperations.unsafeWrap(path);
  }

  private NamespaceView.Name place(long directory, NamespaceView view) {
    NamespaceView.Name known = places.get(directory);
    if (known != null) {
      return known;
    }
    Inode inode = view.find(directory);
    if (inode == null || view.childId(inode.getParent(), inode.getName()) != directory) {
      return null;
    }
    if (places.size() >= PLACES_MAX) {
      places.clear();
    }
    NamespaceView.Name place = new NamespaceView.Name(inode.getParent(), inode.getName());
    places.put(directory, place);
    return place;
  }
}
