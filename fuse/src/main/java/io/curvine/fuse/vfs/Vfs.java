/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.StatFs;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A POSIX file system by inode numbers over a {@link Backend}: what a kernel asks, one method each.
 * It knows nothing of what carries the requests.
 *
 * <p>Thread-safe. Every method may block; failures are {@link IOException}s whose number {@link
 * Errno#of} tells. A node is an inode number, 1 is the root.
 */
public final class Vfs implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Vfs.class);
  private static final int SET_GID = 02000;
  private static final int FETCHES_MAX = 4;

  private final Backend backend;
  private final Path spoolDirectory;
  private final RecentChanges changes = new RecentChanges();
  private final KnownPages pages = new KnownPages();
  private final OpenFiles files;
  private final Handles<FileHandle> fileHandles = new Handles<>();
  private final Handles<DirectoryHandle> directoryHandles = new Handles<>();
  private final GroupDirectories groupDirectories = new GroupDirectories();
  private final SpecialNodes specials = new SpecialNodes();
  private final RemovedDirectories removedDirectories;
  private final Xattrs xattrs;

  /**
   * A file system over the backend.
   *
   * @param spoolDirectory for files that are deleted while open; not inside the mount
   */
  public Vfs(Backend backend, Path spoolDirectory) {
    this.backend = backend;
    this.spoolDirectory = spoolDirectory;
    this.files = new OpenFiles(backend, changes, pages);
    this.removedDirectories = new RemovedDirectories(backend);
    this.xattrs = new Xattrs(backend, this::nameless);
  }

  public Xattrs xattrs() {
    return xattrs;
  }

  /** What is asked of the room that open files take. */
  public Space space() {
    return new Space(this, fileHandles, backend);
  }

  /** Handles that are open, of files and directories. */
  public int openHandles() {
    return fileHandles.size() + directoryHandles.size();
  }

  public Inode lookup(Caller caller, long directory, ByteString name) throws IOException {
    long before = changes.now();
    Inode found = backend.lookup(caller, directory, name);
    return changes.changedSince(found.getId(), before)
        ? attributes(caller, found.getId())
        : seen(found);
  }

  /** The kernel forgot a node. */
  public void forget(long node) {
    groupDirectories.forget(node);
    specials.forget(node);
    if (files.get(node) == null) { // else the kernel has it again, or still
      pages.forget(node);
    }
    removedDirectories.forget(node);
  }

  public Inode attributes(Caller caller, long node) throws IOException {
    OpenFile file = files.get(node);
    if (file != null && file.isOrphan()) {
      return file.orphan();
    }
    Nameless directory = removedDirectories.get(node);
    if (directory != null) {
      return directory.inode();
    }
    Inode inode = null;
    for (int fetch = 0; fetch < FETCHES_MAX; fetch++) {
      long before = changes.now();
      inode = seen(fetch(caller, node));
      if (!changes.changedSince(node, before)) {
        break;
      }
    }
    return inode;
  }

  /** What is kept here of a file that is open or of a directory; null where it has a name. */
  private Nameless nameless(long node) {
    OpenFile file = files.get(node);
    Nameless left = file == null ? null : file.nameless();
    return left == null ? removedDirectories.get(node) : left;
  }

  private Inode fetch(Caller caller, long node) throws IOException {
    try {
      return backend.attributes(caller, node);
    } catch (CurvineException e) {
      OpenFile file = files.get(node);
      if (e.code() == ErrorCode.NOT_FOUND && file != null && file.isOrphan()) {
        return file.orphan();
      }
      Nameless directory = removedDirectories.get(node);
      if (e.code() == ErrorCode.NOT_FOUND && directory != null) {
        return directory.inode();
      }
      Optional<Inode> unnamed = specials.unnamed(node);
      if (e.code() == ErrorCode.NOT_FOUND && unnamed.isPresent()) {
        return unnamed.get();
      }
      throw stale(e, node);
    }
  }

  /**
   * Changes attributes, the length first.
   *
   * @param lengthBytes null: as it is
   * @param dropSetId clear the set-user-id and set-group-id bits of a file
   */
  public Inode setAttributes(
      Caller caller, long node, SetAttributes change, Long lengthBytes, boolean dropSetId)
      throws IOException {
    Nameless directory = removedDirectories.get(node);
    if (directory != null) {
      return directory.change(change);
    }
    OpenFile file = files.pin(node);
    try {
      if (lengthBytes != null) {
        file.truncate(caller, lengthBytes);
      }
      SetAttributes whole = dropSetIdToo(caller, node, change, dropSetId);
      if (whole.equals(SetAttributes.getDefaultInstance())) {
        return attributes(caller, node);
      }
      Inode set = file.setAttributes(caller, whole);
      groupDirectories.observe(set);
      return set;
    } catch (CurvineException e) {
      throw stale(e, node);
    } finally {
      files.unpin(file);
    }
  }

  /** A change of owner clears the set-user-id and set-group-id bits of a file, as Linux does. */
  private SetAttributes dropSetIdToo(Caller caller, long node, SetAttributes change, boolean asked)
      throws IOException {
    boolean owned = change.hasUid() || change.hasGid();
    if (change.hasMode() || !(owned || asked)) {
      return change;
    }
    Inode inode = attributes(caller, node);
    int dropped = OpenFile.withoutSetId(inode.getMode());
    boolean kept = inode.getType() != InodeType.FILE && inode.getType() != InodeType.SPECIAL;
    return kept || dropped == inode.getMode()
        ? change
        : change.toBuilder().setMode(dropped).build();
  }

  public ByteString readLink(Caller caller, long node) throws IOException {
    Inode inode = backend.attributes(caller, node);
    if (inode.getType() != InodeType.SYMLINK) {
      throw new ErrnoException(Errno.EINVAL, "inode " + node + " is no symbolic link");
    }
    return inode.getSymlinkTarget();
  }

  public Inode makeDirectory(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    boolean inherits = groupDirectories.contains(directory);
    Inode made =
        backend.makeDirectory(
            groupDirectories.owner(caller, directory),
            directory,
            name,
            inherits ? mode | SET_GID : mode);
    changes.mark(directory);
    return seen(made);
  }

  public Inode symlink(Caller caller, long directory, ByteString name, ByteString target)
      throws IOException {
    Caller owner = groupDirectories.owner(caller, directory);
    Inode made = backend.symlink(owner, directory, name, target);
    changes.mark(directory);
    return made;
  }

  /** Makes a fifo, a socket or a device; the kernel does with it what it is for. */
  public Inode makeSpecial(
      Caller caller, long directory, ByteString name, SpecialType type, int mode, int device)
      throws IOException {
    Caller owner = groupDirectories.owner(caller, directory);
    Inode made = backend.makeSpecial(owner, directory, name, type, mode, device);
    changes.mark(directory);
    return seen(made);
  }

  public Inode link(Caller caller, long node, long directory, ByteString name) throws IOException {
    Inode linked = backend.link(caller, node, directory, name);
    changes.mark(node);
    changes.mark(directory);
    return seen(linked);
  }

  /** Makes an empty file without opening it. */
  public Inode makeFile(Caller caller, long directory, ByteString name, int mode)
      throws IOException {
    BackendWriter made =
        backend.create(groupDirectories.owner(caller, directory), directory, name, mode);
    changes.mark(directory);
    made.close();
    return made.inode();
  }

  public void unlink(Caller caller, long directory, ByteString name) throws IOException {
    Inode target = nothingHeld() ? null : backend.lookup(caller, directory, name);
    remove(target, () -> backend.delete(caller, directory, name, InodeType.FILE), directory);
  }

  public void removeDirectory(Caller caller, long directory, ByteString name) throws IOException {
    Inode target = directoryHandles.size() == 0 ? null : backend.lookup(caller, directory, name);
    remove(target, () -> backend.delete(caller, directory, name, InodeType.DIRECTORY), directory);
  }

  public void rename(
      Caller caller, long from, ByteString fromName, long to, ByteString toName, boolean noReplace)
      throws IOException {
    boolean nothingOpen = nothingHeld() && directoryHandles.size() == 0;
    Inode replaced = noReplace || nothingOpen ? null : find(caller, to, toName);
    if (replaced != null && isSame(caller, from, fromName, replaced)) {
      replaced = null; // both names are of one file: nothing goes away
    }
    remove(replaced, () -> backend.rename(caller, from, fromName, to, toName, noReplace), from);
    changes.mark(to);
  }

  /** Gives each of two names what the other one has; whoever has that open goes on with it. */
  public void exchange(
      Caller caller, long firstDirectory, ByteString first, long secondDirectory, ByteString second)
      throws IOException {
    backend.exchange(caller, firstDirectory, first, secondDirectory, second);
    changes.mark(firstDirectory);
    changes.mark(secondDirectory);
  }

  /** Whether nobody can have open what loses its name. */
  private boolean nothingHeld() {
    return files.isEmpty() && specials.isEmpty();
  }

  private boolean isSame(Caller caller, long directory, ByteString name, Inode other)
      throws IOException {
    return other.getNlink() > 1 && backend.lookup(caller, directory, name).getId() == other.getId();
  }

  /** Runs what takes a name away from an inode, with care for those that have it open. */
  private void remove(Inode target, OpenFile.Deletion call, long directory) throws IOException {
    if (target != null && target.getType() == InodeType.DIRECTORY) {
      removedDirectories.removeBy(target, call);
      changes.mark(target.getId());
    } else if (target == null || target.getType() != InodeType.FILE) {
      call.run();
      if (target != null) {
        specials.lostName(target);
        changes.mark(target.getId());
      }
    } else {
      OpenFile file = files.pin(target.getId());
      try {
        file.deleteBy(target, spoolDirectory, call);
      } finally {
        files.unpin(file);
      }
      changes.mark(target.getId());
    }
    changes.mark(directory);
  }

  private Inode find(Caller caller, long directory, ByteString name) throws IOException {
    try {
      return backend.lookup(caller, directory, name);
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  /**
   * A file that was opened.
   *
   * @param keepsPages the kernel may keep the pages that it has of the file
   * @param writes close(2) has something to publish
   */
  public record Opened(long handle, boolean keepsPages, boolean writes) {}

  /**
   * A file handle by the flags of open(2).
   *
   * @param dropSetId a truncation clears the set-user-id and set-group-id bits
   */
  public Opened open(Caller caller, long node, int flags, boolean dropSetId) throws IOException {
    OpenFile file = files.pin(node);
    try {
      FileHandle opened = file.open(caller, flags, dropSetId);
      return new Opened(fileHandles.add(opened), keepsPages(opened), opened.writes);
    } catch (IOException | RuntimeException e) {
      files.unpin(file);
      throw e;
    }
  }

  /** Where that cannot be known, what is read tells what is wrong. */
  private static boolean keepsPages(FileHandle opened) {
    try {
      return opened.file.keepsPages(opened);
    } catch (IOException e) {
      LOG.debug("pages of inode {} are dropped: {}", opened.file.inode(), e.toString());
      return false;
    }
  }

  /** What {@link #create} made or found. */
  public record Created(Inode inode, Opened opened) {}

  /** open(2) with O_CREAT. The mode already honours the umask. */
  public Created create(Caller caller, long directory, ByteString name, int mode, int flags)
      throws IOException {
    BackendWriter made;
    try {
      made = backend.create(groupDirectories.owner(caller, directory), directory, name, mode);
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.ALREADY_EXISTS || (flags & FileHandle.EXCLUSIVE) != 0) {
        throw e;
      }
      return openExisting(caller, directory, name, flags);
    }
    changes.mark(directory);
    OpenFile file = files.pin(made.inode().getId());
    try {
      FileHandle handle = file.created(caller, flags, made);
      Opened opened = new Opened(fileHandles.add(handle), false, handle.writes);
      return new Created(file.overlay(made.inode()), opened);
    } catch (IOException | RuntimeException e) {
      files.unpin(file);
      throw e;
    }
  }

  private Created openExisting(Caller caller, long directory, ByteString name, int flags)
      throws IOException {
    Inode found = backend.lookup(caller, directory, name);
    if (found.getType() == InodeType.SPECIAL) {
      // Made by another mount meanwhile: the kernel looks again, and opens it by itself.
      throw new ErrnoException(Errno.ESTALE, "entry is a special file by now");
    }
    if (found.getType() != InodeType.FILE) {
      throw new ErrnoException(Errno.EEXIST, "entry exists and is no file");
    }
    Opened opened = open(caller, found.getId(), flags, false);
    return new Created(attributes(caller, found.getId()), opened);
  }

  /**
   * Others have changed the content of an inode: who has it open reads the new one.
   *
   * @return length of the content before, in bytes, for those who read it; 0: nobody does
   */
  public long changedByOthers(long inode) {
    OpenFile open = files.get(inode);
    return open == null ? 0 : open.changedByOthers();
  }

  /** Another client wants to write a file: it gets it as soon as what was written here is there. */
  public void giveWay(long inode) {
    OpenFile open = files.get(inode);
    if (open != null) {
      open.giveWay();
    }
  }

  /** Inodes of files that programs have open. */
  public List<Long> openFiles() {
    return files.inodes();
  }

  /** Fills the buffer up to the end of the file; gives the number of bytes. */
  public int read(long handle, long position, ByteBuffer into) throws IOException {
    FileHandle open = fileHandles.get(handle);
    try {
      return open.file.read(open, position, into);
    } catch (CurvineException e) {
      throw stale(e, open.file.inode());
    }
  }

  /**
   * Writes all of the buffer.
   *
   * @param append at the file's end, whatever the position says
   * @param dropSetId clear the set-user-id and set-group-id bits
   */
  public void write(long handle, long position, ByteBuffer from, boolean append, boolean dropSetId)
      throws IOException {
    FileHandle open = fileHandles.get(handle);
    if (!open.writes) {
      throw new ErrnoException(Errno.EBADF, "handle " + handle + " is not open for writing");
    }
    try {
      open.file.write(open, position, from, append, dropSetId);
    } catch (CurvineException e) {
      throw stale(e, open.file.inode());
    }
  }

  /** close(2) of one of the handle's descriptors. */
  public void flush(long handle) throws IOException {
    FileHandle open = fileHandles.get(handle);
    try {
      open.file.flush(open);
    } catch (CurvineException e) {
      throw stale(e, open.file.inode());
    }
  }

  public void sync(long handle) throws IOException {
    FileHandle open = fileHandles.get(handle);
    try {
      open.file.sync();
    } catch (CurvineException e) {
      throw stale(e, open.file.inode());
    }
  }

  /** The handle's end. */
  public void release(long handle) throws IOException {
    FileHandle closing = fileHandles.remove(handle);
    try {
      closing.file.release(closing);
    } catch (IOException e) {
      LOG.error("inode {} could not be closed", closing.file.inode(), e);
      throw e;
    } finally {
      files.unpin(closing.file);
    }
  }

  public long openDirectory(Caller caller, long node) {
    return directoryHandles.add(new DirectoryHandle(node, caller, backend, changes, this::seen));
  }

  /** Gives the entries from a cookie on; 0 begins, with "." and "..". */
  public void readDirectory(long handle, long cookie, DirectorySink sink) throws IOException {
    directoryHandles.get(handle).read(cookie, sink);
  }

  public void releaseDirectory(long handle) throws IOException {
    directoryHandles.remove(handle);
  }

  public StatFs statFs(long node) throws IOException {
    return backend.statFs(node);
  }

  /** Publishes what is still open for writing. Handles are of no use afterwards. */
  @Override
  public void close() {
    files.finish();
  }

  /** The inode with what is written here and not published. */
  private Inode seen(Inode published) throws IOException {
    groupDirectories.observe(published);
    specials.observe(published);
    OpenFile file = files.get(published.getId());
    return file == null ? published : file.overlay(published);
  }

  /** An inode that the caller holds and that is gone is ESTALE, as NFS has it; not ENOENT. */
  static IOException stale(CurvineException failure, long node) {
    return failure.code() == ErrorCode.NOT_FOUND
        ? new ErrnoException(Errno.ESTALE, "inode " + node + " is gone", failure)
        : failure;
  }
}
