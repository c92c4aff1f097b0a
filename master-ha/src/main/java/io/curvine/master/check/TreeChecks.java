/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.StateFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What has to hold of inodes and their names, each row on its own. For one thread. */
final class TreeChecks {
  private static final String DROP_NAME = "the name is removed";

  private final Rows rows;
  private final DetachedQueue queue;
  private final Reach reach;

  TreeChecks(Rows rows, DetachedQueue queue) {
    this.rows = rows;
    this.queue = queue;
    this.reach = new Reach(rows, queue);
  }

  /** A row of the names: the first thing that is wrong with it. */
  Optional<StateFinding> name(Key key, long child) {
    long parent = key.longAt(0);
    ByteString name = Keys.nameAt(key, Long.BYTES);
    Inode inode = rows.inode(child);
    Inode directory = rows.directory(parent);
    if (inode == null) {
      return name(FindingKind.DANGLING_NAME, key, child, "its inode is missing", DROP_NAME);
    }
    if (directory == null) {
      return name(
          FindingKind.NAME_IN_NO_DIRECTORY,
          key,
          child,
          "it is in inode " + parent + ", which is no directory",
          DROP_NAME + "; inode " + child + " is looked after next");
    }
    boolean primary = inode.getParent() == parent && inode.getName().equals(name);
    if (!primary && !isOther(inode, parent, name)) {
      return unknown(key, inode, directory);
    }
    return mount(key, inode, directory);
  }

  private boolean isOther(Inode inode, long parent, ByteString name) {
    return !NamespaceView.isDirectory(inode)
        && rows.has(ColumnFamily.LINKS, Keys.link(inode.getId(), parent, name));
  }

  private Optional<StateFinding> unknown(Key key, Inode inode, Inode directory) {
    String text = "inode " + inode.getId() + " does not have this name";
    boolean spare = isNamedOrDeleted(inode);
    String repair;
    if (spare && NamespaceView.isDirectory(inode)) {
      repair = DROP_NAME;
    } else if (rows.isMountRoot(inode)) {
      repair = ""; // Where a mount is mounted is not guessed.
      text += ", and is the root of a mount";
    } else if (!isAdopted(inode, directory)) {
      repair = DROP_NAME + ": the inode is of another mount than the directory";
    } else {
      repair = spare ? "it becomes one more name of the inode" : "it becomes the inode's name";
    }
    return name(FindingKind.UNKNOWN_NAME, key, inode.getId(), text, repair);
  }

  /** Whether an inode takes a name in a directory that it does not know. */
  boolean isAdopted(Inode inode, Inode directory) {
    return inode.getMountId() == directory.getMountId()
        && !(NamespaceView.isDirectory(inode) && isNamedOrDeleted(inode));
  }

  /** Whether a name that the inode does not know is one too many. */
  boolean isNamedOrDeleted(Inode inode) {
    return inode.getId() == NamespaceView.ROOT || rows.isNamed(inode) || queue.holds(inode.getId());
  }

  private Optional<StateFinding> mount(Key key, Inode inode, Inode directory) {
    if (inode.getMountId() == directory.getMountId()) {
      return Optional.empty();
    }
    Mount mount = rows.view().mounts().find(inode.getMountId());
    boolean isRoot = mount != null && mount.getRootInode() == inode.getId();
    if (isRoot || (inode.getMountId() != 0 && mount == null)) {
      return Optional.empty(); // The latter is a finding about the inode.
    }
    return name(
        FindingKind.WRONG_MOUNT,
        key,
        inode.getId(),
        "its mount is " + inode.getMountId() + ", its directory's " + directory.getMountId(),
        ""); // The name may be the wrong one of the two, or the directory.
  }

  private Optional<StateFinding> name(
      FindingKind kind, Key key, long inode, String text, String repair) {
    String path = rows.path(key.longAt(0), Keys.nameAt(key, Long.BYTES));
    String place =
        path.isEmpty()
            ? "name " + key.longAt(0) + ":" + Keys.nameAt(key, Long.BYTES).toStringUtf8() + ": "
            : "";
    return Optional.of(
        Findings.of(kind, ColumnFamily.DENTRIES, key, inode, place + text, repair)
            .setPath(path)
            .build());
  }

