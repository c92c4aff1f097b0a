/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.FileContent.Spot;
import io.curvine.protocol.Limits;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests ahead of a reader who goes forward in even steps. What it asks for is received on the
 * reader's own thread, and into its own buffer where that takes a whole request. Thread-safe: of
 * several threads of one reader each may come a little before or after its turn.
 *
 * <p>It grows while the reader goes on. Where anything fails it is of no use any more, and what it
 * would have given is read without it.
 */
final class ReadWindow implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReadWindow.class);

  /** A reader who takes as much in one call gets it without a copy. */
  private static final int DIRECT_MIN_BYTES = 256 << 10;

  private static final int REQUEST_MIN_BYTES = 64 << 10;
  private static final int REQUEST_USUAL_BYTES = Limits.PAGE_SIZE_BYTES;
  private static final int BEHIND_MAX = 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final FileContent content;
  private final DataPlane data;
  private final long version;

  /**
   * From the beginning of one request to that of the next, where the reader leaves gaps; 0: none.
   */
  private final long stride;

  private final boolean direct;
  private final TreeMap<Long, AheadRequest> requests = new TreeMap<>();
  private final Map<HostPort, ReadLane> lanes = new HashMap<>();
  private int requestBytes;
  private long windowBytes;
  private long openBytes;
  private long next;
  private long consumedTo;
  private boolean broken;

  /**
   * A window that asks for nothing yet.
   *
   * @param from where the reader goes on
   * @param length that it reads in a call
   * @param step between its calls; the length, where it leaves no gaps
   */
  ReadWindow(FileContent content, DataPlane data, long from, int length, long step) {
    this.content = content;
    this.data = data;
    this.version = content.version();
    this.next = from;
    this.consumedTo = from;
    this.stride = step == length ? 0 : step;
    this.direct = stride != 0 || length >= DIRECT_MIN_BYTES;
    this.requestBytes =
        direct
            ? Math.min(length, Limits.PAGE_SIZE_BYTES)
            : Math.max(REQUEST_MIN_BYTES, Math.min(REQUEST_USUAL_BYTES, 2 * length));
    this.windowBytes = 2L * requestBytes;
  }

  /**
   * Gives bytes from a position on, as far as one request has them.
   *
   * @return bytes given; 0 where the window has none for that position
   */
  int read(long position, ByteBuffer into) {
    lock.lock();
    try {
      if (broken || version != content.version()) {
        return 0;
      }
      return readLocked(position, into);
    } catch (IOException e) {
      LOG.debug("reading ahead ends: {}", e.toString());
      end();
      return 0;
    } finally {
      lock.unlock();
    }
  }

  private int readLocked(long position, ByteBuffer into) throws IOException {
    askFor(position);
    Map.Entry<Long, AheadRequest> found = requests.floorEntry(position);
    if (found == null || position >= found.getValue().end()) {
      return 0;
    }
    AheadRequest request = found.getValue();
    int start = into.position();
    int given;
    try {
      given = give(request, position, into);
    } catch (IOException e) {
      into.position(start);
      throw e;
    }
    consumedTo = Math.max(consumedTo, position + given);
    if (position + given == request.end()) {
      forget(request);
      windowBytes = Math.min(data.config().readWindowBytes(), 2 * windowBytes);
      requestBytes = direct ? requestBytes : Math.min(REQUEST_USUAL_BYTES, 2 * requestBytes);
    }
    leaveBehind();
    return given;
  }

  private int give(AheadRequest request, long position, ByteBuffer into) throws IOException {
    if (request.content() == null) {
      boolean whole = position == request.position() && into.remaining() >= request.length();
      if (whole) {
        request.lane().receive(request, into);
        return request.length();
      }
      ByteBuffer buffer = data.pages().take();
      request.lane().receive(request, buffer);
      request.setContent(buffer.flip());
    }
    ByteBuffer held = request.content();
    int from = (int) (position - request.position());
    int length = Math.min(into.remaining(), request.length() - from);
    into.put(held.duplicate().position(from).limit(from + length));
    return length;
  }

  // --- what is asked for ---

  /** Asks for more where half of the window is used up, as far as the reader gets on its way. */
  private void askFor(long position) throws IOException {
    boolean onItsWay = position >= consumedTo - windowBytes && position <= next;
    if (!onItsWay || openBytes > windowBytes / 2) {
      return;
    }
    BlockReads.Source source = null;
    ReadLane lane = null;
    while (openBytes + requestBytes <= windowBytes) {
      Spot spot = content.spot(next, requestBytes);
      if (spot.length() == 0) {
        break;
      }
      ReadLane nextLane = lane(spot.worker());
      if (lane != null
          && (nextLane != lane || spot.source().offsetInFile() != source.offsetInFile())) {
        lane.send(source);
      }
      lane = nextLane;
      source = spot.source();
      if (!data.pages().promise(spot.length())) {
        break;
      }
      AheadRequest request = new AheadRequest(next, spot.length(), lane);
      lane.add(request, spot);
      requests.put(next, request);
      openBytes += spot.length();
      next += stride == 0 ? spot.length() : stride;
    }
    if (lane != null) {
      lane.send(source);
    }
  }

  private ReadLane lane(HostPort worker) throws IOException {
    ReadLane lane = lanes.get(worker);
    if (lane == null) {
      lane = new ReadLane(data, data.connections().take(worker));
      lanes.put(worker, lane);
    }
    return lane;
  }

  /** Few requests that the reader has passed are kept: another of its threads may want them. */
  private void leaveBehind() {
    while (requests.size() > BEHIND_MAX
        && requests.firstEntry().getValue().end() <= consumedTo
        && behind() > BEHIND_MAX) {
      AheadRequest passed = requests.firstEntry().getValue();
      passed.setUnwanted();
      forget(passed);
    }
  }

  private int behind() {
    return requests.headMap(consumedTo).size();
  }

  private void forget(AheadRequest request) {
    requests.remove(request.position());
    openBytes -= request.length();
    data.pages().settle(request.length());
    if (request.content() != null) {
      data.pages().giveBack(request.content());
      request.setContent(null);
    }
  }

  private void end() {
    broken = true;
    while (!requests.isEmpty()) {
      forget(requests.firstEntry().getValue());
    }
    lanes.values().forEach(ReadLane::close);
    lanes.clear();
  }

  /** It cannot give anything any more. */
  boolean ended() {
    lock.lock();
    try {
      return broken;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      end();
    } finally {
      lock.unlock();
    }
  }
}
