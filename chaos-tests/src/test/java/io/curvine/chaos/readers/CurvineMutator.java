/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.chaos.readers.Change.Route;
import io.curvine.chaos.readers.Content.Stamp;
import io.curvine.chaos.readers.SharedWrites.Outcome;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Changes a mount through Curvine. For one thread. */
public final class CurvineMutator {
  private static final List<String> KEYS = Keys.curvine();
  private static final int SHARED_OF = 5;
  private static final int PERCENT = 100;

  private final History history;
  private final Mounted mounted;
  private final SharedWrites shared;
  private final CurvineClient client;
  private final Random random;

  /** What is there by now. */
  private final Map<String, Stamp> present = new HashMap<>();

  /** Keys whose last change failed: it may have had its effect or not. */
  private final Set<String> uncertain = new HashSet<>();

  /** The one writer of its keys. */
  public CurvineMutator(
      History history, Mounted mounted, SharedWrites shared, CurvineClient client, long seed) {
    this.history = history;
    this.mounted = mounted;
    this.shared = shared;
    this.client = client;
    this.random = new Random(seed);
  }

  /** One more change. */
  public void step() throws IOException {
    if (random.nextInt(SHARED_OF) == 0) {
      putShared();
      return;
    }
    String key = Keys.any(KEYS, random);
    String other = Keys.any(KEYS, random);
    int kind = random.nextInt(PERCENT);
    boolean certain = present.containsKey(key) && !uncertain.contains(key);
    if (!certain || kind < 60) {
      put(key);
    } else if (kind < 78) {
      delete(key);
    } else if (!key.equals(other) && !uncertain.contains(other)) {
      rename(key, other);
    }
  }

  private EntryRef ref(String key) {
    return Refs.path(mounted.at(key));
  }

  private void write(String key, Stamp stamp) throws IOException {
    byte[] content = Content.of(stamp);
    if (random.nextBoolean()) {
      client.write(ref(key), CreateOptions.defaults(), ByteBuffer.wrap(content));
      return;
    }
    try (OutputStream out = client.createStream(ref(key), CreateOptions.defaults())) {
      out.write(content);
    }
  }

  private void put(String key) throws IOException {
    Stamp before = present.get(key);
    boolean sameLength = before != null && random.nextInt(3) == 0;
    int lengthBytes = sameLength ? before.lengthBytes() : Keys.lengthBytes(random);
    Stamp stamp = Stamp.of(key, history.nextNumber(), lengthBytes);
    // A file is made, or emptied, before it is written.
    var unused = history.begin(mounted.at(key), ObjectState.EMPTY, Route.THROUGH);
    Change change = history.begin(mounted.at(key), stamp.state(), Route.THROUGH);
    try {
      write(key, stamp);
    } catch (CurvineException e) {
      failed("put", e, key);
      return;
    }
    change.acknowledge(System.nanoTime());
    uncertain.remove(key);
    present.put(key, stamp);
    mounted.created(key, Optional.empty());
    history.count("Curvine: put");
  }

  private void delete(String key) throws IOException {
    Change change = history.begin(mounted.at(key), ObjectState.ABSENT, Route.THROUGH);
    try {
      client.namespace().delete(ref(key), InodeType.FILE, false);
    } catch (CurvineException e) {
      failed("delete", e, key);
      return;
    }
    change.acknowledge(System.nanoTime());
    present.remove(key);
    mounted.removed(key, Optional.empty());
    history.count("Curvine: deleted");
  }

  private void rename(String from, String to) throws IOException {
    Stamp moved = present.get(from);
    Change made = history.begin(mounted.at(to), moved.state(), Route.THROUGH);
    Change gone = history.begin(mounted.at(from), ObjectState.ABSENT, Route.THROUGH);
    try {
      var unused = client.namespace().rename(ref(from), ref(to), false);
    } catch (CurvineException e) {
      failed("rename", e, from, to);
      return;
    }
    long now = System.nanoTime();
    made.acknowledge(now);
    gone.acknowledge(now);
    present.remove(from);
    present.put(to, moved);
    mounted.created(to, Optional.empty());
    mounted.removed(from, Optional.empty());
    history.count("Curvine: renamed");
  }

  /** Nobody else writes these keys, so some codes are never right. */
  private void failed(String what, CurvineException cause, String... keys) {
    if (cause.code() == ErrorCode.UFS_CONFLICT || cause.code() == ErrorCode.NOT_FOUND) {
      history.wrong(what + " of " + mounted.at(keys[0]) + ": " + cause);
    }
    history.count("Curvine: " + what + " failed, " + cause.code());
    uncertain.addAll(List.of(keys));
  }

  private void putShared() throws IOException {
    String key = Keys.any(Keys.shared(), random);
    Stamp stamp = Stamp.of(key, history.nextNumber(), Keys.lengthBytes(random));
    long begun = System.nanoTime();
    Outcome outcome = Outcome.DONE;
    try {
      write(key, stamp);
    } catch (CurvineException e) {
      outcome = e.code() == ErrorCode.UFS_CONFLICT ? Outcome.CONFLICT : Outcome.FAILED;
      history.count("Curvine: put where both write failed, " + e.code());
    }
    shared.wrote(mounted.at(key), true, stamp.number(), begun, outcome);
    mounted.created(key, Optional.empty());
    history.count("Curvine: put where both write");
  }
}
