/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import com.google.protobuf.ByteString;
import io.curvine.cli.CliException;
import io.curvine.cli.bench.MountWatch;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountSync;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** A cluster that has a {@link NumberedBucket} mounted. Thread-safe. */
final class NumberedBed implements AutoCloseable {
  /** Where the bucket is mounted. */
  static final String ROOT = "/numbered";

  private static final int PAGE = 1_000;

  private final NumberedBucket bucket;
  private final CurvineClient client;
  private final MountWatch watch;

  private NumberedBed(NumberedBucket bucket, CurvineClient client, MountWatch watch) {
    this.bucket = bucket;
    this.client = client;
    this.watch = watch;
  }

  /**
   * Mounts the bucket, which it takes and closes.
   *
   * @param mount what the mount has beside its place, its location and the options of that
   */
  static NumberedBed mount(NumberedBucket bucket, ClientConfig config, Mount mount)
      throws IOException {
    NumberedBed bed =
        new NumberedBed(
            bucket, CurvineClient.connect(config), new MountWatch(config.masters(), ROOT));
    try {
      var unused =
          bed.client
              .namespace()
              .mount(
                  mount.toBuilder()
                      .setPath(ROOT)
                      .setUri(bucket.location())
                      .setMode(MountMode.CACHE)
                      .setReadOnly(true)
                      .putAllOptions(bucket.options())
                      .build());
      return bed;
    } catch (IOException | RuntimeException e) {
      bed.close();
      throw e;
    }
  }

  CurvineClient client() {
    return client;
  }

  NumberedBucket bucket() {
    return bucket;
  }

  String path(int object) {
    return ROOT + "/" + bucket.key(object);
  }

  MountWatch watch() {
    return watch;
  }

  /** How the leader follows the bucket. */
  MountSync sync() throws IOException {
    return watch.sync();
  }

  /**
   * Lists all names, so that they are known from then on; all have to be there, in order.
   *
   * @param paged is told after each page how many there were so far
   */
  void list(Consumer<Integer> paged) throws IOException {
    int seen = 0;
    String top = ROOT + "/" + NumberedBucket.TOP.substring(0, NumberedBucket.TOP.length() - 1);
    for (Entry directory : client.namespace().entries(Refs.path(top))) {
      String below = NumberedBucket.TOP + directory.getName().toStringUtf8() + "/";
      ByteString after = ByteString.EMPTY;
      DirectoryPage page;
      do {
        page = client.namespace().list(Refs.inode(directory.getInode().getId()), after, PAGE);
        seen = compare(below, page.getEntriesList(), seen);
        paged.accept(seen);
        after = page.getEntriesCount() == 0 ? after : last(page);
      } while (page.getMore());
    }
    if (seen != bucket.objects()) {
      throw new CliException("the listing has " + seen + " names; the bucket " + bucket.objects());
    }
  }

  private static ByteString last(DirectoryPage page) {
    return page.getEntries(page.getEntriesCount() - 1).getName();
  }

  private int compare(String below, List<Entry> page, int from) throws CliException {
    int seen = from;
    for (Entry each : page) {
      String key = below + each.getName().toStringUtf8();
      if (seen == bucket.objects() || !bucket.key(seen).equals(key)) {
        throw new CliException("the listing has " + key + " as its name number " + seen);
      }
      seen++;
    }
    return seen;
  }

  @Override
  public void close() throws IOException {
    try (bucket;
        watch) {
      client.close();
    }
  }
}
