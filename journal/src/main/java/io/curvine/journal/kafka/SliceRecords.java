/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.LogSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** A region of the journal where Kafka's message classes want records. */
record SliceRecords(LogSlice slice) implements BaseRecords {
  @Override
  public int sizeInBytes() {
    return slice.lengthBytes();
  }

  @Override
  public RecordsSend<? extends BaseRecords> toSend() {
    throw new UnsupportedOperationException("regions are sent by Netty, see KafkaResponses");
  }

  /** Closes the regions of an answer that is not sent. */
  static void closeAll(ApiMessage answer) {
    if (!(answer instanceof FetchResponseData fetched)) {
      return;
    }
    for (var topic : fetched.responses()) {
      for (var partition : topic.partitions()) {
        if (partition.records() instanceof SliceRecords records) {
          try {
            records.slice().close();
          } catch (IOException e) {
            throw new UncheckedIOException("cannot close a segment that was read", e);
          }
        }
      }
    }
  }
}
