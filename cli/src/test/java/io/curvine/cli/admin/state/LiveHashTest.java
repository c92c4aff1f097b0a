/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.cli.admin.AdminClient;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.HashState;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.StateHashed;
import io.curvine.protocol.rpc.RpcResponder;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against masters that go on while they are asked. */
@Timeout(90)
class LiveHashTest {
  private static final long EVENTS_A_REQUEST = 1_000;

  private final AtomicLong applied = new AtomicLong(50);
  private final AtomicInteger busy = new AtomicInteger();
  private Master one;
  private Master two;

  /** Digests in no time what it has not passed. */
  private final class Master implements AutoCloseable {
    private final String id;
    private final boolean slow;
    private final RpcServer server;
    private volatile long firstAsked = -1;

    /**
     * @param slow never has a digest of the first offset that it is asked for
     */
    Master(String id, boolean slow) throws IOException {
      this.id = id;
      this.slow = slow;
      this.server = RpcServer.start(new HostPort("127.0.0.1", 0), 1, this::handle);
    }

    MasterStatus status(long offset) {
      return MasterStatus.newBuilder()
          .setNodeId(id)
          .setRpc("127.0.0.1:" + server.port())
          .setPid(1)
          .setAppliedOffset(offset)
          .build();
    }

    private void handle(MasterRequest request, RpcResponder responder) {
      AdminRequest admin = request.getAdmin();
      if (admin.hasListMasters()) {
        long offset = applied.get();
        responder.respond(
            done(
                AdminReply.newBuilder()
                    .setMasterList(
                        MasterList.newBuilder()
                            .addMasters(one.status(offset))
                            .addMasters(two.status(offset)))));
      } else {
        responder.respond(hash(admin.getHashState()));
      }
    }

    private synchronized MasterResponse hash(HashState asked) {
      long offset = asked.getAtOffset();
      if (firstAsked < 0) {
        firstAsked = offset;
      }
      if (slow && offset == firstAsked) {
        return done(AdminReply.newBuilder().setStateHashed(StateHashed.getDefaultInstance()));
      }
      if (busy.getAndDecrement() > 0) {
        return MasterResponse.newBuilder().setCode(ErrorCode.BUSY).build();
      }
      if (applied.getAndAdd(EVENTS_A_REQUEST) >= offset) {
        return MasterResponse.newBuilder().setCode(ErrorCode.OFFSET_OUT_OF_RANGE).build();
      }
      return done(
          AdminReply.newBuilder()
              .setStateHashed(StateHashed.newBuilder().setFinished(true).setOffset(offset)));
    }

    private MasterResponse done(AdminReply.Builder reply) {
      return MasterResponse.newBuilder().setCode(ErrorCode.OK).setAdmin(reply).build();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    one = new Master("m1", true);
    two = new Master("m2", false);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  /** The one that digests is not waited for where the other has passed the offset. */
  @Test
  void asksFurtherAheadAsSoonAsOneRefuses() throws IOException {
    busy.set(1);
    HostPort address = HostPort.parse(one.status(0).getRpc());
    try (AdminClient client = new AdminClient(List.of(address))) {
      LiveHash live = new LiveHash(client, System.nanoTime() + TimeUnit.HOURS.toNanos(1));
      List<Hashed> all = live.hash(null);
      assertThat(all).extracting(Hashed::name).containsExactly("m1", "m2");
      assertThat(all.get(0).offset()).isEqualTo(all.get(1).offset()).isGreaterThan(50);
    }
    assertThat(busy.get()).isNotPositive();
  }

  @Test
  void staysWellWithinWhatAMasterWaits() {
    long second = TimeUnit.SECONDS.toNanos(1);
    assertThat(LiveHash.ahead(0, second, 1)).isZero();
    assertThat(LiveHash.ahead(-5, second, 1)).as("of another leader").isZero();
    assertThat(LiveHash.ahead(1_000, second, 1)).isEqualTo(2_000);
    assertThat(LiveHash.ahead(1_000, 2 * second, 2)).isEqualTo(2_000);
    assertThat(LiveHash.ahead(1_000, second, 12)).isEqualTo(16_000);
  }
}
