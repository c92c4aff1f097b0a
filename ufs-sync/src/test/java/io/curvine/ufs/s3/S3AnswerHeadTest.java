/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3AnswerHeadTest {
  @Test
  void whatMattersIsRead() throws IOException {
    assertThat(
            S3AnswerHead.parse(
                "HTTP/1.1 206 Partial Content\r\nContent-LENGTH:  12 \r\nx-a: b: c\r\nETag: \"v\""))
        .isEqualTo(new S3AnswerHead(206, OptionalLong.of(12), "\"v\"", true));
    assertThat(S3AnswerHead.parse("HTTP/1.1 503 Slow Down\r\nConnection: Close"))
        .isEqualTo(new S3AnswerHead(503, OptionalLong.empty(), "", false));
    // How an object's bytes are encoded is a matter of who reads them.
    assertThat(S3AnswerHead.parse("HTTP/1.1 200\r\nContent-Encoding: gzip\r\nContent-Length: 5"))
        .isEqualTo(new S3AnswerHead(200, OptionalLong.of(5), "", true));
    assertThat(S3AnswerHead.parse("HTTP/1.1 200")).extracting(S3AnswerHead::status).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 6\r\nContent-Length: 5\r\nContent-Length: 5"
      })
  void aBodyThatIsNotItsBytesHasNoKnownLength(String headers) throws IOException {
    assertThat(S3AnswerHead.parse("HTTP/1.1 200 OK\r\n" + headers).lengthBytes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0",
        "HTTP/1.0 200 OK",
        "HTTP/1.1 2",
        "HTTP/1.1 abc",
        "HTTP/1.1 200 OK\r\nno colon",
        "HTTP/1.1 200 OK\r\n: nameless",
        "HTTP/1.1 200 OK\r\nContent-Length: -1",
        "HTTP/1.1 200 OK\r\nContent-Length: 1e3",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999"
      })
  void whatIsNoAnswerIsRefused(String head) {
    assertThatThrownBy(() -> S3AnswerHead.parse(head)).isInstanceOf(IOException.class);
  }
}
