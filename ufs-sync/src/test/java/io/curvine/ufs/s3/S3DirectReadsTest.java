/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Against a store that answers what it is told to. */
@Timeout(60)
class S3DirectReadsTest {
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private final List<Socket> connections = Collections.synchronizedList(new ArrayList<>());
  private ServerSocket server;
  private S3DirectReads reads;

  /** To one request. */
  private interface Answer {
    void to(OutputStream out) throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::accept, "store");
    thread.setDaemon(true);
    thread.start();
    reads = open(Map.of());
  }

  @AfterEach
  void stop() throws IOException {
    reads.close();
    server.close();
    for (Socket each : List.copyOf(connections)) {
      each.close();
    }
  }

  private S3DirectReads open(Map<String, String> more) throws CurvineException {
    return open(server.getLocalPort(), more);
  }

  private static S3DirectReads open(int port, Map<String, String> more) throws CurvineException {
    Map<String, String> options = new HashMap<>(more);
    options.put("s3.endpoint", "http://127.0.0.1:" + port);
    S3Options parsed = S3Options.parse(S3Store.of("s3"), options);
    return new S3DirectReads(
        S3DirectReads.Address.of(parsed.endpoint().orElseThrow(), "bucket", true),
        new S3Keys("s3", "bucket", ""),
        Optional.of(StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "secret"))),
        parsed);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.add(socket);
        Thread thread = new Thread(() -> serve(socket), "store-connection");
        thread.setDaemon(true);
        thread.start();
      } catch (IOException e) {
        return; // the test is over
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = socket.getInputStream()) {
      StringBuilder head = new StringBuilder();
      for (int next = in.read(); next >= 0; next = in.read()) {
        head.append((char) next);
        if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
          requests.add(head.toString());
          head.setLength(0);
          answers.take().to(socket.getOutputStream());
        }
      }
    } catch (IOException e) {
      return; // it was told to close, or the reader did
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Answer text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String good(String body) {
    return "HTTP/1.1 206 Partial Content\r\nETag: \"v\"\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private static Answer end() {
    return out -> {
      throw new SocketException("told to close");
    };
  }

  private Optional<UfsStream> open(long length) {
    return reads.open("a key", "v", 0, length);
  }

  private String read(int length) throws IOException {
    try (UfsStream in = open(length).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  @Test
  void aRangeIsReadOnOneConnectionAfterTheOther() throws IOException {
    for (int i = 0; i < 5; i++) {
      answers.add(text(good("hello " + i)));
      assertThat(read(7)).isEqualTo("hello " + i);
    }
    assertThat(connections).hasSize(1);
    assertThat(requests.get(0))
        .startsWith("GET /bucket/a%20key HTTP/1.1\r\n")
        .contains("\r\nrange: bytes=0-6\r\n", "\r\nif-match: \"v\"\r\n", "AWS4-HMAC-SHA256")
        .contains("\r\nhost: 127.0.0.1:" + server.getLocalPort() + "\r\n");
  }

  @Test
  void anAnswerComesInPiecesOfAnySize() throws IOException {
    String body = "x".repeat(40_000);
    byte[] all = good(body).getBytes(StandardCharsets.ISO_8859_1);
    answers.add(
        out -> {
          for (int at = 0; at < all.length; at++) {
            out.write(all[at]);
          }
        });
    try (UfsStream in = open(body.length()).orElseThrow()) {
      ByteBuffer into = ByteBuffer.allocateDirect(body.length() + 1);
      for (int got = in.read(into); got >= 0; got = in.read(into)) {
        assertThat(got).isPositive();
      }
      assertThat(StandardCharsets.ISO_8859_1.decode(into.flip()).toString()).isEqualTo(body);
    }
  }

  @Test
  void aConnectionThatTheStoreClosedIsReplaced() throws IOException {
    answers.add(text(good("a")));
    assertThat(read(1)).isEqualTo("a");
    answers.add(end());
    answers.add(text(good("b")));
    assertThat(read(1)).isEqualTo("b");
    assertThat(connections).hasSize(2);
  }

  @Test
  void aConnectionIsUsedAgainOnlyAfterAllOfItsAnswer() throws IOException {
    answers.add(text(good("abc")));
    try (UfsStream in = open(3).orElseThrow()) {
      assertThat(in.read()).isEqualTo('a');
    }
    answers.add(text(good("d") + "surplus"));
    assertThat(read(1)).isEqualTo("d");
    answers.add(
        text("HTTP/1.1 206 OK\r\nConnection: close\r\nETag: \"v\"\r\nContent-Length: 1\r\n\r\ne"));
    assertThat(read(1)).isEqualTo("e");
    answers.add(text(good("f")));
    assertThat(read(1)).isEqualTo("f");
    assertThat(connections).hasSize(4);
  }

  @Test
  void whatIsWrongWithOneObjectIsAskedOfTheSdk() throws IOException {
    for (String answer :
        List.of(
            "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 416 Range\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 206 OK\r\nETag: \"w\"\r\nContent-Length: 1\r\n\r\nx")) {
      answers.add(text(answer));
      assertThat(open(1)).as(answer).isEmpty();
    }
    answers.add(text(good("a")));
    assertThat(read(1)).isEqualTo("a");
  }

  @Test
  void aStoreInTroubleIsLeftToTheSdk() throws IOException {
    answers.add(text("HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\n\r\n"));
    assertThat(open(1)).isEmpty();
    assertThat(open(1)).isEmpty();
    assertThat(requests).hasSize(1);
  }

  @Test
  void aStoreWithAWayOfItsOwnIsLeftToTheSdk() throws IOException {
    for (String answer :
        List.of(
            good("longer than was asked for"),
            "HTTP/1.1 206 OK\r\nETag: \"v\"\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n")) {
      requests.clear();
      answers.add(text(answer));
      assertThat(open(1)).as(answer).isEmpty();
      assertThat(open(1)).as(answer).isEmpty();
      assertThat(requests).hasSize(1);
      reads.close();
      reads = open(Map.of());
    }
  }

  @Test
  void onlyTheSdkKnowsTheWayToSomeBuckets() throws CurvineException {
    assertThat(way("s3", "bucket", "https://store:9000", "s3.path-style=true")).isTrue();
    assertThat(way("s3", "a_b.c", "https://store:9000", "s3.path-style=true")).isTrue();
    assertThat(way("s3", "bucket", "https://store:9000", "s3.path-style=false")).isTrue();
    assertThat(way("s3", "a_b", "https://store:9000", "s3.path-style=false")).isFalse();
    assertThat(way("s3", "a.b", "https://store:9000", "s3.path-style=false")).isFalse();
    assertThat(way("s3", "a_b", "http://10.0.0.5:9000", "s3.path-style=false")).isTrue();
    assertThat(way("s3", "bucket", "http://store:9000", "s3.proxy=http://proxy:1")).isFalse();
    assertThat(way("s3", "bucket", "", "s3.region=eu-central-1")).isTrue();
    assertThat(way("s3", "a.b", "", "s3.region=eu-central-1")).isFalse();
    assertThat(way("s3", "bucket--x-s3", "", "s3.region=eu-central-1")).isFalse();
  }

  private static boolean way(String scheme, String bucket, String endpoint, String option)
      throws CurvineException {
    Map<String, String> options = new HashMap<>();
    if (!endpoint.isEmpty()) {
      options.put("s3.endpoint", endpoint);
    }
    String[] more = option.split("=", 2);
    options.put(more[0], more[1]);
    options.put("s3.access-key", "id");
    options.put("s3.secret-key", "secret");
    S3Options parsed = S3Options.parse(S3Store.of(scheme), options);
    AwsCredentialsProvider credentials = S3Clients.credentials(parsed.credentials());
    try (S3AsyncClient client = S3Clients.create(parsed, credentials)) {
      Optional<S3DirectReads> reads =
          S3DirectReads.of(parsed, new S3Keys(scheme, bucket, ""), credentials, client);
      reads.ifPresent(S3DirectReads::close);
      return reads.isPresent();
    }
  }

  @Test
  void aHeadWithoutEndIsLeftToTheSdk() throws IOException {
    answers.add(text("HTTP/1.1 200 OK\r\nx: " + "y".repeat(20_000)));
    assertThat(open(1)).isEmpty();
  }

  @Test
  void aStoreThatIsGoneIsLeftToTheSdk() throws IOException {
    reads.close();
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // does not listen
      reads = open(held.getLocalPort(), Map.of());
      assertThat(open(1)).isEmpty();
    }
  }

  @Test
  void aBodyThatEndsEarlyIsToldAsSuch() throws IOException {
    answers.add(
        out -> {
          text("HTTP/1.1 206 OK\r\nETag: \"v\"\r\nContent-Length: 9\r\n\r\nabc").to(out);
          throw new SocketException("told to close");
        });
    try (UfsStream in = open(9).orElseThrow()) {
      assertThatThrownBy(in::readAllBytes)
          .hasMessageContaining("s3://bucket/a key: connection ended, 6 bytes early")
          .isInstanceOfSatisfying(
              CurvineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_UNREACHABLE));
    }
  }

  @Test
  void silenceIsNotWaitedOutForEver() throws IOException {
    reads.close();
    reads = open(Map.of("s3.request-timeout", "300ms"));
    answers.add(text("HTTP/1.1 206 OK\r\nETag: \"v\"\r\nContent-Length: 9\r\n\r\nabc"));
    try (UfsStream in = open(9).orElseThrow()) {
      assertThatThrownBy(in::readAllBytes)
          .hasMessageContaining("the store was silent for too long")
          .isInstanceOfSatisfying(
              CurvineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_UNREACHABLE));
    }
    answers.add(out -> {});
    assertThat(open(9)).isEmpty();
    assertThat(requests).hasSize(2);
  }

  @Test
  void connectionsAreAsManyAsAreAllowed() throws IOException {
    reads.close();
    reads = open(Map.of("s3.max-connections", "1", "s3.connect-timeout", "50ms"));
    answers.add(text(good("a")));
    try (UfsStream first = open(1).orElseThrow()) {
      assertThat(open(1)).isEmpty();
      assertThat(first.read()).isEqualTo('a');
      answers.add(text(good("b")));
      assertThat(read(1)).isEqualTo("b");
    }
    answers.add(text("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"));
    assertThat(open(1)).isEmpty();
    answers.add(text(good("c")));
    assertThat(read(1)).isEqualTo("c");
  }

  @Test
  void addressesAreThoseOfTheSdk() {
    URI endpoint = URI.create("https://store:9000/base/");
    assertThat(S3DirectReads.Address.of(endpoint, "b", true))
        .isEqualTo(new S3DirectReads.Address(URI.create("https://store:9000"), "/base/b"));
    assertThat(S3DirectReads.Address.of(endpoint, "b", false))
        .isEqualTo(new S3DirectReads.Address(URI.create("https://b.store:9000"), "/base"));
  }
}
