/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** With a body that is published piece by piece, as it is asked for. */
@Timeout(60)
class S3ObjectStreamTest {
  private static final GetObjectResponse RESPONSE = GetObjectResponse.builder().eTag("v").build();

  /** Publishes bytes on a thread of its own, no more pieces than were asked for. */
  private static final class Body implements Subscription, SdkPublisher<ByteBuffer> {
    private final LinkedBlockingQueue<Long> demand = new LinkedBlockingQueue<>();
    private final byte[] bytes;
    private final int pieceBytes;
    private final Exception failure;
    private Subscriber<? super ByteBuffer> subscriber;
    private volatile boolean cancelled;
    private volatile long published;

    Body(byte[] bytes, int pieceBytes, Exception failure) {
      this.bytes = bytes;
      this.pieceBytes = pieceBytes;
      this.failure = failure;
    }

    @Override
    public void subscribe(Subscriber<? super ByteBuffer> given) {
      subscriber = given;
      given.onSubscribe(this);
      Thread thread = new Thread(this::publish, "publisher");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void request(long pieces) {
      demand.add(pieces);
    }

    @Override
    public void cancel() {
      cancelled = true;
      demand.add(1L);
    }

    private void publish() {
      try {
        long left = 0;
        for (int at = 0; at < bytes.length; at += pieceBytes) {
          while (left == 0) {
            left = demand.take();
          }
          left--;
          if (cancelled) {
            return;
          }
          int to = Math.min(bytes.length, at + pieceBytes);
          published = to;
          subscriber.onNext(ByteBuffer.wrap(bytes, at, to - at));
        }
        if (failure == null) {
          subscriber.onComplete();
        } else {
          subscriber.onError(failure);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static CompletableFuture<S3ObjectStream> answer(Body body, long length) {
    AsyncResponseTransformer<GetObjectResponse, S3ObjectStream> transformer =
        S3ObjectStream.transformer("s3://b/k", length);
    CompletableFuture<S3ObjectStream> answer = transformer.prepare();
    transformer.onResponse(RESPONSE);
    transformer.onStream(body);
    return answer;
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void allBytesComeInOrderWhateverTheirPieces() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 30; i++) {
      byte[] bytes = random(1 + random.nextInt(3 << 20), seed + i);
      Body body = new Body(bytes, 1 + random.nextInt(32 << 10), null);
      try (S3ObjectStream in = answer(body, bytes.length).get()) {
        assertThat(in.response()).isSameAs(RESPONSE);
        ByteBuffer into = ByteBuffer.allocateDirect(bytes.length);
        while (into.hasRemaining()) {
          into.limit(into.position() + Math.min(into.remaining(), 1 + random.nextInt(1 << 20)));
          assertThat(in.read(into)).as("seed %d, %d", seed, i).isPositive();
          into.limit(bytes.length);
        }
        assertThat(in.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        byte[] read = new byte[bytes.length];
        into.flip().get(read);
        assertThat(Arrays.equals(read, bytes)).as("seed %d, %d", seed, i).isTrue();
      }
    }
  }

  @Test
  void noMoreIsAskedForThanFits() throws Exception {
    byte[] bytes = random(8 << 20, 1);
    Body body = new Body(bytes, 8 << 10, null);
    try (S3ObjectStream in = answer(body, bytes.length).get()) {
      assertThat(in.readNBytes(1 << 20)).isEqualTo(Arrays.copyOf(bytes, 1 << 20));
      assertThat(body.published).isLessThanOrEqualTo(2 << 20);
    }
    assertThat(body.cancelled).isTrue();
  }

  @Test
  void aBodyOfAnotherLengthIsToldAsSuch() throws Exception {
    try (S3ObjectStream in = answer(new Body(new byte[10], 4, null), 12).get()) {
      fails(in, "connection ended");
    }
    try (S3ObjectStream in = answer(new Body(new byte[10], 4, null), 9).get()) {
      fails(in, "more bytes than were asked for");
    }
  }

  @Test
  void aFailureIsTheReaders() throws Exception {
    IOException broken = new IOException("broken");
    Body body = new Body(new byte[1 << 20], 8 << 10, broken);
    try (S3ObjectStream in = answer(body, 2 << 20).get()) {
      fails(in, "broken");
    }
    CompletableFuture<S3ObjectStream> early = answer(new Body(new byte[10], 8, broken), 20);
    assertThatThrownBy(early::get).isInstanceOf(ExecutionException.class).hasCause(broken);
  }

  private static void fails(S3ObjectStream in, String why) {
    assertThatThrownBy(in::readAllBytes)
        .hasMessageContaining(why)
        .isInstanceOfSatisfying(
            CurvineException.class,
            e -> assertThat(e.code()).isIn(ErrorCode.UFS_UNREACHABLE, ErrorCode.UFS_ERROR));
  }
}
