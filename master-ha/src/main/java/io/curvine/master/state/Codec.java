/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/**
 * How the values of a column family are stored. Values are immutable and never null.
 *
 * @param toBytes as stored
 * @param toValue what {@code toBytes} was given; other bytes are a broken state, told by an {@link
 *     IllegalStateException}
 */
public record Codec<V>(Function<V, byte[]> toBytes, Decoder<V> toValue) {
  private static final byte[] NO_BYTES = {};

  /** Makes a value of a part of an array, without keeping the array. */
  @FunctionalInterface
  public interface Decoder<V> {
    V decode(byte[] bytes, int offset, int length);
  }

  /** The value of a family that is a set: a key is there or it is not. */
  public enum Member {
    MEMBER
  }

  static Codec<Member> member() {
    return new Codec<>(member -> NO_BYTES, (bytes, offset, length) -> Member.MEMBER);
  }

  static Codec<Long> number() {
    return new Codec<>(
        number -> ByteBuffer.allocate(Long.BYTES).putLong(number).array(),
        (bytes, offset, length) -> ByteBuffer.wrap(bytes, offset, length).getLong());
  }

  static Codec<Integer> smallNumber() {
    return new Codec<>(
        number -> ByteBuffer.allocate(Integer.BYTES).putInt(number).array(),
        (bytes, offset, length) -> ByteBuffer.wrap(bytes, offset, length).getInt());
  }

  static Codec<String> text() {
    return new Codec<>(
        text -> text.getBytes(StandardCharsets.UTF_8),
        (bytes, offset, length) -> new String(bytes, offset, length, StandardCharsets.UTF_8));
  }

  static Codec<ByteString> bytes() {
    return new Codec<>(ByteString::toByteArray, ByteString::copyFrom);
  }

  static <M extends MessageLite> Codec<M> message(Parser<M> parser) {
    return new Codec<>(
        Codec::bytes,
        (bytes, offset, length) -> {
          try {
            return parser.parseFrom(bytes, offset, length);
          } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the state holds a value that cannot be read", e);
          }
        });
  }

  /** Maps in the order of their keys: the same value has the same bytes on every master. */
  private static byte[] bytes(MessageLite message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the message's own size cannot be too small", e);
    }
    return bytes;
  }
}
