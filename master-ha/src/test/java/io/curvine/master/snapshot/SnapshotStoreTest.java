/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.rpc.RpcClient;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStoreTest {
  @TempDir Path directory;

  private static SnapshotManifest publish(SnapshotStore store, long index, String content)
      throws IOException {
    String name = SnapshotStore.name(1, index);
    Path unfinished = store.begin(name);
    Files.createDirectories(unfinished.resolve("db"));
    Files.writeString(unfinished.resolve("db/a.sst"), content);
    Files.writeString(unfinished.resolve("db/empty"), "");
    return store.publish(
        unfinished, SnapshotManifest.newBuilder().setName(name).setTerm(1).setIndex(index).build());
  }

  @Test
  void publishesWholeSnapshotsAndKeepsTheNewest() throws IOException {
    SnapshotStore store = SnapshotStore.open(directory, 2);
    assertThat(store.newest()).isEmpty();
    publish(store, 1, "one");
    publish(store, 2, "two");
    SnapshotManifest third = publish(store, 3, "three");
    store.begin("snapshot-1_4");

    SnapshotStore again = SnapshotStore.open(directory, 2);
    assertThat(again.newest()).contains(third);
    assertThat(again.manifests()).extracting(SnapshotManifest::getIndex).containsExactly(2L, 3L);
    try (var entries = Files.list(directory)) {
      assertThat(entries).hasSize(2);
    }
    assertThat(again.check(third)).isEmpty();
    Files.writeString(directory.resolve("snapshot-1_3/db/a.sst"), "threE");
    assertThat(again.check(third)).contains("db/a.sst is damaged");
  }

  @Test
  void readsNothingOutsideASnapshot() throws IOException {
    SnapshotStore store = SnapshotStore.open(directory, 2);
    publish(store, 1, "one");
    assertThat(store.read("snapshot-1_1", "db/a.sst", 1, 100).getData().toStringUtf8())
        .isEqualTo("ne");
    assertThatThrownBy(() -> store.read("snapshot-1_1", "../../etc/passwd", 0, 10))
        .isInstanceOf(CurvineException.class);
    assertThatThrownBy(() -> store.read("..", "x", 0, 10)).isInstanceOf(CurvineException.class);
    assertThatThrownBy(() -> store.read("snapshot-1_9", "db/a.sst", 0, 10))
        .hasMessageContaining("not kept any more");
  }

  @Test
  void fetchesBitForBitAndRefusesADamagedOne() throws IOException {
    SnapshotStore theirs = SnapshotStore.open(directory.resolve("theirs"), 2);
    SnapshotManifest published = publish(theirs, 8, "x".repeat(9 << 20));
    SnapshotStore mine = SnapshotStore.open(directory.resolve("mine"), 2);
    try (RpcServer server =
            RpcServer.start(
                HostPort.parse("127.0.0.1:0"),
                1,
                (request, responder) -> {
                  try {
                    MasterResponse.Builder response = MasterResponse.newBuilder();
                    if (request.hasGetSnapshotManifest()) {
                      response.setSnapshotManifest(theirs.newest().orElseThrow());
                    } else {
                      var chunk = request.getGetSnapshotChunk();
                      response.setSnapshotChunk(
                          theirs.read(
                              chunk.getSnapshot(),
                              chunk.getPath(),
                              chunk.getOffsetBytes(),
                              chunk.getLengthBytes()));
                    }
                    responder.respond(response.build());
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                });
        RpcClient client = new RpcClient(Duration.ofSeconds(5))) {
      SnapshotFetcher fetcher = new SnapshotFetcher(client, mine);
      HostPort at = new HostPort("127.0.0.1", server.port());
      assertThat(fetcher.fetch(at)).isEqualTo(published);
      assertThat(mine.check(published)).isEmpty();

      Files.writeString(
          directory.resolve("theirs/snapshot-1_8/db/a.sst"), "y" + "x".repeat((9 << 20) - 1));
      SnapshotStore other = SnapshotStore.open(directory.resolve("other"), 2);
      assertThatThrownBy(() -> new SnapshotFetcher(client, other).fetch(at))
          .hasMessageContaining("came damaged");
      assertThat(other.newest()).isEmpty();
    }
  }
}
