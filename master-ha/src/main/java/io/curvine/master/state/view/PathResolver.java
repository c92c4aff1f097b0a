/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ChildRef;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Finds what an {@link EntryRef} names. Follows symbolic links on the way. */
public final class PathResolver {
  private static final ByteString DOT = ByteString.copyFromUtf8(".");
  private static final ByteString DOT_DOT = ByteString.copyFromUtf8("..");

  private final StateView state;
  private final NamespaceView namespace;
  private final MountsView mounts;
  private final Guard guard;
  private int symlinksLeft = Limits.SYMLINK_FOLLOW_MAX;

  PathResolver(StateView state, Guard guard) {
    this.state = state;
    this.namespace = state.namespace();
    this.mounts = state.mounts();
    this.guard = guard;
  }

  /** Asked for each directory on the way, before a name is looked for in it. */
  @FunctionalInterface
  public interface Guard {
    void search(Inode directory) throws Refused;
  }

  /**
   * A name in a directory, with what is there now.
   *
   * @param inode null where nothing is there
   */
  public record Place(Inode parent, ByteString name, Inode inode) {}

  /**
   * What is there; refused with NOT_FOUND where nothing is.
   *
   * @param followLast where the last name is that of a symbolic link; an inode that is named by its
   *     number is what is meant
   */
  public Inode entry(EntryRef at, boolean followLast) throws Refused, NeedsUfs {
    if (at.getRefCase() == EntryRef.RefCase.INODE) {
      Inode inode = namespace.find(at.getInode());
      if (inode == null) {
        throw new Refused(ErrorCode.NOT_FOUND, "no inode " + at.getInode());
      }
      return inode;
    }
    if (at.getRefCase() == EntryRef.RefCase.PATH && components(at.getPath()).isEmpty()) {
      return namespace.require(NamespaceView.ROOT);
    }
    Place place = place(at);
    if (place.inode() == null) {
      throw new Refused(ErrorCode.NOT_FOUND, describe(at) + ": no such file or directory");
    }
    return followLast && place.inode().getType() == InodeType.SYMLINK
        ? follow(place.parent(), place.inode(), at)
        : place.inode();
  }

  /** The directory; refused with NOT_A_DIRECTORY where it is something else. */
  public Inode directory(EntryRef at) throws Refused, NeedsUfs {
    Inode inode = entry(at, true);
    if (!NamespaceView.isDirectory(inode)) {
      throw new Refused(ErrorCode.NOT_A_DIRECTORY, describe(at) + ": not a directory");
    }
    return inode;
  }

  /** The place of a path or child; everything but the last component must exist. */
  public Place place(EntryRef at) throws Refused, NeedsUfs {
    return switch (at.getRefCase()) {
      case CHILD -> childPlace(at.getChild());
      case PATH -> pathPlace(at);
      case INODE, REF_NOT_SET ->
          throw new Refused(
              ErrorCode.INVALID_ARGUMENT,
              describe(at) + ": allowed: a path or a name in a directory");
    };
  }

  /**
   * Components of a path that do not exist, after the deepest directory that does.
   *
   * @param existing the deepest inode that exists
   */
  public record Gap(Inode existing, List<ByteString> missing) {}

  /** What of a path exists and what is missing below. */
  public Gap gap(EntryRef at) throws Refused, NeedsUfs {
    if (at.getRefCase() != EntryRef.RefCase.PATH) {
      throw new Refused(ErrorCode.INVALID_ARGUMENT, describe(at) + ": making parents needs a path");
    }
    Deque<ByteString> left = new ArrayDeque<>(components(at.getPath()));
    Inode here = namespace.require(NamespaceView.ROOT);
    while (!left.isEmpty()) {
      requireDirectory(here, at);
      ByteString name = left.peek();
      Inode next = step(here, name);
      if (next == null) {
        List<ByteString> missing = new ArrayList<>(left);
        if (missing.contains(DOT_DOT)) {
          throw new Refused(ErrorCode.NOT_FOUND, describe(at) + ": .. of a missing directory");
        }
        missing.removeIf(DOT::equals);
        for (ByteString each : missing) {
          checkName(each);
        }
        return new Gap(here, missing);
      }
      left.pop();
      here = next.getType() == InodeType.SYMLINK ? follow(here, next, at) : next;
    }
    return new Gap(here, List.of());
  }

