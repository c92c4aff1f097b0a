/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.junit.jupiter.api.Test;

class ErrnoTest {
  @Test
  void everyCodeHasANumber() {
    for (ErrorCode code : ErrorCode.values()) {
      assertThat(Errno.of(code)).as(code.name()).isPositive();
    }
  }

  @Test
  void refusalsKeepTheirMeaning() {
    assertThat(Errno.of(new CurvineException(ErrorCode.NOT_EMPTY, ""))).isEqualTo(39);
    assertThat(Errno.of(new CurvineException(ErrorCode.CROSS_MOUNT, ""))).isEqualTo(18);
    assertThat(Errno.of(new CurvineException(ErrorCode.NO_SUCH_ATTRIBUTE, ""))).isEqualTo(61);
  }

  @Test
  void whatHasNoNumberIsAnInputOutputError() {
    assertThat(Errno.of(new IOException("x"))).isEqualTo(Errno.EIO);
    assertThat(Errno.of(new InterruptedIOException())).isEqualTo(Errno.EINTR);
    assertThat(Errno.of(new ErrnoException(7, "x"))).isEqualTo(7);
  }
}