  /** A row of the further names of files. */
  Optional<StateFinding> link(Key key) {
    long id = key.longAt(0);
    return isLink(key)
        ? Optional.empty()
        : Optional.of(
            Findings.of(
                    FindingKind.STRAY_LINK,
                    ColumnFamily.LINKS,
                    key,
                    id,
                    "inode "
                        + id
                        + " is said to have the further name "
                        + key.longAt(Long.BYTES)
                        + ":"
                        + Keys.nameAt(key, 2 * Long.BYTES).toStringUtf8()
                        + ", which is not so",
                    "the row is removed")
                .build());
  }

  private boolean isLink(Key key) {
    Inode inode = rows.inode(key.longAt(0));
    long parent = key.longAt(Long.BYTES);
    ByteString name = Keys.nameAt(key, 2 * Long.BYTES);
    return inode != null
        && !NamespaceView.isDirectory(inode)
        && !(inode.getParent() == parent && inode.getName().equals(name))
        && rows.at(parent, name) == inode.getId();
  }

  /** Further names of a file that lead to it. */
  int links(long inode) {
    int[] count = {0};
    Key prefix = Keys.of(inode);
    rows.reader()
        .scan(
            ColumnFamily.LINKS,
            prefix,
            Keys.after(prefix),
            (key, member) -> {
              count[0] += isLink(key) ? 1 : 0;
              return count[0] < Limits.LINK_MAX;
            });
    return count[0];
  }

  /** Whether its link count is right, of what is no directory. */
  Optional<StateFinding> nlinkOfFile(Inode file) {
    return nlink(file, 1L + links(file.getId()));
  }

  /** Whether a link count is right. */
  Optional<StateFinding> nlink(Inode inode, long expected) {
    if (inode.getNlink() == expected) {
      return Optional.empty();
    }
    return Optional.of(
        inode(
                FindingKind.WRONG_NLINK,
                inode,
                "its link count is " + inode.getNlink() + " instead of " + expected,
                "its link count is " + expected)
            .setStored(inode.getNlink())
            .setExpected(expected)
            .setMtimeNanos(inode.getMtimeNanos())
            .build());
  }

  /**
   * What the link count of a directory should be.
   *
   * @param namesMax empty where it has more names
   */
  OptionalLong countedNlink(long directory, long namesMax) {
    long[] counts = {0, 2};
    rows.view()
        .namespace()
        .children(
            directory,
            ByteString.EMPTY,
            (name, child) -> {
              counts[0]++;
              counts[1] += rows.directory(child) == null ? 0 : 1;
              return counts[0] <= namesMax;
            });
    return counts[0] > namesMax ? OptionalLong.empty() : OptionalLong.of(counts[1]);
  }

  /** All that is wrong with an inode but the link count of a directory that has names. */
  void inode(Inode inode, Consumer<StateFinding> found) {
    if (inode.getId() != NamespaceView.ROOT) {
      place(inode).ifPresent(found);
    }
    if (!NamespaceView.isDirectory(inode)) {
      if (inode.getNlink() != 1) {
        nlinkOfFile(inode).ifPresent(found);
      }
    } else if (inode.getNlink() != 2 && !rows.view().namespace().hasChildren(inode.getId())) {
      nlink(inode, 2).ifPresent(found);
    }
    lease(inode).ifPresent(found);
    loaded(inode).ifPresent(found);
  }

  private Optional<StateFinding> place(Inode inode) {
    boolean directory = NamespaceView.isDirectory(inode);
    if (!rows.isNamed(inode)) {
      return queue.holds(inode.getId()) ? Optional.empty() : Optional.of(nameless(inode));
    }
    Reach.Standing standing = directory ? reach.of(inode.getId()) : null;
    if (standing == Reach.Standing.IN_LOOP && reach.leastInLoop(inode.getId()) == inode.getId()) {
      String refusal = LostAndFound.refusal(inode, rows);
      return Optional.of(
          inode(
                  FindingKind.LOOP,
                  inode,
                  "directory "
                      + inode.getId()
                      + " is in a loop that the root does not reach"
                      + (refusal.isEmpty() ? "" : "; " + refusal),
                  refusal.isEmpty() ? "it comes to lost+found/#" + inode.getId() : "")
              .setPath("")
              .build());
    }
    return ofNoMount(inode);
  }

