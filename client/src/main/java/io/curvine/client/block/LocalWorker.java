/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.client.block.LocalBlocks.Name;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.io.FileKeys;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.LocalBlock;
import io.curvine.protocol.proto.LocalGrants;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of one worker on this host that are read from their files, and the connection on which
 * the worker grants them. A grant holds for a moment, and is renewed when it is used after that: a
 * worker that lost its lease grants nothing, and no file is read any more. Thread-safe.
 */
final class LocalWorker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalWorker.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int BLOCKS_MAX = 512;
  private static final int NEW_MAX = 4 * BLOCKS_MAX;
  private static final int ANSWER_MAX_BYTES = 64 << 10;
  private static final long IDLE_MAX_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long REFUSED_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long UNREADABLE_FOR_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final HostPort worker;
  private final BlockConnections connections;
  private final boolean verify;

  /** Of the connection and the maps; nobody copies under it. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Map<Name, Held> held = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<Name, Long> refusedUntil = new HashMap<>();

  /** What was read through the worker, as if it were read once; the newest come last. */
  private final Map<Name, Long> readAt = new LinkedHashMap<>();

  private BlockConnection connection;
  private volatile long validUntil = System.nanoTime();
  private boolean closed;

  LocalWorker(HostPort worker, BlockConnections connections, boolean verify) {
    this.worker = worker;
    this.connections = connections;
    this.verify = verify;
  }

  private static final class Held {
    private final MappedBlock block;
    private long usedAt = System.nanoTime();

    Held(MappedBlock block) {
      this.block = block;
    }
  }

  /**
   * Nobody has read the block lately; now somebody does. To have a file granted, mapped and let go
   * of costs more than the bytes of a small one, which most readers want once.
   */
  boolean isNew(Name name) {
    lock.lock();
    try {
      if (held.containsKey(name)) {
        return false;
      }
      long now = System.nanoTime();
      Long before = readAt.remove(name);
      readAt.put(name, now);
      if (readAt.size() > NEW_MAX) {
        readAt.remove(readAt.keySet().iterator().next());
      }
      return before == null || now - before > IDLE_MAX_NANOS;
    } finally {
      lock.unlock();
    }
  }

  boolean read(Name name, long offset, ByteBuffer into) throws IOException {
    MappedBlock block = take(name);
    if (block == null) {
      return false;
    }
    boolean done;
    try {
      done = block.read(offset, into);
    } finally {
      block.release();
    }
    if (!done) {
      letGo(name); // it may have grown, or be wrong: look again in a moment
    }
    return done;
  }

  /** With a reference; null where the worker does not grant it. */
  private MappedBlock take(Name name) throws IOException {
    lock.lock();
    try {
      if (closed) {
        return null;
      }
      if (System.nanoTime() - validUntil >= 0 && connection != null) {
        renew();
      }
      Held known = held.get(name);
      known = known == null ? ask(name) : known;
      if (known == null || !known.block.retain()) {
        return null;
      }
      known.usedAt = System.nanoTime();
      return known.block;
    } finally {
      lock.unlock();
    }
  }

  /** The worker grants the block. */
  boolean has(Name name) throws IOException {
    MappedBlock block = take(name);
    if (block != null) {
      block.release();
    }
    return block != null;
  }

  private Held ask(Name name) throws IOException {
    long now = System.nanoTime();
    Long refused = refusedUntil.get(name);
    if (refused != null && now - refused < 0) {
      return null;
    }
    refusedUntil.values().removeIf(until -> now - until >= 0);
    while (held.size() >= BLOCKS_MAX) {
      drop(held.keySet().iterator().next());
    }
    ByteBuffer answer = call(BlockOp.GRANT, name);
    if (answer == null) {
      refusedUntil.put(name, now + REFUSED_FOR_NANOS);
      return null;
    }
    LocalBlock granted = parse(() -> LocalBlock.parseFrom(answer));
    validUntil = now + TimeUnit.MILLISECONDS.toNanos(granted.getValidMs());
    try {
      Path file = Path.of(granted.getPath());
      if (!FileKeys.of(file).equals(granted.getFileKey())) {
        throw new IOException(file + " is another file here");
      }
      Held mapped = new Held(MappedBlock.open(file, verify, System::nanoTime));
      held.put(name, mapped);
      return mapped;
    } catch (IOException e) {
      call(BlockOp.RELEASE, name);
      refusedUntil.put(name, now + UNREADABLE_FOR_NANOS);
      LOG.debug("block {} is read through worker {}: {}", name, worker, e.toString());
      return null;
    }
  }

  private void renew() throws IOException {
    long now = System.nanoTime();
    ByteBuffer answer = call(BlockOp.RENEW, new Name(0, 0, 0));
    if (answer == null) {
      throw new IOException("the worker grants nothing now");
    }
    LocalGrants grants = parse(() -> LocalGrants.parseFrom(answer));
    for (BlockId over : grants.getOverList()) {
      drop(new Name(over.getInode(), over.getVersion(), over.getIndex()));
    }
    validUntil = now + TimeUnit.MILLISECONDS.toNanos(grants.getValidMs());
  }

  private interface Parser<T> {
    T parse() throws InvalidProtocolBufferException;
  }

  private <T> T parse(Parser<T> parser) throws IOException {
    try {
      return parser.parse();
    } catch (InvalidProtocolBufferException e) {
      throw connection.broken(e);
    }
  }

  /** Null: refused. */
  private ByteBuffer call(BlockOp op, Name name) throws IOException {
    if (connection == null) {
      connection = connections.connect(worker);
    }
    BlockHeader request =
        BlockHeader.request(
            op, 0, connection.nextRequestId(), name.inode(), name.version(), name.index(), 0, 0);
    connection.send(request, null, NOTHING);
    ByteBuffer answer = ByteBuffer.allocate(ANSWER_MAX_BYTES);
    return connection.receive(answer).ok() ? answer.flip() : null;
  }

  private void letGo(Name name) throws IOException {
    lock.lock();
    try {
      drop(name);
      refusedUntil.put(name, System.nanoTime() + REFUSED_FOR_NANOS);
    } finally {
      lock.unlock();
    }
  }

  private void drop(Name name) throws IOException {
    Held gone = held.remove(name);
    if (gone != null) {
      gone.block.close();
      if (!closed) {
        call(BlockOp.RELEASE, name);
      }
    }
  }

  /** Lets go of what was not used for a while, and of what the worker has dropped. */
  void tidy() throws IOException {
    lock.lock();
    try {
      if (closed || held.isEmpty()) {
        return;
      }
      long now = System.nanoTime();
      List<Name> idle = new ArrayList<>();
      held.forEach(
          (name, each) -> {
            if (now - each.usedAt > IDLE_MAX_NANOS) {
              idle.add(name);
            }
          });
      for (Name name : idle) {
        drop(name);
      }
      renew();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      held.values().forEach(each -> each.block.close());
      held.clear();
      if (connection != null) {
        connection.close();
      }
    } finally {
      lock.unlock();
    }
  }
}
