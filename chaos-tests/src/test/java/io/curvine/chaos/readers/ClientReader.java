/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.chaos.readers.Content.Stamp;
import io.curvine.chaos.readers.Content.TornException;
import io.curvine.client.CurvineClient;
import io.curvine.client.FileReader;
import io.curvine.client.Refs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Reads files, parts of files and directories by the Java API. For one thread. */
public final class ClientReader {
  private static final int PERCENT = 100;
  private static final int RANGE_MAX_BYTES = 300 << 10;

  private final History history;
  private final List<Mounted> mounts;
  private final CurvineClient client;
  private final Random random;

  /** A reader of all mounts. */
  public ClientReader(History history, List<Mounted> mounts, CurvineClient client, long seed) {
    this.history = history;
    this.mounts = mounts;
    this.client = client;
    this.random = new Random(seed);
  }

  /** One more read. */
  public void step() throws IOException {
    Mounted mounted = mounts.get(random.nextInt(mounts.size()));
    int kind = random.nextInt(PERCENT);
    if (kind < 15) {
      list(mounted, Keys.any(Keys.DIRECTORIES, random));
    } else if (kind < 25) {
      read(mounted.at(Keys.any(Keys.shared(), random)), false);
    } else {
      read(mounted.at(Keys.any(Keys.owned(), random)), true);
    }
  }

  /** Of a key that both write only what it is of is looked at. */
  private void read(String path, boolean hasOneWriter) throws IOException {
    long begun = System.nanoTime();
    ObjectState seen = read(path);
    long ended = System.nanoTime();
    if (seen != null && hasOneWriter) {
      history.saw(new Sight(path, false, begun, ended, seen));
    }
  }

  /** Null where it could not be read, or changed meanwhile. */
  private ObjectState read(String path) throws IOException {
    FileReader opened;
    try {
      opened = client.open(Refs.path(path));
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return ObjectState.ABSENT;
      }
      history.count("client: not opened, " + e.code());
      return null;
    }
    try (FileReader reader = opened) {
      return content(path, reader);
    } catch (CurvineException e) {
      history.count("client: not read, " + e.code());
      return null;
    }
  }

  /** What is read is of one version where the reader had the same before and after. */
  private ObjectState content(String path, FileReader reader) throws IOException {
    long version = reader.inode().getVersion();
    int length = Math.toIntExact(reader.length());
    if (length == 0) {
      return ObjectState.EMPTY;
    }
    int from = random.nextBoolean() ? 0 : random.nextInt(length - Content.LENGTH_MIN_BYTES + 1);
    int wanted = length - from;
    if (from > 0) {
      int more = Math.min(RANGE_MAX_BYTES, wanted - Content.LENGTH_MIN_BYTES);
      wanted = Content.LENGTH_MIN_BYTES + (more == 0 ? 0 : random.nextInt(more));
    }
    byte[] bytes = new byte[wanted];
    ByteBuffer into = ByteBuffer.wrap(bytes);
    int read;
    do {
      read = reader.read(from + into.position(), into);
    } while (read >= 0 && into.hasRemaining());
    if (reader.inode().getVersion() != version) {
      history.count("client: changed while it was read");
      return null;
    }
    history.count(from == 0 ? "client: read whole" : "client: read in part");
    if (into.hasRemaining()) {
      history.wrong(path + " ended at " + (from + into.position()) + " of " + length);
      return null;
    }
    return state(path, bytes, from, length);
  }

  private ObjectState state(String path, byte[] read, int from, int length) {
    try {
      Stamp stamp = Content.stamp(read, from);
      if (stamp.lengthBytes() == length) {
        return stamp.state();
      }
      history.wrong("torn: " + path + " of " + length + " bytes has those of " + stamp);
    } catch (TornException e) {
      history.wrong("torn: " + path + " of " + length + " bytes: " + e.getMessage());
    }
    return null;
  }

  private void list(Mounted mounted, String directory) throws IOException {
    long begun = System.nanoTime();
    Map<String, Long> lengths = new HashMap<>();
    try {
      for (Entry entry : client.namespace().entries(Refs.path(mounted.at(directory)))) {
        lengths.put(entry.getName().toStringUtf8(), entry.getInode().getLengthBytes());
      }
    } catch (CurvineException e) {
      history.count("client: not listed, " + e.code());
      return;
    } catch (UncheckedIOException e) {
      history.count("client: not listed to its end");
      return;
    }
    long ended = System.nanoTime();
    for (String key : Keys.owned()) {
      if (key.startsWith(directory + "/")) {
        Long length = lengths.get(key.substring(directory.length() + 1));
        ObjectState seen = length == null ? ObjectState.ABSENT : ObjectState.listed(length);
        history.saw(new Sight(mounted.at(key), false, begun, ended, seen));
      }
    }
    history.count("client: listed");
  }
}
