/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.TrashNames;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Mount;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What was deleted and is kept for a while: each mount has a trash at its root, and so has the
 * namespace for what is under none. Thread-safe; each call asks the masters anew.
 */
public final class Trash {
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");
  private static final int PARENT_MODE = 0755;

  private final Namespace namespace;

  /** The trash of a cluster. */
  public Trash(Namespace namespace) {
    this.namespace = namespace;
  }

  /**
   * Something that was deleted.
   *
   * @param path where it is now
   * @param origin where it was
   * @param keptUntil when it is deleted for real, some seconds more or less
   */
  public record Item(ByteString path, ByteString origin, Inode inode, Instant keptUntil) {}

  /**
   * What was deleted at a path and below it.
   *
   * @param below absolute; the root: all there is
   */
  public List<Item> list(ByteString below) throws IOException {
    List<Item> items = new ArrayList<>();
    for (ByteString top : tops(below)) {
      for (Entry kept : children(join(top, TrashNames.DIRECTORY))) {
        Optional<Instant> until = TrashNames.keptUntil(kept.getName());
        if (until.isPresent()) {
          ByteString path = join(join(top, TrashNames.DIRECTORY), kept.getName());
          collect(top, path, List.of(), until.get(), items);
        }
      }
    }
    items.removeIf(item -> !isAtOrBelow(below, item.origin));
    return items;
  }

  /** Roots of the mounts at, above and below a path, and of the namespace. */
  private List<ByteString> tops(ByteString path) throws IOException {
    List<ByteString> tops = new ArrayList<>(List.of(SLASH));
    for (Mount mount : namespace.mounts()) {
      ByteString root = ByteString.copyFromUtf8(mount.getPath());
      boolean concerned = isAtOrBelow(path, root) || isAtOrBelow(root, path);
      if (concerned && !root.equals(SLASH)) {
        tops.add(root);
      }
    }
    return tops;
  }

  private void collect(
      ByteString top, ByteString at, List<ByteString> names, Instant until, List<Item> items)
      throws IOException {
    for (Entry entry : children(at)) {
      List<ByteString> more = new ArrayList<>(names);
      more.add(entry.getName());
      ByteString path = join(at, entry.getName());
      Optional<ByteString> directory = TrashNames.decode(more);
      if (TrashNames.goesOn(entry.getName())) {
        collect(top, path, more, until, items);
      } else if (directory.isPresent()) {
        ByteString from = directory.get().isEmpty() ? top : join(top, directory.get());
        for (Entry item : children(path)) {
          items.add(
              new Item(
                  join(path, item.getName()), join(from, item.getName()), item.getInode(), until));
        }
      }
    }
  }

  /** None where there is no such directory. */
  private List<Entry> children(ByteString directory) throws IOException {
    EntryRef at = Refs.path(directory);
    Optional<Entry> found = namespace.find(at, false);
    List<Entry> children = new ArrayList<>();
    if (found.isPresent() && found.get().getInode().getType() == InodeType.DIRECTORY) {
      namespace.entries(at).forEach(children::add);
    }
    return children;
  }

  /**
   * What is meant by a path: one in a trash, or one where something was; of several the one that
   * was deleted last.
   *
   * @throws CurvineException NOT_FOUND where there is none
   */
  public Item find(ByteString path) throws IOException {
    // What is asked for by its place in the trash can be from anywhere in its mount.
    ByteString below = indexOfTrash(path) < 0 ? path : path.substring(0, indexOfTrash(path));
    return list(below.isEmpty() ? SLASH : below).stream()
        .filter(item -> item.path.equals(path) || item.origin.equals(path))
        .max(Comparator.comparingLong(item -> item.inode.getCtimeNanos()))
        .orElseThrow(
            () ->
                new CurvineException(
                    ErrorCode.NOT_FOUND,
                    path.toStringUtf8() + " is in no trash; allowed: what 'trash ls' lists"));
  }

  private static int indexOfTrash(ByteString path) {
    String text = path.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
    return text.indexOf("/" + TrashNames.DIRECTORY.toStringUtf8() + "/");
  }

  /**
   * Brings something back, with the directories above it where they are gone.
   *
   * @param to absolute, in the same mount
   * @throws CurvineException ALREADY_EXISTS where something is there; CROSS_MOUNT
   */
  public void restore(Item item, ByteString to) throws IOException {
    ByteString parent = to.substring(0, lastSlash(to));
    if (!parent.isEmpty()) {
      var unused = namespace.mkdir(Refs.path(parent), PARENT_MODE, true);
    }
    var unused = namespace.rename(Refs.path(item.path), Refs.path(to), true);
  }

  private static int lastSlash(ByteString path) {
    int at = path.size() - 1;
    while (at > 0 && path.byteAt(at) != '/') {
      at--;
    }
    return at;
  }

  /** Deletes for real. */
  public void delete(Item item) throws IOException {
    namespace.delete(Refs.path(item.path), InodeType.INODE_TYPE_UNSPECIFIED, true, true);
  }

  private static boolean isAtOrBelow(ByteString top, ByteString path) {
    return top.equals(SLASH)
        || path.equals(top)
        || (path.startsWith(top) && path.byteAt(top.size()) == '/');
  }

  private static ByteString join(ByteString directory, ByteString name) {
    return directory.equals(SLASH) ? SLASH.concat(name) : directory.concat(SLASH).concat(name);
  }
}
