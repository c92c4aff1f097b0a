/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * An event and its bytes: made once, by the leader that decided it, and the same in the Raft entry
 * and in the journal of every master.
 */
public record StoredEvent(Event event, ByteString bytes) {
  /** Maps in the order of their keys: the same event has the same bytes, and hash, anywhere. */
  public static StoredEvent of(Event event) {
    byte[] bytes = new byte[event.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      event.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the event's own size cannot be too small", e);
    }
    return new StoredEvent(event, UnsafeByteOperations.unsafeWrap(bytes));
  }

  /** Each event with its bytes. */
  public static List<StoredEvent> all(List<Event> events) {
    return events.stream().map(StoredEvent::of).toList();
  }

  /** The event that these bytes are. */
  public static StoredEvent parse(ByteString bytes) throws InvalidProtocolBufferException {
    return new StoredEvent(Event.parseFrom(bytes), bytes);
  }
}
