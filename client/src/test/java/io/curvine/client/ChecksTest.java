/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ChecksTest {
  @Test
  void takesWhatPosixTakes() {
    assertThatCode(
            () -> {
              Checks.entry("file", Refs.path("/"));
              Checks.entry("file", Refs.path("/a/" + "b".repeat(255) + "/c//d/"));
              Checks.entry("file", Refs.inode(1));
              Checks.newEntry("file", Refs.child(1, ByteString.copyFromUtf8("...")));
              Checks.mode(07777);
              Checks.blockSize(0);
              Checks.blockSize(3 << 20);
              Checks.parents(Refs.path("/a"), true);
            })
        .doesNotThrowAnyException();
  }

  @Test
  void refusesWrongNames() {
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.entry("file", EntryRef.getDefaultInstance()));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.entry("file", Refs.path("a/b")));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.entry("file", Refs.path("")));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.entry("file", Refs.path("/a\0b")));
    refused(ErrorCode.NAME_TOO_LONG, () -> Checks.entry("f", Refs.path("/" + "b".repeat(256))));
    refused(ErrorCode.NAME_TOO_LONG, () -> Checks.entry("f", Refs.path("/b".repeat(2048))));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.entry("file", Refs.inode(0)));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.newEntry("file", Refs.inode(7)));
    for (String name : new String[] {"", ".", "..", "a/b", "a\0"}) {
      refused(
          ErrorCode.INVALID_ARGUMENT,
          () -> Checks.entry("file", Refs.child(1, ByteString.copyFromUtf8(name))));
    }
  }

  @Test
  void refusesWrongNumbersAndSaysWhatIsAllowed() {
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.mode(010000));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.mode(-1));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.blockSize((1 << 20) + 1));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.blockSize(2L << 30));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.range("limit", 0, 1, 9));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.parents(Refs.inode(3), true));
    refused(ErrorCode.INVALID_ARGUMENT, () -> Checks.xattrName(ByteString.EMPTY));
  }

  private static void refused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            CurvineException.class,
            e -> {
              org.assertj.core.api.Assertions.assertThat(e.code()).isEqualTo(code);
              org.assertj.core.api.Assertions.assertThat(e).hasMessageContaining("allowed");
            });
  }
}
