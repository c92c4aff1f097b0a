/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.StatFs;
import java.io.IOException;
import java.util.List;

/**
 * What the mount needs of the file system behind it, by inode number and name.
 *
 * <p>Thread-safe. Every method may block for a network round trip and fails with {@link
 * io.curvine.protocol.CurvineException} for a refusal or any other {@link IOException} for a
 * failure. A change is durable when its method returns. Rights are the kernel's business.
 */
public interface Backend {
  /** The entry of that name; NOT_FOUND where there is none. */
  Inode lookup(Caller caller, long directory, ByteString name) throws IOException;

  /** The inode as it is now. */
  Inode attributes(Caller caller, long inode) throws IOException;

  /** Entries after a name, ascending by name as bytes; an empty name begins. */
  DirectoryPage list(Caller caller, long directory, ByteString after, int limit) throws IOException;

  Inode makeDirectory(Caller caller, long directory, ByteString name, int mode) throws IOException;

  Inode symlink(Caller caller, long directory, ByteString name, ByteString target)
      throws IOException;

  /** Makes a fifo, a socket or a device; {@code device} is 0 for what is none. */
  Inode makeSpecial(
      Caller caller, long directory, ByteString name, SpecialType type, int mode, int device)
      throws IOException;

  /** Gives an inode one more name. */
  Inode link(Caller caller, long inode, long directory, ByteString name) throws IOException;

  /** FILE: removes anything but a directory; DIRECTORY: an empty directory. */
  void delete(Caller caller, long directory, ByteString name, InodeType mustBe) throws IOException;

  void rename(
      Caller caller,
      long fromDirectory,
      ByteString fromName,
      long toDirectory,
      ByteString toName,
      boolean noReplace)
      throws IOException;

  /** Gives each of two names what the other one has, in one step. */
  void exchange(
      Caller caller, long firstDirectory, ByteString first, long secondDirectory, ByteString second)
      throws IOException;

  /** Mode, owner and times, those that are set in the change. */
  Inode setAttributes(Caller caller, long inode, SetAttributes change) throws IOException;

  /** Cuts or extends with zeros a file that this mount does not have open for writing. */
  Inode truncate(Caller caller, long inode, long lengthBytes) throws IOException;

  ByteString xattr(Caller caller, long inode, ByteString name) throws IOException;

  List<ByteString> xattrs(Caller caller, long inode) throws IOException;

  /** With create, refused where it exists; with replace, where it does not. */
  void setXattr(
      Caller caller, long inode, ByteString name, ByteString value, boolean create, boolean replace)
      throws IOException;

  void removeXattr(Caller caller, long inode, ByteString name) throws IOException;

  /** Of the cluster, or of a quota over the inode. */
  StatFs statFs(long inode) throws IOException;

  /** Makes a file that must not exist, open for writing. */
  BackendWriter create(Caller caller, long directory, ByteString name, int mode) throws IOException;

  /** Opens for writing; refused with FILE_BUSY while another client has it open so. */
  BackendWriter openForWrite(Caller caller, long inode, boolean truncate) throws IOException;

  /**
   * Asks the client that has a file open for writing to give way, and waits for a moment.
   *
   * @param sinceNanos when the caller began to ask, as {@link System#nanoTime} has it
   * @throws io.curvine.protocol.CurvineException FILE_BUSY where that is too long ago
   */
  void awaitWriter(long inode, long sinceNanos) throws IOException;

  /** Opens the content that is published now. */
  BackendReader openForRead(Caller caller, long inode) throws IOException;

  /** What is published of a file's content is durable when this returns, whoever wrote it. */
  void sync(long inode) throws IOException;
}
