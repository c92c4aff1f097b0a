/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.curvine.master.state.Codec.Member;
import io.curvine.master.state.ColumnFamily;
import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.MountSecrets;

/** Values of the column families, for people. Stateless. */
public final class StateValues {
  private StateValues() {}

  /** The value without the secrets of a mount. */
  public static Object shown(Object value) {
    return value instanceof Mount mount ? MountSecrets.masked(mount) : value;
  }

  /** One line: a message in protobuf's text format, anything else as it is. */
  public static String text(ColumnFamily<?> family, byte[] stored) {
    Object value = shown(family.toValue(stored));
    if (value instanceof Message message) {
      return TextFormat.printer().emittingSingleLine(true).printToString(message);
    }
    return value instanceof ByteString bytes
        ? Text.of(bytes)
        : value instanceof Member ? "" : String.valueOf(value);
  }
}
