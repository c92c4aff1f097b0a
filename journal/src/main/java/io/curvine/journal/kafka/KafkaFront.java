/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.rpc.Listener;
import io.curvine.protocol.rpc.NettyLoops;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/**
 * Serves the feed's topics to Kafka clients, unmodified: metadata, offsets by time, fetches with a
 * long poll, and consumer groups. The topics cannot be written to. Thread-safe.
 */
public final class KafkaFront implements AutoCloseable {
  /**
   * A request of a consumer is far smaller; one of a producer that is refused may be this large.
   */
  static final int REQUEST_MAX_BYTES = 4 << 20;

  private static final int THREADS = 2;

  private final Listener listener;

  private KafkaFront(Listener listener) {
    this.listener = listener;
  }

  /**
   * Binds and serves; port 0 takes a free one.
   *
   * @param brokers the masters as they are now; asked on a network thread, so it must answer at
   *     once
   * @param groups of all fronts of this master; it stays open
   * @throws IOException where the address cannot be bound; the message names it
   */
  public static KafkaFront start(
      HostPort address, Supplier<List<Broker>> brokers, Topics topics, GroupCoordinator groups)
      throws IOException {
    KafkaApis apis = new KafkaApis(brokers, topics, groups);
    return new KafkaFront(
        Listener.bind(
            address,
            NettyLoops.newGroup(THREADS, "feed"),
            channel ->
                channel
                    .pipeline()
                    .addLast(
                        new LengthFieldBasedFrameDecoder(REQUEST_MAX_BYTES, 0, 4, 0, 4),
                        new KafkaConnection(apis))));
  }

  /** The port that is listened on. */
  public int port() {
    return listener.port();
  }

  /** Ends all connections. The topics stay open. */
  @Override
  public void close() {
    listener.close();
  }
}
