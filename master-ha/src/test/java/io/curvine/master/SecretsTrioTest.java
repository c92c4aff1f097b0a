/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.secrets.SecretsKeyFile;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.TakeSnapshot;
import io.curvine.protocol.proto.UpdateMount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three masters whose disks hold no secret of a mount in clear, and that reach its UFS. */
@Timeout(120)
class SecretsTrioTest {
  private static final List<String> SECRETS =
      List.of(
          "ACCESSKEYTOBEFOUND1",
          "SECRETKEYTOBEFOUND1",
          "ACCESSKEYTOBEFOUND2",
          "SECRETKEYTOBEFOUND2");

  private static final int WAIT_MS = 4_000;

  @TempDir Path directory;
  private Path keys;
  private ListedBucket bucket;

  /** Whether masters that start are given the key. */
  private boolean keyed = true;

  private MasterConfig tune(MasterConfig config) {
    return keyed ? config.withSecretsKeyFile(keys) : config;
  }

  private void restart(Trio trio, boolean withKey) throws IOException {
    List<String> ids = List.of("m1", "m2", "m3");
    ids.forEach(trio::stop);
    keyed = withKey;
    trio.startAll();
  }

  @BeforeEach
  void start() throws IOException {
    bucket = new ListedBucket();
    keys = directory.resolve("keys");
    SecretsKeyFile.make(keys);
  }

  @AfterEach
  void stop() {
    bucket.close();
  }

  private Command mount() {
    return Command.newBuilder()
        .setMountUfs(
            MountUfs.newBuilder()
                .setMount(
                    Mount.newBuilder()
                        .setPath("/m")
                        .setUri("s3://bucket")
                        .setMode(MountMode.CACHE)
                        .setListTtlMs(1)
                        .putOptions("s3.endpoint", bucket.endpoint())
                        .putOptions("s3.access-key", SECRETS.get(0))
                        .putOptions("s3.secret-key", SECRETS.get(1))))
        .build();
  }

  private static Command update() {
    return Command.newBuilder()
        .setUpdateMount(
            UpdateMount.newBuilder()
                .setPath(ByteString.copyFromUtf8("/m"))
                .setChange(
                    MountChange.newBuilder()
                        .putOptions("s3.access-key", SECRETS.get(2))
                        .putOptions("s3.secret-key", SECRETS.get(3))))
        .build();
  }

  private static MasterResponse run(Trio trio, Command command, long seq, long session) {
    return trio.command(
        command.toBuilder().setSessionId(session).setSeq(seq).setAckedBelow(seq).build());
  }

  private static MasterResponse list(Trio trio) {
    return trio.call(
        MasterRequest.newBuilder()
            .setQuery(
                Query.newBuilder()
                    .setListDirectory(ListDirectory.newBuilder().setAt(Trio.at("/m")).setLimit(10)))
            .build());
  }

  private void assertReached(Trio trio, String accessKey) {
    bucket.forget();
    MasterResponse response = list(trio);
    assertThat(response.getCode()).as(response.getMessage()).isEqualTo(ErrorCode.OK);
    assertThat(response.getQuery().getDirectoryPage().getEntriesList()).hasSize(1);
    assertThat(bucket.lastAuthorization()).contains("Credential=" + accessKey + "/");
  }

  private static boolean snapshotTaken(Trio trio, String id) {
    return trio.ask(
            id,
            MasterRequest.newBuilder()
                .setAdmin(
                    AdminRequest.newBuilder()
                        .setTakeSnapshot(
                            TakeSnapshot.newBuilder().setWaitMs(WAIT_MS).setRequest(id)))
                .build())
        .getAdmin()
        .getSnapshotTaken()
        .getFinished();
  }

  /** Files below the masters' directories that have any of the words. */
  private List<String> filesWith(List<String> words) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.equals(keys))
          .filter(file -> words.stream().anyMatch(word -> has(file, word)))
          .map(Path::toString)
          .toList();
    }
  }

  private static boolean has(Path file, String word) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(word);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void noSecretIsOnAnyDiskAndEveryLeaderReachesTheStore() throws IOException {
    try (Trio trio = new Trio(directory, this::tune)) {
      trio.startAll();
      long session = trio.openSession();
      MasterResponse mounted = run(trio, mount(), 1, session);
      assertThat(mounted.getCode()).as(mounted.getMessage()).isEqualTo(ErrorCode.OK);
      assertReached(trio, SECRETS.get(0));
      MasterResponse updated = run(trio, update(), 2, session);
      assertThat(updated.getCode()).as(updated.getMessage()).isEqualTo(ErrorCode.OK);
      assertReached(trio, SECRETS.get(2));

      String leader = trio.leader();
      trio.stop(leader);
      assertReached(trio, SECRETS.get(2));
      trio.start(leader);
      for (String id : List.of("m1", "m2", "m3")) {
        trio.until(id + " is ready", () -> trio.node(id).ready());
        trio.until(id + " has a snapshot", () -> snapshotTaken(trio, id));
      }
      restart(trio, true);
      assertReached(trio, SECRETS.get(2));
    }
    assertThat(filesWith(SECRETS)).isEmpty();
    assertThat(filesWith(List.of("sealed:1:"))).isNotEmpty();
  }

  @Test
  void withoutTheKeyOnlyTheStoreIsAway() throws IOException {
    try (Trio trio = new Trio(directory, this::tune)) {
      trio.startAll();
      MasterResponse mounted = run(trio, mount(), 1, trio.openSession());
      assertThat(mounted.getCode()).as(mounted.getMessage()).isEqualTo(ErrorCode.OK);
      assertReached(trio, SECRETS.get(0));

      restart(trio, false);
      long session = trio.openSession();
      MasterResponse listed = list(trio);
      assertThat(listed.getCode()).as(listed.getMessage()).isEqualTo(ErrorCode.UFS_UNREACHABLE);
      assertThat(listed.getMessage())
          .contains("s3.access-key is sealed by the key", "master.secrets-key-file");
      MasterResponse made = trio.command(Trio.mkdir(session, 1, "/elsewhere"));
      assertThat(made.getCode()).as(made.getMessage()).isEqualTo(ErrorCode.OK);
      MasterResponse refused = run(trio, update(), 2, session);
      assertThat(refused.getCode()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      assertThat(refused.getMessage()).contains("master.secrets-key-file is not set");
      String leader = trio.leader();
      trio.until("it is told", () -> trio.gauge(leader, "secrets.unopened") == 1);

      restart(trio, true);
      assertReached(trio, SECRETS.get(0));
      assertThat(trio.gauge(trio.leader(), "secrets.unopened")).isZero();
    }
  }
}
