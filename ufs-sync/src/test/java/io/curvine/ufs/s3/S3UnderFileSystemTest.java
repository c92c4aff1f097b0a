/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsExpected;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UfsStream;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.testing.S3Server;
import io.curvine.ufs.testing.UnderFileSystemContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

class S3UnderFileSystemTest extends UnderFileSystemContract {
  private static final String BUCKET = "bucket";
  private static final AtomicInteger LOCATIONS = new AtomicInteger();
  private static S3Server server;
  private static S3AsyncClient client;

  private String prefix;

  @BeforeAll
  static void startServer() throws IOException {
    server = S3Server.start();
    server.createBucket(BUCKET);
    client = server.client();
  }

  @AfterAll
  static void stopServer() {
    client.close();
    server.close();
  }

  @Override
  protected UnderFileSystem openEmpty() throws IOException {
    prefix = "pre fix/" + LOCATIONS.incrementAndGet() + "/";
    String uri = "s3://" + BUCKET + "/" + prefix.replace(" ", "%20");
    Map<String, String> options = new HashMap<>(server.options());
    options.put("s3.part-size", "5MiB");
    return UfsRegistry.load().open(uri, options);
  }

  @Override
  protected List<String> unusualNames() {
    // s3mock's Tomcat answers 400 to %5C.
    return super.unusualNames().stream().filter(name -> !name.contains("\\")).toList();
  }

  @Test
  void aLargeObjectIsSentInPartsAndCopied() throws IOException {
    byte[] content = new byte[(12 << 20) + 7];
    new Random(1).nextBytes(content);
    UfsStatus written = ufs.write("big", content.length, new ByteArrayInputStream(content));
    assertThat(written.version()).endsWith("-3");
    assertThat(ufs.status("big")).contains(written);
    try (InputStream in = ufs.open("big", written.version(), 0, content.length)) {
      assertThat(in.readAllBytes()).isEqualTo(content);
    }
    UfsStatus moved = ufs.rename("big", "moved");
    try (InputStream in = ufs.open("moved", moved.version(), 5 << 20, 100)) {
      assertThat(in.readAllBytes())
          .isEqualTo(Arrays.copyOfRange(content, 5 << 20, (5 << 20) + 100));
    }
  }

  /** What is not read directly. */
  /** An object of one part, as large ones have several, with what others may say of it. */
  private String putInParts(String path, String content) {
    String key = prefix + path;
    String upload =
        client
            .createMultipartUpload(
                create ->
                    create
                        .bucket(BUCKET)
                        .key(key)
                        .contentType("text/plain")
                        .cacheControl("no-store")
                        .metadata(Map.of("of", "another")))
            .join()
            .uploadId();
    String part =
        client
            .uploadPart(
                send -> send.bucket(BUCKET).key(key).uploadId(upload).partNumber(1),
                AsyncRequestBody.fromString(content))
            .join()
            .eTag();
    CompletedPart completed = CompletedPart.builder().partNumber(1).eTag(part).build();
    return S3Statuses.version(
        client
            .completeMultipartUpload(
                complete ->
                    complete
                        .bucket(BUCKET)
                        .key(key)
                        .uploadId(upload)
                        .multipartUpload(all -> all.parts(completed)))
            .join()
            .eTag());
  }

  @Test
  void anObjectOfPartsIsKnownAgainAfterItWasMoved() throws IOException {
    String first = putInParts("d/a", "content");
    assertThat(first).contains("-");
    UfsExpected known = UfsExpected.version(first);
    var unusedOfTrees = List.of(ufs.rename("d", "e"), ufs.rename("e", "f"));
    UfsStatus moved = ufs.rename("f/a", "g");
    assertThat(moved.isOf(first)).as("%s of %s", moved, first).isTrue();
    assertThat(ufs.status("g")).contains(moved);
    HeadObjectResponse head = client.headObject(get -> get.bucket(BUCKET).key(prefix + "g")).join();
    assertThat(head.contentType()).isEqualTo("text/plain");
    assertThat(head.cacheControl()).isEqualTo("no-store");
    assertThat(head.metadata())
        .containsEntry("of", "another")
        .hasEntrySatisfying(
            S3Origins.KEY, note -> assertThat(note).matches("7 [0-9]{10} " + first + "( .*)?"));
    assertThat(moved.version()).as("so that the next move looks again").contains("-");
    try (InputStream in = ufs.open("g", first, 3, 4)) {
      assertThat(in.readAllBytes()).isEqualTo("tent".getBytes(UTF_8));
    }
    refused(ErrorCode.UFS_CONFLICT, () -> ufs.delete("g", UfsExpected.version("another")));
    byte[] later = "later".getBytes(UTF_8);
    UfsStatus replaced = ufs.write("g", later.length, new ByteArrayInputStream(later), known);
    assertThat(replaced.isOf(first)).isFalse();
    refused(ErrorCode.UFS_CONFLICT, () -> ufs.delete("g", known));
  }

