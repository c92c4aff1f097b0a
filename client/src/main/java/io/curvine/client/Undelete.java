/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Brings an entry of the past back, a directory with its tree: a copy, made of ordinary commands
 * under a name of its own beside the target, that gets the target's name by one rename when it is
 * whole. So it is there with all that it should have, or not at all. For one thread.
 *
 * <p>Modes, times, extended attributes and hard links within the tree are as they were; owners too
 * where the caller is uid 0, else everything is the caller's; symbolic links always are. The inodes
 * are new ones. A process that dies meanwhile leaves {@code .undelete-...} beside the target.
 */
public final class Undelete {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int WHILE_MADE_MODE = 0700;
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  private final CurvineClient client;
  private final PastView past;
  private final ByteString target;
  private final Inode root;
  private final List<Lost> lost = new ArrayList<>();
  private final Set<Long> lostInodes = new HashSet<>();
  private final Set<Long> met = new HashSet<>();

  /** Files with several names: where the first one is. */
  private final Map<Long, EntryRef> linked = new HashMap<>();

  private long files;
  private long directories;
  private long symlinks;
  private long specials;
  private long bytes;

  /**
   * A file of which not all is there any more.
   *
   * @param path of that time
   * @param why for people
   */
  public record Lost(ByteString path, long lengthBytes, String why) {}

  private Undelete(CurvineClient client, PastView past, ByteString target, Inode root) {
    this.client = client;
    this.past = past;
    this.target = target;
    this.root = root;
  }

  /**
   * Looks at what would be brought back, and whether its content is there.
   *
   * @param source absolute path in the past
   * @param target absolute path now
   * @throws CurvineException ALREADY_EXISTS where the target is taken; NOT_FOUND where its
   *     directory is not there, or nothing was at the source
   */
  public static Undelete plan(
      CurvineClient client, PastView past, ByteString source, ByteString target)
      throws IOException {
    Checks.path("source", source);
    Checks.path("target", target);
    Checks.newEntry("target", Refs.path(target));
    if (client.namespace().find(Refs.path(target), false).isPresent()) {
      throw new CurvineException(
          ErrorCode.ALREADY_EXISTS,
          target.toStringUtf8() + " exists; allowed: a target whose name is free");
    }
    ByteString above = above(target);
    Optional<Entry> directory = client.namespace().find(Refs.path(above), true);
    if (directory.filter(e -> e.getInode().getType() == InodeType.DIRECTORY).isEmpty()) {
      throw new CurvineException(
          ErrorCode.NOT_FOUND,
          above.toStringUtf8()
              + ", where it would be, is no directory now; allowed: to bring that back, or another"
              + " target");
    }
    Inode root = past.namespace().inode(Refs.path(source), false);
    Undelete undelete = new Undelete(client, past, target, root);
    undelete.look(root, source);
    return undelete;
  }

  private static ByteString above(ByteString path) {
    int slash = path.size() - 1;
    while (slash > 0 && path.byteAt(slash) != '/') {
      slash--;
    }
    return slash == 0 ? SLASH : path.substring(0, slash);
  }

  private void look(Inode inode, ByteString path) throws IOException {
    switch (inode.getType()) {
      case DIRECTORY -> {
        directories++;
        for (Entry child : children(inode)) {
          look(child.getInode(), path.concat(SLASH).concat(child.getName()));
        }
      }
      case SYMLINK -> symlinks++;
      case SPECIAL -> specials++;
      default -> {
        files++;
        if (met.add(inode.getId())) {
          bytes += inode.getLengthBytes();
          Optional<String> missing = past.missing(inode);
          if (missing.isPresent()) {
            lostInodes.add(inode.getId());
            lost.add(new Lost(path, inode.getLengthBytes(), missing.get()));
          }
        }
      }
    }
  }

