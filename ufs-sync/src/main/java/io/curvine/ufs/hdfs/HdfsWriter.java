/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.TemporaryNames;
import io.curvine.ufs.UfsExpected;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces files: a temporary one beside the target, on the datanodes' disks when it is closed, and
 * a rename over the target. Thread-safe.
 */
final class HdfsWriter {
  private static final Logger LOG = LoggerFactory.getLogger(HdfsWriter.class);
  private static final int COPY_BUFFER_BYTES = 256 << 10;

  private final DistributedFileSystem client;

  HdfsWriter(DistributedFileSystem client) {
    this.client = client;
  }

  /**
   * Replaces a file by new content, keeping the permissions of the one before.
   *
   * @throws CurvineException UFS_CONFLICT where what is there may not be replaced
   */
  UfsStatus replace(Path at, String name, long length, InputStream content, UfsExpected expected)
      throws IOException {
    var unused = replaceable(at, expected);
    Path temporary = new Path(at.getParent(), TemporaryNames.next());
    OutputStream out =
        client.createFile(temporary).overwrite(false).recursive().syncBlock().build();
    try {
      try (out) {
        copy(name, length, content, out);
      }
      keepPermissions(at, temporary);
      // Taken before the rename: afterwards the path may be another writer's file.
      UfsStatus written =
          HdfsStatuses.of(name, client.getFileLinkStatus(temporary))
              .orElseThrow(() -> new FileNotFoundException(temporary.toString()));
      putInPlace(temporary, at, expected);
      return written;
    } catch (IOException | RuntimeException e) {
      giveUp(temporary);
      throw e;
    }
  }

  /**
   * Where nothing is to be there the namenode sees to it in one step. Otherwise a change between
   * the look and the rename, two calls of the namenode, is overwritten.
   */
  private void putInPlace(Path temporary, Path at, UfsExpected expected) throws IOException {
    boolean makes = replaceable(at, expected).isEmpty() && !expected.any();
    try {
      client.rename(temporary, at, makes ? Options.Rename.NONE : Options.Rename.OVERWRITE);
    } catch (FileAlreadyExistsException e) {
      throw expected.conflict(at.toString(), "new");
    }
  }

  /** What is there, which a file may replace. */
  private Optional<UfsStatus> replaceable(Path at, UfsExpected expected) throws IOException {
    Optional<UfsStatus> found;
    try {
      found = HdfsStatuses.of("", client.getFileLinkStatus(at));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    if (found.isPresent() && found.get().kind() == Kind.DIRECTORY) {
      throw new CurvineException(ErrorCode.IS_A_DIRECTORY, at + ": is a directory");
    }
    expected.require(at.toString(), found);
    return found;
  }

  private static void copy(String name, long length, InputStream content, OutputStream out)
      throws IOException {
    byte[] buffer = new byte[(int) Math.min(COPY_BUFFER_BYTES, Math.max(1, length))];
    long left = length;
    while (left > 0) {
      int count = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new CurvineException(
            ErrorCode.UFS_ERROR,
            name + ": content ended after " + (length - left) + " of " + length + " bytes");
      }
      out.write(buffer, 0, count);
      left -= count;
    }
  }

  private void keepPermissions(Path from, Path to) throws IOException {
    try {
      FileStatus before = client.getFileLinkStatus(from);
      if (HdfsStatuses.of("", before).map(UfsStatus::kind).equals(Optional.of(Kind.FILE))) {
        client.setPermission(to, before.getPermission());
      }
    } catch (FileNotFoundException e) {
      // Nothing is replaced.
    }
  }

  /** A temporary file that stays takes room, nothing else: the write's own failure counts. */
  private void giveUp(Path temporary) {
    try {
      var unused = client.delete(temporary, false);
    } catch (IOException e) {
      LOG.warn("not deleted: {}", HdfsErrors.of(temporary.toString(), e).getMessage());
    }
  }
}
