/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/**
 * Reads a journal's events in order, as a {@link JournalReader} found them. Several times faster
 * than Kafka's own classes, which make objects of headers that nobody looks at. For one thread.
 */
public final class JournalCursor implements AutoCloseable {
  private static final byte[] CHAIN = {'c', 'h', 'a', 'i', 'n'};

  private final Iterator<JournalReader.Part> following;
  private BatchScan batches;

  /** The chain up to the event here; null before the first. */
  private ChainHash.Links links;

  private String before = "";

  private byte[] bytes;
  private int at;
  private int left;
  private long offset;
  private int valueAt;
  private int valueLength;

  private JournalCursor(List<JournalReader.Part> parts) throws IOException {
    this.following = parts.iterator();
    this.batches = new BatchScan(following.next());
  }

  /** Whose first event is that of an offset, which is in the first part or ends the last one. */
  static JournalCursor at(List<JournalReader.Part> parts, long offset) throws IOException {
    JournalCursor cursor = new JournalCursor(parts);
    try {
      cursor.batches.skipTo(offset);
      cursor.offset = cursor.batches.nextOffset() - 1;
      while (cursor.offset < offset - 1 && cursor.next()) {
        // Events of the same batch.
      }
      return cursor;
    } catch (IOException | RuntimeException e) {
      cursor.close();
      throw e;
    }
  }

  /**
   * Goes to the next event.
   *
   * @return false at the end
   * @throws CurvineException CORRUPT where a batch or the chain is not as it was written
   */
  public boolean next() throws IOException {
    while (left == 0) {
      if (!nextBatch()) {
        return false;
      }
    }
    try {
      record();
    } catch (ArrayIndexOutOfBoundsException e) {
      throw broken("a record does not fit its batch", e);
    }
    offset++;
    left--;
    links.add(bytes, valueAt, valueLength);
    return true;
  }

  private boolean nextBatch() throws IOException {
    while (!batches.next()) {
      if (!following.hasNext()) {
        return false;
      }
      batches.close();
      batches = new BatchScan(following.next());
    }
    bytes = batches.bytes();
    at = batches.start() + RecordBatchLayout.HEADER_BYTES;
    left = batches.count();
    offset = batches.baseOffset() - 1;
    ChainHash stored = chainOfBatch();
    if (links != null && !links.end().equals(stored)) {
      throw broken("the chain of events is broken", null);
    }
    before = stored.toString();
    links = stored.links();
    return true;
  }

  /** The first record's headers have the chain's hash before the batch. */
  private ChainHash chainOfBatch() throws CurvineException {
    int begin = at;
    try {
      int end = record();
      int from = valueAt + valueLength;
      at = from;
      for (int headers = varint(); headers > 0; headers--) {
        int keyLength = varint();
        int key = at;
        at += keyLength;
        int length = varint();
        int value = at;
        at += length;
        if (isChain(key, keyLength) && length == ChainHash.LENGTH_BYTES && at <= end) {
          byte[] hash = new byte[length];
          System.arraycopy(bytes, value, hash, 0, length);
          at = begin;
          return ChainHash.of(hash);
        }
      }
    } catch (ArrayIndexOutOfBoundsException e) {
      throw broken("a record does not fit its batch", e);
    }
    throw broken("a batch has no chain hash", null);
  }

  private boolean isChain(int key, int length) {
    if (length != CHAIN.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[key + i] != CHAIN[i]) {
        return false;
      }
    }
    return true;
  }

  /** Finds the value of the record here, and goes past the record; returns where that is. */
  private int record() throws CurvineException {
    int length = varint();
    int end = at + length;
    if (length < 0 || end > batches.end()) {
      throw broken("a record does not fit its batch", null);
    }
    at++; // attributes: none are defined
    varlong(); // time: the event has it more exactly
    varint(); // offset: dense
    int keyLength = varint();
    at += Math.max(0, keyLength);
    valueLength = varint();
    valueAt = at;
    if (valueLength < 0 || valueAt + valueLength > end) {
      throw broken("a record does not fit its batch", null);
    }
    at = end;
    return end;
  }

  private int varint() {
    return (int) varlong();
  }

  /** Zigzag, as all of a record's numbers are. */
  private long varlong() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
  }

  private CurvineException broken(String what, Throwable cause) {
    return new CurvineException(
        ErrorCode.CORRUPT,
        batches.file() + ": " + what + " at offset " + batches.baseOffset(),
        cause);
  }

  /** Of the event here. */
  public long offset() {
    return offset;
  }

  /** The event here. */
  public Event event() throws IOException {
    return Event.parser().parseFrom(bytes, valueAt, valueLength);
  }

  /** The bytes of the event here, which the chain's hash is of. */
  public ByteString eventBytes() {
    return ByteString.copyFrom(bytes, valueAt, valueLength);
  }

  /** The chain's hash over the events up to this one and with it, 64 hexadecimal digits. */
  public String chainHash() {
    return links.end().toString();
  }

  /** The chain's hash before the batch that this event is in, 64 hexadecimal digits. */
  String chainBefore() {
    return before;
  }

  @Override
  public void close() throws IOException {
    batches.close();
  }
}