  private StateFinding nameless(Inode inode) {
    String refusal = LostAndFound.refusal(inode, rows);
    String text =
        "inode "
            + inode.getId()
            + " should be at "
            + inode.getParent()
            + ":"
            + inode.getName().toStringUtf8()
            + ", and no name leads to it";
    String repair = "it comes back there where that is free, else to lost+found/#" + inode.getId();
    if (!refusal.isEmpty()) {
      boolean returns = isPlaceFree(inode) || heir(inode) != null;
      text += returns ? "" : "; " + refusal;
      repair = returns ? "it comes back to a name of its own" : "";
    }
    return inode(FindingKind.NAMELESS_INODE, inode, text, repair).setPath("").build();
  }

  /** Whether an inode can come back to the name that it remembers. */
  boolean isPlaceFree(Inode inode) {
    Inode parent = rows.directory(inode.getParent());
    return parent != null
        && !inode.getName().isEmpty()
        && (parent.getMountId() == inode.getMountId() || rows.isMountRoot(inode))
        && rows.at(parent.getId(), inode.getName()) == 0
        && reach.of(parent.getId()) == Reach.Standing.ATTACHED;
  }

  /** A further name of a file that leads to it; null where it has none. */
  NamespaceView.Name heir(Inode inode) {
    if (NamespaceView.isDirectory(inode)) {
      return null;
    }
    List<NamespaceView.Name> others =
        new ArrayList<>(rows.view().namespace().otherNames(inode.getId(), Limits.LINK_MAX));
    others.removeIf(other -> rows.at(other.parent(), other.name()) != inode.getId());
    return others.isEmpty() ? null : others.get(0);
  }

  private Optional<StateFinding> ofNoMount(Inode inode) {
    if (inode.getMountId() == 0 || rows.view().mounts().find(inode.getMountId()) != null) {
      return Optional.empty();
    }
    // What was unmounted is reaped, and is under its mount until then.
    return reach.of(inode.getParent()) != Reach.Standing.ATTACHED
        ? Optional.empty()
        : Optional.of(
            inode(
                    FindingKind.INODE_OF_NO_MOUNT,
                    inode,
                    "it is under mount " + inode.getMountId() + ", which there is not",
                    "")
                .build());
  }

  private Optional<StateFinding> lease(Inode inode) {
    if (!inode.hasLease()) {
      return Optional.empty();
    }
    long session = inode.getLease().getSessionId();
    if (rows.has(ColumnFamily.LEASES, Keys.of(session, inode.getId()))) {
      return Optional.empty();
    }
    boolean open = rows.has(ColumnFamily.SESSIONS, Keys.of(session));
    return Optional.of(
        inode(
                FindingKind.UNLISTED_LEASE,
                inode,
                open
                    ? "session " + session + " does not know that it writes it"
                    : "session " + session + " writes it, which is not open",
                open ? "the session knows it" : "the lease ends")
            .build());
  }

  private Optional<StateFinding> loaded(Inode inode) {
    return NamespaceView.isDirectory(inode)
            && inode.getNamesLoaded()
            && !rows.has(ColumnFamily.LOADED, Keys.of(inode.getId()))
        ? Optional.of(
            inode(
                    FindingKind.NOT_LOADED,
                    inode,
                    "its names were loaded from the UFS, and the scan does not know it",
                    "the scan knows it")
                .build())
        : Optional.empty();
  }

  private StateFinding.Builder inode(FindingKind kind, Inode inode, String text, String repair) {
    return Findings.of(
            kind, ColumnFamily.INODES, Keys.of(inode.getId()), inode.getId(), text, repair)
        .setPath(rows.path(inode));
  }

  /** Whether there is a root. */
  Optional<StateFinding> root() {
    boolean formed = !rows.view().meta().clusterId().isEmpty();
    return formed && rows.directory(NamespaceView.ROOT) == null
        ? Optional.of(
            Findings.of(
                    FindingKind.NO_ROOT,
                    ColumnFamily.INODES,
                    Keys.of(NamespaceView.ROOT),
                    NamespaceView.ROOT,
                    "the root is missing, or is no directory",
                    "")
                .setPath("/")
                .build())
        : Optional.empty();
  }
}
