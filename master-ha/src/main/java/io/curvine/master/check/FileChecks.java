/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.StateFinding;
import java.util.Optional;

/** What has to hold of rows that belong to an inode, each on its own. For one thread. */
final class FileChecks {
  static final String DROP_ROW = "the row is removed";

  private final Rows rows;

  FileChecks(Rows rows) {
    this.rows = rows;
  }

  /** A row of the policies. */
  Optional<StateFinding> policy(Key key) {
    long id = key.longAt(0);
    return rows.inode(id) != null
        ? Optional.empty()
        : Optional.of(
            of(
                FindingKind.STRAY_POLICY,
                ColumnFamily.POLICIES,
                key,
                "inode " + id + " has a policy, and is missing",
                DROP_ROW));
  }

  /** A row of the blocks. */
  Optional<StateFinding> block(Key key, BlockRecord record) {
    long id = key.longAt(0);
    int index = key.intAt(Long.BYTES);
    Inode file = rows.inode(id);
    if (file == null || !NamespaceView.isFile(file)) {
      return Optional.of(
          of(
              FindingKind.STRAY_BLOCK,
              ColumnFamily.BLOCKS,
              key,
              "block " + index + " is of inode " + id + ", which is no file",
              DROP_ROW));
    }
    if (!file.getHasBlockRecords()) {
      return flag(ColumnFamily.BLOCKS, key, file, "block records");
    }
    long length = Integer.toUnsignedLong(record.getLengthBytes());
    long fits = fits(file, index);
    return length <= fits
        ? Optional.empty()
        : Optional.of(
            of(
                    FindingKind.BLOCK_TOO_LONG,
                    ColumnFamily.BLOCKS,
                    key,
                    "block "
                        + index
                        + " has "
                        + length
                        + " bytes; the file has "
                        + file.getLengthBytes()
                        + ", in blocks of "
                        + file.getBlockSizeBytes(),
                    fits == 0 ? DROP_ROW : "it is cut to " + fits + " bytes")
                .toBuilder()
                .setPath(rows.path(file))
                .build());
  }

  /** Bytes of a file that a block of it can have. */
  static long fits(Inode file, int index) {
    long start = (long) index * file.getBlockSizeBytes();
    return Math.max(0, Math.min(file.getBlockSizeBytes(), file.getLengthBytes() - start));
  }

  /** A row of the extended attributes. */
  Optional<StateFinding> xattr(Key key) {
    long id = key.longAt(0);
    Inode inode = rows.inode(id);
    if (inode == null) {
      return Optional.of(
          of(
              FindingKind.STRAY_XATTR,
              ColumnFamily.XATTRS,
              key,
              "attribute "
                  + Keys.nameAt(key, Long.BYTES).toStringUtf8()
                  + " is of inode "
                  + id
                  + ", which is missing",
              DROP_ROW));
    }
    return inode.getHasXattrs()
        ? Optional.empty()
        : flag(ColumnFamily.XATTRS, key, inode, "extended attributes");
  }

  private Optional<StateFinding> flag(ColumnFamily<?> family, Key key, Inode inode, String what) {
    return Optional.of(
        of(
                FindingKind.MISSING_FLAG,
                family,
                key,
                "it has " + what + ", and says that it has none",
                "it says that it has")
            .toBuilder()
            .setPath(rows.path(inode))
            .build());
  }

  /** A row of the loaded directories. */
  Optional<StateFinding> loaded(Key key) {
    Inode directory = rows.directory(key.longAt(0));
    return directory != null && directory.getNamesLoaded()
        ? Optional.empty()
        : Optional.of(
            of(
                FindingKind.STRAY_LOADED,
                ColumnFamily.LOADED,
                key,
                "inode " + key.longAt(0) + " is no directory whose names were loaded",
                DROP_ROW));
  }

  /** A row of the leases by session. */
  Optional<StateFinding> lease(Key key) {
    long session = key.longAt(0);
    Inode inode = rows.inode(key.longAt(Long.BYTES));
    boolean open = rows.has(ColumnFamily.SESSIONS, Keys.of(session));
    boolean leased =
        inode != null && inode.hasLease() && inode.getLease().getSessionId() == session;
    if (open && leased) {
      return Optional.empty();
    }
    String text =
        open
            ? "session " + session + " is said to write inode " + key.longAt(Long.BYTES)
            : "inode " + key.longAt(Long.BYTES) + " is leased by session " + session;
    return Optional.of(
        Findings.of(
                FindingKind.STRAY_LEASE,
                ColumnFamily.LEASES,
                key,
                key.longAt(Long.BYTES),
                text + (open ? ", which is not so" : ", which is not open"),
                leased ? "the lease ends" : DROP_ROW)
            .setPath(inode == null ? "" : rows.path(inode))
            .build());
  }

  private static StateFinding of(
      FindingKind kind, ColumnFamily<?> family, Key key, String text, String repair) {
    return Findings.of(kind, family, key, key.longAt(0), text, repair).build();
  }
}
