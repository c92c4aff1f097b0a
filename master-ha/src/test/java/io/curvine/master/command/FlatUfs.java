/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.ufs.UfsCapabilities;
import io.curvine.ufs.UfsProvider;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UfsStream;
import io.curvine.ufs.UfsTreePage;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Another store that lists flat, too, in pages of a few keys, and counts its calls. What it lists
 * may change meanwhile, as a bucket may. Thread-safe.
 */
final class FlatUfs implements UnderFileSystem {
  private final UnderFileSystem ufs;
  private final int pageKeys;
  private final Calls calls;

  /**
   * How often it was asked for what.
   *
   * @param denied flat listings that are still to fail
   */
  record Calls(AtomicInteger lists, AtomicInteger trees, AtomicInteger denied) {
    Calls() {
      this(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
    }
  }

  private FlatUfs(UnderFileSystem ufs, int pageKeys, Calls calls) {
    this.ufs = ufs;
    this.pageKeys = pageKeys;
    this.calls = calls;
  }

  /** One that makes them of another's stores. */
  static UfsProvider provider(UfsProvider provider, int pageKeys, Calls calls) {
    return new UfsProvider() {
      @Override
      public Set<String> schemes() {
        return provider.schemes();
      }

      @Override
      public Map<String, String> options() {
        return provider.options();
      }

      @Override
      public Set<String> secretOptions() {
        return provider.secretOptions();
      }

      @Override
      public String right(UfsFinding.Access access) {
        return provider.right(access);
      }

      @Override
      public UnderFileSystem open(URI location, Map<String, String> options) throws IOException {
        return new FlatUfs(provider.open(location, options), pageKeys, calls);
      }
    };
  }

  @Override
  public UfsCapabilities capabilities() {
    UfsCapabilities of = ufs.capabilities();
    return new UfsCapabilities(
        of.atomicRename(), of.symlinks(), of.attributes(), of.ordered(), true);
  }

  @Override
  public UfsTreePage tree(String after) throws IOException {
    calls.trees.incrementAndGet();
    if (calls.denied.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new CurvineException(ErrorCode.UFS_DENIED, "the key was taken back");
    }
    TreeMap<byte[], UfsTreePage.Item> all = new TreeMap<>(Arrays::compareUnsigned);
    Deque<String> directories = new ArrayDeque<>(List.of(""));
    while (!directories.isEmpty()) {
      String directory = directories.pop();
      List<UfsStatus> children = new ArrayList<>();
      try {
        ufs.list(directory, children::add);
      } catch (CurvineException e) {
        if (directory.isEmpty()) {
          throw e;
        }
        continue; // it has gone meanwhile
      }
      for (UfsStatus child : children) {
        String path = (directory.isEmpty() ? "" : directory + "/") + child.name();
        boolean deeper = child.kind() == Kind.DIRECTORY;
        String key = deeper ? path + "/" : path;
        if (deeper) {
          directories.push(path);
        }
        all.put(key.getBytes(StandardCharsets.UTF_8), new UfsTreePage.Item(key, child));
      }
    }
    List<UfsTreePage.Item> rest =
        List.copyOf(all.tailMap(after.getBytes(StandardCharsets.UTF_8), false).values());
    List<UfsTreePage.Item> page = rest.subList(0, Math.min(pageKeys, rest.size()));
    String last = page.isEmpty() ? after : page.get(page.size() - 1).key();
    return new UfsTreePage(page, last, page.size() < rest.size());
  }

  @Override
  public void list(String directory, Consumer<UfsStatus> child) throws IOException {
    calls.lists.incrementAndGet();
    ufs.list(directory, child);
  }

  @Override
  public Optional<UfsStatus> status(String path) throws IOException {
    return ufs.status(path);
  }

  @Override
  public UfsStream open(String path, String version, long offset, long length) throws IOException {
    return ufs.open(path, version, offset, length);
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content) throws IOException {
    return ufs.write(path, length, content);
  }

  @Override
  public UfsStatus makeDirectory(String path) throws IOException {
    return ufs.makeDirectory(path);
  }

  @Override
  public UfsStatus makeSymlink(String path, String target) throws IOException {
    return ufs.makeSymlink(path, target);
  }

  @Override
  public void delete(String path, boolean tree) throws IOException {
    ufs.delete(path, tree);
  }

  @Override
  public UfsStatus rename(String from, String to) throws IOException {
    return ufs.rename(from, to);
  }

  @Override
  public void close() {
    ufs.close();
  }
}
