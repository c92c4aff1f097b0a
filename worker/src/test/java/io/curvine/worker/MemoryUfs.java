/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsCapabilities;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStream;
import io.curvine.ufs.UnderFileSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A store in memory for tests, that counts what is asked of it and fails when told to. */
public final class MemoryUfs implements UnderFileSystem {
  /** One range that was opened. */
  public record Opened(String path, long offset, long length) {}

  private static final class Content {
    final String version;
    final byte[] bytes;

    Content(String version, byte[] bytes) {
      this.version = version;
      this.bytes = bytes;
    }
  }

  private final Map<String, Content> objects = new ConcurrentHashMap<>();
  private final List<Opened> opened = new CopyOnWriteArrayList<>();
  private final AtomicInteger closes = new AtomicInteger();
  private volatile ErrorCode failure;
  private volatile Runnable beforeOpen = () -> {};
  private volatile UnaryOperator<InputStream> streams = UnaryOperator.identity();
  private int versions;

  /** Puts an object and gives its version. */
  public synchronized String put(String path, byte[] bytes) {
    String version = "v" + ++versions;
    objects.put(path, new Content(version, bytes.clone()));
    return version;
  }

  /** The bytes of an object; null where there is none. */
  public byte[] get(String path) {
    Content content = objects.get(path);
    return content == null ? null : content.bytes;
  }

  public List<Opened> opened() {
    return new ArrayList<>(opened);
  }

  /** All calls fail with this; null: none does. */
  public void failWith(ErrorCode code) {
    failure = code;
  }

  /** Runs at each open, on the thread that opens. */
  public void beforeOpen(Runnable hook) {
    beforeOpen = hook;
  }

  /** What {@link #open} gives is made of the whole range by this. */
  public void streams(UnaryOperator<InputStream> maker) {
    streams = maker;
  }

  private void check(String path) throws IOException {
    if (failure != null) {
      throw new CurvineException(failure, "told to fail for " + path);
    }
  }

  private UfsStatus status(String path, Content content) {
    return new UfsStatus(
        path,
        UfsStatus.Kind.FILE,
        content.version,
        content.bytes.length,
        versions,
        -1,
        -1,
        -1,
        "",
        List.of());
  }

  private static UfsStatus directory(String path) {
    return new UfsStatus(path, UfsStatus.Kind.DIRECTORY, "", 0, 0, -1, -1, -1, "", List.of());
  }

  @Override
  public UfsCapabilities capabilities() {
    return new UfsCapabilities(true, false, false, false, false);
  }

  @Override
  public Optional<UfsStatus> status(String path) throws IOException {
    check(path);
    return Optional.ofNullable(objects.get(path)).map(c -> status(path, c));
  }

  @Override
  public void list(String directory, Consumer<UfsStatus> child) {
    objects.forEach((path, content) -> child.accept(status(path, content)));
  }

  @Override
  public UfsStream open(String path, String version, long offset, long length) throws IOException {
    opened.add(new Opened(path, offset, length));
    beforeOpen.run();
    check(path);
    Content content = objects.get(path);
    if (content == null) {
      throw new CurvineException(ErrorCode.NOT_FOUND, path);
    }
    if (!content.version.equals(version) || offset + length > content.bytes.length) {
      throw new CurvineException(ErrorCode.UFS_CHANGED, path + " is at " + content.version);
    }
    InputStream range = new ByteArrayInputStream(content.bytes, (int) offset, (int) length);
    return UfsStream.of(streams.apply(range));
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content) throws IOException {
    byte[] bytes = content.readAllBytes();
    check(path);
    if (bytes.length != length) {
      throw new CurvineException(ErrorCode.UFS_ERROR, bytes.length + " bytes of " + length);
    }
    put(path, bytes);
    return status(path, objects.get(path));
  }

  @Override
  public UfsStatus makeDirectory(String path) throws IOException {
    check(path);
    return directory(path);
  }

  @Override
  public UfsStatus makeSymlink(String path, String target) throws IOException {
    throw new CurvineException(ErrorCode.UNSUPPORTED, "no links");
  }

  @Override
  public void delete(String path, boolean tree) throws IOException {
    check(path);
    objects.remove(path);
  }

  @Override
  public UfsStatus rename(String from, String to) throws IOException {
    check(from);
    Content content = objects.remove(from);
    if (content == null) {
      throw new CurvineException(ErrorCode.NOT_FOUND, from);
    }
    objects.put(to, content);
    return status(to, content);
  }

  /** How often it was closed. */
  public int closes() {
    return closes.get();
  }

  @Override
  public void close() {
    var unused = closes.incrementAndGet();
  }
}
