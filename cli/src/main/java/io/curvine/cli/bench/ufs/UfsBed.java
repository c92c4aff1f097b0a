/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import io.curvine.cli.CliException;
import io.curvine.cli.local.LocalBed;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.client.CurvineInputStream;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import io.curvine.protocol.proto.TreeJobStatus;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * A cluster with one worker, a bucket of an S3 server of its own that is mounted there, and the SDK
 * beside: for measurements that compare both ways to the same objects. Thread-safe.
 */
final class UfsBed implements AutoCloseable {
  static final String CLIENT = "client";
  static final String WORKER = "worker";
  static final String MASTERS = "masters";
  static final String SERVER = "server";

  /** Where the bucket is mounted. */
  static final String ROOT = "/bench-ufs";

  private static final String BUCKET = "bench";
  private static final int MAKERS = 16;
  private static final Duration STEP = Duration.ofSeconds(10);

  private final Path scratch;
  private final S3Server server;
  private final S3AsyncClient sdk;
  private final UnderFileSystem store;
  private final CurvineClient client;
  private final Map<String, List<Long>> roles = new LinkedHashMap<>();

  private UfsBed(
      Path scratch,
      S3Server server,
      S3AsyncClient sdk,
      UnderFileSystem store,
      CurvineClient client) {
    this.scratch = scratch;
    this.server = server;
    this.sdk = sdk;
    this.store = store;
    this.client = client;
  }

  /**
   * Starts a worker and the S3 server, makes the bucket and mounts it.
   *
   * @param cluster its masters; it stays the caller's
   * @param config of the client
   * @param distance of the S3 server
   */
  static UfsBed start(LocalBed cluster, ClientConfig config, S3Server.Distance distance)
      throws IOException {
    long worker = cluster.startWorker(0);
    S3Server server = S3Server.startLarge(distance);
    UfsBed bed;
    try {
      String location = server.createBucket(BUCKET);
      bed =
          new UfsBed(
              cluster.directory(),
              server,
              server.client(),
              UfsRegistry.load().open(location, server.options()),
              CurvineClient.connect(config));
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
    bed.roles.put(CLIENT, List.of(ProcessHandle.current().pid()));
    bed.roles.put(WORKER, List.of(worker));
    bed.roles.put(MASTERS, cluster.masterPids());
    bed.roles.put(SERVER, List.of(server.process().pid()));
    try {
      var unused =
          bed.client
              .namespace()
              .mount(
                  Mount.newBuilder()
                      .setPath(ROOT)
                      .setUri(server.uri(BUCKET))
                      .setMode(MountMode.CACHE)
                      .putAllOptions(server.options())
                      .build());
      return bed;
    } catch (IOException | RuntimeException e) {
      bed.close();
      throw e;
    }
  }

  /** The processes whose processor time is looked at. */
  Map<String, List<Long>> roles() {
    return Map.copyOf(roles);
  }

  CurvineClient client() {
    return client;
  }

  /** Where the worker has its blocks, and others may have what they need for a while. */
  Path scratch() {
    return scratch;
  }

  private static String key(String directory, int object) {
    return directory + "/" + object;
  }

  /**
   * Makes directories that are filled later. They come first: Curvine looks at the names of the
   * bucket once, and learns of later ones by sources and scans only.
   */
  void makeDirectories(List<String> directories) throws IOException {
    for (String each : directories) {
      var unused = store.makeDirectory(each);
    }
  }

  /** Writes so many objects of a size below a directory, past Curvine. */
  void make(String directory, int objects, long bytes) throws IOException, InterruptedException {
    var unused =
        Turn.each(
            objects,
            MAKERS,
            Map.of(),
            object -> {
              store.write(key(directory, object), bytes, ObjectBytes.stream(object, bytes));
              return bytes;
            });
  }

  /** Deletes a directory of the bucket, and what is cached of it. */
  void delete(String directory) throws IOException {
    var unused = run(TreeJobKind.FREE, ROOT + "/" + directory);
    store.delete(directory, true);
  }

  /** Reads an object whole through Curvine, and compares it; gives its length. */
  long readCurvine(String directory, int object, long expected) throws IOException {
    try (CurvineInputStream in =
        client.openStream(Refs.path(ROOT + "/" + key(directory, object)))) {
      return check(in, object, expected);
    }
  }

  /** Reads an object whole by the SDK, and compares it; gives its length. */
  long readDirect(String directory, int object, long expected) throws IOException {
    try (ResponseInputStream<GetObjectResponse> in =
        sdk.getObject(get(directory, object), AsyncResponseTransformer.toBlockingInputStream())
            .join()) {
      return check(in, object, expected);
    } catch (CompletionException e) {
      throw new IOException("the SDK cannot read " + key(directory, object), e.getCause());
    }
  }

  /** Has the SDK write an object into a file, which must not be there yet. */
  void download(String directory, int object, java.nio.file.Path file) throws IOException {
    try {
      var unused = sdk.getObject(get(directory, object), file).join();
    } catch (CompletionException e) {
      throw new IOException("the SDK cannot read " + key(directory, object), e.getCause());
    }
  }

  private static GetObjectRequest get(String directory, int object) {
    return GetObjectRequest.builder().bucket(BUCKET).key(key(directory, object)).build();
  }

  /** Compares all of a stream with an object. */
  static long check(InputStream in, int object, long expected) throws IOException {
    byte[] chunk = new byte[(int) Math.min(ObjectBytes.CHUNK_BYTES, Math.max(1, expected))];
    long at = 0;
    for (int got = in.read(chunk); got >= 0; got = in.read(chunk)) {
      ObjectBytes.check(object, at, chunk, got);
      at += got;
    }
    if (at != expected) {
      throw new CliException("object " + object + " has " + at + " bytes; written: " + expected);
    }
    return at;
  }

  /** Runs a job on a tree to its end, which has to be good. */
  TreeJob run(TreeJobKind kind, String path) throws IOException {
    long id =
        client
            .namespace()
            .startJob(
                kind, Refs.path(path), kind == TreeJobKind.LOAD ? 1 : 0, TierKind.TIER_UNSPECIFIED);
    while (true) {
      JobState state = client.namespace().jobs(List.of(id), STEP).get(0);
      if (!state.hasTree()) {
        throw new CliException("job " + id + " was forgotten: too many have ended since");
      }
      if (state.getFinished()) {
        if (state.getTree().getStatus() != TreeJobStatus.SUCCEEDED) {
          throw new CliException(
              kind
                  + " of "
                  + path
                  + " ended as "
                  + state.getTree().getStatus()
                  + ": "
                  + state.getTree().getErrorsList());
        }
        return state.getTree();
      }
    }
  }

  @Override
  public void close() throws IOException {
    try (server;
        sdk;
        store) {
      client.close();
    }
  }
}