  @Test
  void whatAnotherPutWhereAnObjectWasMovedIsAnothers() throws IOException {
    String first = putInParts("a", "content");
    assertThat(ufs.rename("a", "b").isOf(first)).isTrue();
    long now = Instant.now().getEpochSecond();
    var unused =
        client
            .putObject(
                put ->
                    put.bucket(BUCKET)
                        .key(prefix + "b")
                        .metadata(Map.of(S3Origins.KEY, "7 " + now + " " + first)),
                AsyncRequestBody.fromString("longer content"))
            .join();
    byte[] ours = "ours".getBytes(UTF_8);
    refused(
        ErrorCode.UFS_CONFLICT,
        () ->
            ufs.write(
                "b", ours.length, new ByteArrayInputStream(ours), UfsExpected.version(first)));
  }

  @Test
  void theSdkReadsTheSame() throws IOException {
    byte[] content = new byte[(3 << 20) + 7];
    new Random(1).nextBytes(content);
    UfsStatus written = ufs.write("big", content.length, new ByteArrayInputStream(content));
    S3Options options = S3Options.parse(S3Store.of("s3"), server.options());
    try (UnderFileSystem bySdk =
        new S3UnderFileSystem(
            server.client(), options, new S3Keys("s3", BUCKET, prefix), Optional.empty())) {
      try (UfsStream in = bySdk.open("big", written.version(), 0, content.length)) {
        assertThat(in.readAllBytes()).isEqualTo(content);
      }
      for (int i = 0; i < 100; i++) { // each gives its connection back, or ends it
        try (UfsStream in = bySdk.open("big", written.version(), 1 << 20, 2 << 20)) {
          assertThat(in.readNBytes(i))
              .isEqualTo(Arrays.copyOfRange(content, 1 << 20, (1 << 20) + i));
        }
      }
      refused(ErrorCode.UFS_CHANGED, () -> bySdk.open("big", "other", 0, 1));
    }
  }

  @Test
  void anUploadThatFailsLeavesNoParts() {
    InputStream shorter = new ByteArrayInputStream(new byte[11 << 20]);
    refused(ErrorCode.UFS_ERROR, () -> ufs.write("big", 12 << 20, shorter));
    assertThat(client.listMultipartUploads(list -> list.bucket(BUCKET)).join().uploads()).isEmpty();
  }

  @Test
  void foreignKeysAreDirectoriesOrLeftOut() throws IOException {
    put("implied/deep/key", "x");
    put("marker/", "");
    put("clash", "file");
    put("clash-more", "file");
    put("clash/below", "hidden");
    put("twice//slash", "x");
    put("dots/../key", "x");
    assertThat(names(""))
        .containsExactly("clash", "clash-more", "dots", "implied", "marker", "twice");
    assertThat(children("").get(0).kind()).isEqualTo(Kind.FILE);
    assertThat(ufs.status("clash").orElseThrow().kind()).isEqualTo(Kind.FILE);
    assertThat(ufs.status("implied/deep").orElseThrow().kind()).isEqualTo(Kind.DIRECTORY);
    assertThat(names("marker")).isEmpty();
    assertThat(names("twice")).isEmpty();
    assertThat(names("dots")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"oss", "cos", "gcs", "gs", "minio"})
  void theOtherStoresSpeakTheSame(String scheme) throws IOException {
    Map<String, String> options = new HashMap<>(server.options());
    options.put("s3.path-style", "true");
    String uri = scheme + "://" + BUCKET + "/" + scheme;
    try (UnderFileSystem other = UfsRegistry.load().open(uri, options)) {
      byte[] content = new byte[100_000];
      UfsStatus written = other.write("a/b", content.length, new ByteArrayInputStream(content));
      try (InputStream in = other.open("a/b", written.version(), 0, content.length)) {
        assertThat(in.readAllBytes()).isEqualTo(content);
      }
      other.rename("a", "c");
      assertThatThrownBy(() -> other.list("a", child -> {}))
          .hasMessage(uri + "/a/: no such directory");
      other.delete("c", true);
      assertThat(other.status("c")).isEmpty();
    }
  }