  /** All of them: a page's failure must not come out of an iterator. */
  private List<Entry> children(Inode directory) throws IOException {
    List<Entry> all = new ArrayList<>();
    try {
      past.namespace().entries(Refs.inode(directory.getId())).forEach(all::add);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return all;
  }

  /** Files that cannot be brought back whole. */
  public List<Lost> lost() {
    return List.copyOf(lost);
  }

  /** Names of files, those that are lost too. */
  public long files() {
    return files;
  }

  public long directories() {
    return directories;
  }

  public long symlinks() {
    return symlinks;
  }

  /** Fifos, sockets and devices. */
  public long specials() {
    return specials;
  }

  /** Of all files together. */
  public long bytes() {
    return bytes;
  }

  /**
   * Does it.
   *
   * @param partly without what is lost; else it is refused where something is
   * @return the entry that is there now
   * @throws CurvineException BLOCK_NOT_FOUND where something is lost; ALREADY_EXISTS where the name
   *     was taken meanwhile. Nothing has changed then
   */
  public Inode run(boolean partly) throws IOException {
    boolean all = lostInodes.contains(root.getId());
    if (!lost.isEmpty() && (!partly || all)) {
      throw new CurvineException(
          ErrorCode.BLOCK_NOT_FOUND,
          lost.size()
              + " of "
              + files
              + " files cannot be brought back, "
              + lost.get(0).path().toStringUtf8()
              + ": "
              + lost.get(0).why());
    }
    String name = ".undelete-" + UUID.randomUUID();
    ByteString above = above(target);
    EntryRef hidden =
        Refs.path(
            (above.equals(SLASH) ? above : above.concat(SLASH))
                .concat(ByteString.copyFromUtf8(name)));
    try {
      make(root, hidden);
      return client.namespace().rename(hidden, Refs.path(target), true);
    } catch (IOException | RuntimeException e) {
      drop(hidden, e);
      throw e;
    }
  }

  private void drop(EntryRef hidden, Exception why) {
    try {
      if (client.namespace().find(hidden, false).isPresent()) {
        client.namespace().delete(hidden, InodeType.INODE_TYPE_UNSPECIFIED, true, true);
      }
    } catch (IOException e) {
      why.addSuppressed(e);
    }
  }

  private void make(Inode inode, EntryRef at) throws IOException {
    Namespace now = client.namespace();
    switch (inode.getType()) {
      case DIRECTORY -> {
        Inode made = now.mkdir(at, WHILE_MADE_MODE, false);
        for (Entry child : children(inode)) {
          make(child.getInode(), Refs.child(made.getId(), child.getName()));
        }
        attributes(inode, Refs.inode(made.getId()));
      }
      case SYMLINK -> {
        Inode unused = now.symlink(at, inode.getSymlinkTarget());
      }
      case SPECIAL -> special(inode, at);
      default -> {
        EntryRef first = linked.get(inode.getId());
        if (first != null) {
          now.hardLink(first, at);
        } else if (!lostInodes.contains(inode.getId())) {
          file(inode, at);
        }
      }
    }
  }

  private void special(Inode inode, EntryRef at) throws IOException {
    EntryRef first = linked.get(inode.getId());
    if (first != null) {
      client.namespace().hardLink(first, at);
      return;
    }
    SpecialType type =
        SpecialType.of(inode.getSpecialType())
            .orElseThrow(
                () ->
                    new CurvineException(
                        ErrorCode.UNSUPPORTED,
                        "inode "
                            + inode.getId()
                            + " is a special file of type 0"
                            + Integer.toOctalString(inode.getSpecialType())
                            + ", which this version does not know"));
    Inode made = client.namespace().makeSpecial(at, type, inode.getMode(), inode.getDevice());
    finish(inode, made.getId());
  }

  private void file(Inode inode, EntryRef at) throws IOException {
    CreateOptions options =
        CreateOptions.defaults()
            .withMode(inode.getMode())
            .withExclusive(true)
            .withBlockSizeBytes(Integer.toUnsignedLong(inode.getBlockSizeBytes()))
            .withReplicas(inode.getReplicas());
    byte[] chunk = new byte[CHUNK_BYTES];
    long copied = 0;
    try (CurvineOutputStream out = client.createStream(at, options)) {
      boolean whole = false;
      try (CurvineInputStream in = past.openStream(Refs.inode(inode.getId()))) {
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
          out.write(chunk, 0, read);
          copied += read;
        }
        whole = copied == inode.getLengthBytes();
      } finally {
        if (!whole) {
          out.abort();
        }
      }
    }
    if (copied != inode.getLengthBytes()) {
      throw new CurvineException(
          ErrorCode.CORRUPT,
          "inode " + inode.getId() + " gave " + copied + " bytes of " + inode.getLengthBytes());
    }
    finish(inode, client.namespace().inode(at, false).getId());
  }

  /** What is not a directory is there, and its further names lead to it. */
  private void finish(Inode inode, long made) throws IOException {
    attributes(inode, Refs.inode(made));
    if (inode.getNlink() > 1) {
      linked.put(inode.getId(), Refs.inode(made));
    }
  }

  /** The mode after the owner, whose change may take set-id bits away. */
  private void attributes(Inode inode, EntryRef made) throws IOException {
    Namespace now = client.namespace();
    if (inode.getHasXattrs()) {
      EntryRef then = Refs.inode(inode.getId());
      for (ByteString name : past.namespace().listXattrs(then)) {
        ByteString value = past.namespace().getXattr(then, name);
        now.setXattr(made, name, value, XattrMode.CREATE_OR_REPLACE);
      }
    }
    AttributeChange change = AttributeChange.none();
    if (now.principal().getUid() == 0) {
      change = change.uid(inode.getUid()).gid(inode.getGid());
    }
    now.setAttributes(
        made,
        change
            .mode(inode.getMode())
            .atimeNanos(inode.getAtimeNanos())
            .mtimeNanos(inode.getMtimeNanos()));
  }
}
