/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import com.google.protobuf.ByteString;
import io.curvine.fuse.vfs.Vfs;
import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel forget what it believes of inodes and names: attributes, pages, where a name
 * leads. What it does not hold is no failure. Thread-safe.
 */
public final class KernelCache implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelCache.class);
  private static final int INVALIDATE_INODE = 2;
  private static final int INVALIDATE_ENTRY = 3;
  private static final int NAME_MAX_BYTES = 1_024;

  private final Device device;
  private final Vfs vfs;
  private final Forgetting forgetting;
  private final Reply notice = new Reply(NAME_MAX_BYTES);
  private boolean closed;

  /** Takes the descriptor and closes it. */
  KernelCache(Device device, Vfs vfs, Forgetting forgetting) {
    this.device = device;
    this.vfs = vfs;
    this.forgetting = forgetting;
  }

  /** Attributes and pages of an inode. Waits for reads of it that are under way. */
  public synchronized void forget(long inode) {
    notice.clear();
    notice.u64(inode).u64(0).u64(0); // from the first byte to the last
    send(INVALIDATE_INODE);
  }

  /**
   * The same, of an inode whose content others changed: who has it open reads the new one from now
   * on, too. Otherwise the kernel would have pages of the old one again, for everyone.
   */
  public synchronized void forgetContent(long inode) {
    forgetting.begin(inode, vfs.changedByOthers(inode));
    try {
      forget(inode);
    } finally {
      forgetting.end();
    }
  }

  /** Where a name in a directory leads, or that it leads nowhere; and the directory's content. */
  public synchronized void forget(long directory, ByteString name) {
    notice.clear();
    notice.u64(directory).u32(name.size()).u32(0).bytes(name);
    notice.body().put((byte) 0);
    send(INVALIDATE_ENTRY);
  }

  private void send(int code) {
    if (closed) {
      return;
    }
    try {
      device.send(notice, notice.finishNotice(code));
    } catch (IOException e) {
      // It expires by its timeout then.
      LOG.debug("the kernel does not take an invalidation: {}", e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      device.close();
    }
  }
}
