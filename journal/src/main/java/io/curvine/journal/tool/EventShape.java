/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import io.curvine.protocol.proto.Event;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks whether bytes can be decoded as an event, without making objects of them: a journal is
 * read several times as fast so. It knows what protobuf's decoder refuses: fields that end outside
 * of what holds them, tags that are none, and strings that are not UTF-8. Not thread-safe.
 */
final class EventShape {
  private static final int VARINT_MAX_BITS = 63;
  private static final int DEPTH_MAX = 32;
  private static final Message EVENT = message(Event.getDescriptor(), new HashMap<>());

  /** A field, as far as it matters here: what it holds. */
  private enum Holds {
    OTHER,
    TEXT,
    MESSAGE
  }

  /** Of a message: what its fields hold, by number. */
  private static final class Message {
    private Holds[] holds = new Holds[0];
    private Message[] messages = new Message[0];

    Holds holds(int number) {
      return number < holds.length ? holds[number] : Holds.OTHER;
    }
  }

  /** Of a message that is nested in what it may hold, too. */
  private static Message message(Descriptor type, Map<String, Message> known) {
    Message already = known.get(type.getFullName());
    if (already != null) {
      return already;
    }
    Message message = new Message();
    known.put(type.getFullName(), message);
    int numbers =
        1 + type.getFields().stream().mapToInt(FieldDescriptor::getNumber).max().orElse(0);
    message.holds = new Holds[numbers];
    message.messages = new Message[numbers];
    java.util.Arrays.fill(message.holds, Holds.OTHER);
    for (FieldDescriptor field : type.getFields()) {
      switch (field.getJavaType()) {
        case STRING -> message.holds[field.getNumber()] = Holds.TEXT;
        case MESSAGE -> {
          message.holds[field.getNumber()] = Holds.MESSAGE;
          message.messages[field.getNumber()] = message(field.getMessageType(), known);
        }
        case INT, LONG, FLOAT, DOUBLE, BOOLEAN, BYTE_STRING, ENUM -> {}
      }
    }
    return message;
  }

  private byte[] array;
  private int at;
  private String problem;
  private long timeNanos;
  private int kind;

  /** Looks at an event. */
  void look(byte[] bytes, int from, int length) {
    array = bytes;
    at = from;
    problem = "";
    timeNanos = 0;
    kind = 0;
    int end = from + length;
    while (at < end && problem.isEmpty()) {
      int tag = int32(end);
      int number = WireFormat.getTagFieldNumber(tag);
      int type = WireFormat.getTagWireType(tag);
      if (EventKinds.canBeKind(number) && type == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        kind = number;
      }
      if (number == Event.TIME_NANOS_FIELD_NUMBER && type == WireFormat.WIRETYPE_VARINT) {
        timeNanos = varint(end);
      } else {
        field(EVENT, tag, end, 0);
      }
    }
  }

  /** Why it cannot be decoded; empty where it can be. */
  String problem() {
    return problem;
  }

  /** Of the event, since the epoch. */
  long timeNanos() {
    return timeNanos;
  }

  /** Field number of the event's kind, which need not be known; 0: it has none. */
  int kind() {
    return kind;
  }

  private void field(Message message, int tag, int end, int depth) {
    int number = WireFormat.getTagFieldNumber(tag);
    if (number == 0) {
      fail("a field has no number");
      return;
    }
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> varint(end);
      case WireFormat.WIRETYPE_FIXED64 -> skip(Long.BYTES, end);
      case WireFormat.WIRETYPE_FIXED32 -> skip(Integer.BYTES, end);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> {
        int length = int32(end);
        if (length < 0 || length > end - at) {
          fail("field " + number + " ends outside of what holds it");
        } else {
          content(message, number, at + length, depth);
        }
      }
      default -> fail("field " + number + " is of a form that is none");
    }
  }

  private void content(Message message, int number, int end, int depth) {
    switch (message.holds(number)) {
      case OTHER -> at = end;
      case TEXT -> text(number, end);
      case MESSAGE -> {
        if (depth >= DEPTH_MAX) {
          fail("it is nested deeper than " + DEPTH_MAX);
        }
        Message inner = message.messages[number];
        while (at < end && problem.isEmpty()) {
          field(inner, int32(end), end, depth + 1);
        }
      }
    }
  }

  private void text(int number, int end) {
    int from = at;
    while (at < end && array[at] >= 0) {
      at++;
    }
    if (at < end) {
      try {
        UTF_8.newDecoder().decode(ByteBuffer.wrap(array, from, end - from));
      } catch (CharacterCodingException e) {
        fail("field " + number + " is text and not UTF-8");
      }
      at = end;
    }
  }

  private void skip(int bytes, int end) {
    if (bytes > end - at) {
      fail("it ends in a number");
    } else {
      at += bytes;
    }
  }

  /** The decoder, too, drops what is above 32 bits. */
  private int int32(int end) {
    return (int) varint(end);
  }

  private long varint(int end) {
    long value = 0;
    for (int shift = 0; shift <= VARINT_MAX_BITS; shift += 7) {
      if (at >= end) {
        fail("it ends in a number");
        return 0;
      }
      byte next = array[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    fail("a number does not end");
    return 0;
  }

  private void fail(String why) {
    if (problem.isEmpty()) {
      problem = why;
    }
  }
}
