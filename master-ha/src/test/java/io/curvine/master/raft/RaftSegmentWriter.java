/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Writes files of a Raft log for tests. */
public final class RaftSegmentWriter {
  /** Of each entry, with its length, checksum and index: some entries lie across pages. */
  private static final int DATA_BYTES = 1_500;

  private RaftSegmentWriter() {}

  /** A file with so many entries of term 3, and zeros after them. */
  public static void write(Path file, long first, int entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write("RaftLog1".getBytes(StandardCharsets.US_ASCII));
    for (long index = first; index < first + entries; index++) {
      byte[] data = new byte[DATA_BYTES];
      java.util.Arrays.fill(data, (byte) (1 + index));
      LogEntryProto entry =
          LogEntryProto.newBuilder()
              .setTerm(3)
              .setIndex(index)
              .setStateMachineLogEntry(
                  StateMachineLogEntryProto.newBuilder().setLogData(ByteString.copyFrom(data)))
              .build();
      ByteArrayOutputStream record = new ByteArrayOutputStream();
      entry.writeDelimitedTo(record);
      CRC32C checksum = new CRC32C();
      checksum.update(record.toByteArray());
      out.write(record.toByteArray());
      out.writeInt((int) checksum.getValue());
    }
    out.write(new byte[10_000]);
    Files.write(file, bytes.toByteArray());
  }
}
