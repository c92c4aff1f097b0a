/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.Bounds;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.sync.UfsLoader;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.Query;
import io.curvine.ufs.UfsCapabilities;
import io.curvine.ufs.UfsProvider;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.change.ChangeSources;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names are in the state while the listing that gives them goes on. */
@Timeout(60)
class StreamedListingTest {
  private static final int NAMES = 3_500;
  private static final int GIVEN_FIRST = 2_500;

  @TempDir Path temp;
  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile boolean fails;
  private Core core;
  private QueryEngine queries;
  private UfsLoader loader;
  private long directory;

  @BeforeEach
  void open() throws IOException {
    core = new Core(temp.resolve("master"));
    core.accepted(Ask.mount("/m", "slow://x"));
    directory = core.at("/m").getId();
    WorkerRegistry workers =
        new WorkerRegistry(Duration.ofSeconds(10), id -> false, System::nanoTime);
    queries = new QueryEngine(core.store(), workers, option -> false);
    UfsRegistry registry = UfsRegistry.of(List.of(new Slow()), ChangeSources.of(List.of()));
    loader = new UfsLoader(registry, () -> queries, core::store, this::propose, 1);
  }

  @AfterEach
  void close() throws IOException {
    loader.close();
    core.close();
  }

  private synchronized CompletableFuture<Reply> propose(Command command) {
    assertThat(core.run(command.toBuilder())).isNotInstanceOf(Decision.Refused.class);
    return CompletableFuture.completedFuture(
        new Reply(ErrorCode.OK, "", CommandResult.getDefaultInstance(), 0));
  }

  /** Its listing stops for a while, and may fail then. */
  private final class Slow implements UfsProvider {
    @Override
    public Set<String> schemes() {
      return Set.of("slow");
    }

    @Override
    public Map<String, String> options() {
      return Map.of();
    }

    @Override
    public Set<String> secretOptions() {
      return Set.of();
    }

    @Override
    public UnderFileSystem open(URI location, Map<String, String> options) {
      return (UnderFileSystem)
          Proxy.newProxyInstance(
              UnderFileSystem.class.getClassLoader(),
              new Class<?>[] {UnderFileSystem.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "capabilities" -> new UfsCapabilities(true, false, false, true, false);
                    case "list" -> list(arguments[1]);
                    case "close" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }

    @SuppressWarnings("unchecked")
    private Void list(Object child) throws IOException, InterruptedException {
      for (int i = 0; i < NAMES; i++) {
        if (i == GIVEN_FIRST) {
          goOn.await();
          if (fails) {
            throw new CurvineException(ErrorCode.UFS_UNREACHABLE, "the store went away");
          }
        }
        ((Consumer<UfsStatus>) child)
            .accept(
                new UfsStatus(name(i), UfsStatus.Kind.FILE, "v", 1, 1, -1, -1, -1, "", List.of()));
      }
      return null;
    }
  }

  private static String name(int i) {
    return "n%05d".formatted(i);
  }

  /** As the leader does: what is known is asked before the state. */
  private DirectoryPage page(String after) throws NeedsUfs {
    ListDirectory list =
        ListDirectory.newBuilder()
            .setAt(EntryRef.newBuilder().setPath(ByteString.copyFromUtf8("/m")))
            .setAfter(ByteString.copyFromUtf8(after))
            .build();
    Bounds bounds = Bounds.partly(directory, loader.loadedUpTo(directory));
    return queries
        .find(Query.newBuilder().setListDirectory(list).build(), bounds)
        .result()
        .getDirectoryPage();
  }

  private void awaitNames(String after) {
    var unused = loader.loadPast(directory, ByteString.copyFromUtf8(after)).join();
  }

  @Test
  void pagesAreAnsweredWhileTheListingGoesOn() throws NeedsUfs {
    awaitNames("");
    DirectoryPage first = page("");
    assertThat(first.getEntriesList())
        .extracting(Entry::getName)
        .hasSize(1_000)
        .startsWith(ByteString.copyFromUtf8(name(0)))
        .endsWith(ByteString.copyFromUtf8(name(999)));
    assertThat(first.getMore()).isTrue();
    awaitNames(name(999));
    assertThat(page(name(999)).getEntriesCount()).isEqualTo(1_000);
    assertThatThrownBy(() -> page(name(1_999))).isInstanceOf(NeedsUfs.class);
    CompletableFuture<Void> further =
        loader.loadPast(directory, ByteString.copyFromUtf8(name(1_999)));
    CompletableFuture<Void> all = loader.load(directory);
    assertThat(further).isNotDone();
    assertThat(all).isNotDone();
    assertThat(core.at("/m").getNamesLoaded()).isFalse();
    goOn.countDown();
    var unused = further.join();
    unused = all.join();
    assertThat(core.at("/m").getNamesLoaded()).isTrue();
    assertThat(page(name(2_999)).getEntriesCount()).isEqualTo(500);
    assertThat(page(name(2_999)).getMore()).isFalse();
  }

  @Test
  void aFailureReachesThoseWhoWaitAndTheNextListingBeginsAnew() throws NeedsUfs {
    awaitNames(name(999));
    CompletableFuture<Void> further =
        loader.loadPast(directory, ByteString.copyFromUtf8(name(1_999)));
    fails = true;
    goOn.countDown();
    assertThatThrownBy(further::join).hasRootCauseMessage("the store went away");
    assertThatThrownBy(() -> page("")).isInstanceOf(NeedsUfs.class);
    fails = false;
    awaitNames(name(1_999));
    var unused = loader.load(directory).join();
    assertThat(page(name(2_999)).getEntriesCount()).isEqualTo(500);
  }
}