  @Test
  void aMissingBucketSaysSo() throws IOException {
    try (UnderFileSystem missing = UfsRegistry.load().open("s3://nowhere", server.options())) {
      assertThatThrownBy(() -> missing.status(""))
          .hasMessageContaining("s3://nowhere/")
          .hasMessageContaining("NoSuchBucket");
      refused(ErrorCode.UFS_UNREACHABLE, () -> missing.status("a"));
      refused(ErrorCode.UFS_UNREACHABLE, () -> missing.list("", child -> {}));
    }
  }

  @Test
  void aServerThatIsNotThereIsUnreachable() throws IOException {
    // Bound but not listening: it refuses, and nobody else can take the port meanwhile.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      nothingListens(taken.getLocalPort());
    }
  }

  private static void nothingListens(int port) throws IOException {
    Map<String, String> options = new HashMap<>(server.options());
    options.put("s3.endpoint", "http://127.0.0.1:" + port);
    options.put("s3.connect-timeout", "1s");
    try (UnderFileSystem down = UfsRegistry.load().open("s3://bucket", options)) {
      refused(ErrorCode.UFS_UNREACHABLE, () -> down.status("a"));
      refused(ErrorCode.UFS_UNREACHABLE, () -> down.open("a", "v", 0, 1));
      refused(ErrorCode.UFS_UNREACHABLE, () -> down.write("a", 0, InputStream.nullInputStream()));
    }
  }

  @Test
  void aServerThatSaysNothingIsUnreachable() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Map<String, String> options = new HashMap<>(server.options());
      options.put("s3.endpoint", "http://127.0.0.1:" + silent.getLocalPort());
      options.put("s3.request-timeout", "200ms");
      try (UnderFileSystem mute = UfsRegistry.load().open("s3://bucket", options)) {
        refused(ErrorCode.UFS_UNREACHABLE, () -> mute.status("a"));
        refused(ErrorCode.UFS_UNREACHABLE, () -> mute.open("a", "v", 0, 1));
      }
    }
  }

  @Test
  void wrongCredentialsAreDenied() throws IOException {
    // s3mock takes any key.
    try (S3Server strict = S3Server.startLarge()) {
      strict.createBucket(BUCKET);
      Map<String, String> options = new HashMap<>(strict.options());
      try (UnderFileSystem allowed = UfsRegistry.load().open("s3://" + BUCKET, options)) {
        assertThat(allowed.status("a")).isEmpty();
      }
      options.put("s3.secret-key", "wrong");
      try (UnderFileSystem denied = UfsRegistry.load().open("s3://" + BUCKET, options)) {
        refused(ErrorCode.UFS_DENIED, () -> denied.status("a"));
        refused(ErrorCode.UFS_DENIED, () -> denied.list("", child -> {}));
        refused(ErrorCode.UFS_DENIED, () -> denied.open("a", "v", 0, 1));
        refused(ErrorCode.UFS_DENIED, () -> denied.write("a", 0, InputStream.nullInputStream()));
        assertThatThrownBy(() -> denied.list("", child -> {}))
            .hasMessageContaining("SignatureDoesNotMatch");
      }
    }
  }

  private void put(String path, String content) {
    var unused =
        client
            .putObject(
                put -> put.bucket(BUCKET).key(prefix + path), AsyncRequestBody.fromString(content))
            .join();
  }
}