  private Place childPlace(ChildRef child) throws Refused, NeedsUfs {
    checkName(child.getName());
    if (child.getName().equals(DOT) || child.getName().equals(DOT_DOT)) {
      throw new Refused(ErrorCode.INVALID_ARGUMENT, "name is '.' or '..'; allowed: any other");
    }
    Inode parent = namespace.find(child.getParent());
    if (parent == null) {
      throw new Refused(ErrorCode.NOT_FOUND, "no inode " + child.getParent());
    }
    if (state.isDetached(child.getParent())) {
      throw new Refused(
          ErrorCode.NOT_FOUND, "directory " + child.getParent() + " was deleted with all above it");
    }
    if (!NamespaceView.isDirectory(parent)) {
      throw new Refused(
          ErrorCode.NOT_A_DIRECTORY, "inode " + child.getParent() + " is not a directory");
    }
    return new Place(parent, child.getName(), step(parent, child.getName()));
  }

  private Place pathPlace(EntryRef at) throws Refused, NeedsUfs {
    List<ByteString> names = components(at.getPath());
    if (names.isEmpty()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, "the root has no name; allowed: a path below it");
    }
    Inode parent =
        walk(namespace.require(NamespaceView.ROOT), names.subList(0, names.size() - 1), at);
    requireDirectory(parent, at);
    ByteString last = names.get(names.size() - 1);
    if (last.equals(DOT) || last.equals(DOT_DOT)) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, describe(at) + ": ends in . or ..; allowed: any other name");
    }
    return new Place(parent, last, step(parent, last));
  }

  private Inode walk(Inode from, List<ByteString> names, EntryRef at) throws Refused, NeedsUfs {
    Inode here = from;
    for (ByteString name : names) {
      requireDirectory(here, at);
      Inode next = step(here, name);
      if (next == null) {
        throw new Refused(ErrorCode.NOT_FOUND, describe(at) + ": no such file or directory");
      }
      here = next.getType() == InodeType.SYMLINK ? follow(here, next, at) : next;
    }
    return here;
  }

  private Inode follow(Inode directory, Inode symlink, EntryRef at) throws Refused, NeedsUfs {
    if (symlinksLeft-- == 0) {
      throw new Refused(
          ErrorCode.TOO_MANY_SYMLINKS,
          describe(at) + ": more than " + Limits.SYMLINK_FOLLOW_MAX + " symbolic links");
    }
    ByteString target = symlink.getSymlinkTarget();
    boolean absolute = !target.isEmpty() && target.byteAt(0) == '/';
    Inode from = absolute ? namespace.require(NamespaceView.ROOT) : directory;
    return walk(from, components(target), at);
  }

  /** One component on, or null where nothing is there. */
  private Inode step(Inode directory, ByteString name) throws Refused, NeedsUfs {
    guard.search(directory);
    if (name.equals(DOT)) {
      return directory;
    }
    if (name.equals(DOT_DOT)) {
      return namespace.require(directory.getParent());
    }
    checkName(name);
    Inode child = namespace.child(directory.getId(), name);
    if (child == null && mounts.namesMissing(directory)) {
      throw new NeedsUfs(List.of(directory.getId()));
    }
    return child;
  }

  private void requireDirectory(Inode inode, EntryRef at) throws Refused {
    if (!NamespaceView.isDirectory(inode)) {
      throw new Refused(
          ErrorCode.NOT_A_DIRECTORY, describe(at) + ": a component is not a directory");
    }
  }

  private static void checkName(ByteString name) throws Refused {
    if (name.size() > Limits.NAME_MAX_BYTES) {
      throw new Refused(
          ErrorCode.NAME_TOO_LONG,
          "a name has " + name.size() + " bytes; allowed: up to " + Limits.NAME_MAX_BYTES);
    }
    boolean valid = !name.isEmpty();
    for (int i = 0; i < name.size() && valid; i++) {
      valid = name.byteAt(i) != '/' && name.byteAt(i) != 0;
    }
    if (!valid) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "a name is empty or holds '/' or NUL; allowed: 1 to 255 other bytes");
    }
  }

  private static List<ByteString> components(ByteString path) throws Refused {
    if (path.size() > Limits.PATH_MAX_BYTES) {
      throw new Refused(
          ErrorCode.NAME_TOO_LONG,
          "a path has " + path.size() + " bytes; allowed: up to " + Limits.PATH_MAX_BYTES);
    }
    List<ByteString> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= path.size(); i++) {
      if (i == path.size() || path.byteAt(i) == '/') {
        if (i > start) {
          names.add(path.substring(start, i));
        }
        start = i + 1;
      }
    }
    return names;
  }

  /** How a message names it. */
  public static String describe(EntryRef at) {
    return switch (at.getRefCase()) {
      case PATH -> at.getPath().toStringUtf8();
      case INODE -> "inode " + at.getInode();
      case CHILD ->
          "'" + at.getChild().getName().toStringUtf8() + "' in inode " + at.getChild().getParent();
      case REF_NOT_SET -> "no entry named";
    };
  }
}
