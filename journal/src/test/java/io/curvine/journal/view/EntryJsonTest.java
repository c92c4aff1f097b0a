/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import org.junit.jupiter.api.Test;

class EntryJsonTest {
  private static String json(SpecialType type, int device) {
    Inode inode =
        Inode.newBuilder()
            .setId(7)
            .setType(InodeType.SPECIAL)
            .setSpecialType(type.bits())
            .setDevice(device)
            .setMode(0600)
            .build();
    return new EntryJson().entry(ByteString.copyFromUtf8("/p"), inode).toStringUtf8();
  }

  @Test
  void aSpecialFileSaysWhichOneItIs() {
    assertThat(json(SpecialType.FIFO, 0))
        .contains("\"kind\":\"special\"", "\"special\":\"fifo\"")
        .doesNotContain("\"device\"", "\"length\"");
    assertThat(json(SpecialType.CHARACTER_DEVICE, 0x103))
        .contains("\"special\":\"character device\"", "\"device\":\"1:3\"");
  }
}
