/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * The body of a GetObject. At most a few MiB wait in memory: the socket is read as the caller
 * reads. Not thread-safe.
 */
final class S3ObjectStream extends UfsStream {
  private final String what;
  private final ResponseInputStream<GetObjectResponse> body;
  private long remaining;

  S3ObjectStream(String what, ResponseInputStream<GetObjectResponse> body, long length) {
    this.what = what;
    this.body = body;
    this.remaining = length;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    try {
      int count = body.read(target, offset, (int) Math.min(length, remaining));
      if (count < 0) {
        throw new CurvineException(
            ErrorCode.UFS_UNREACHABLE, what + ": connection ended, " + remaining + " bytes early");
      }
      remaining -= count;
      if (remaining == 0 && body.read() >= 0) {
        throw new CurvineException(ErrorCode.UFS_ERROR, what + ": more bytes than were asked for");
      }
      return count;
    } catch (IOException | RuntimeException e) {
      throw S3Errors.of(what, e);
    }
  }

  @Override
  public void close() throws IOException {
    if (remaining > 0) {
      body.abort();
    } else {
      body.close();
    }
  }
}
