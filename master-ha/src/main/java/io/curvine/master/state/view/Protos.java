/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;

/** Reads values of the state. */
final class Protos {
  private Protos() {}

  /** The message, or null for null; bytes that are not one are a broken state. */
  static <T extends MessageLite> T parse(Parser<T> parser, byte[] value) {
    if (value == null) {
      return null;
    }
    try {
      return parser.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the state holds a value that cannot be read", e);
    }
  }
}
