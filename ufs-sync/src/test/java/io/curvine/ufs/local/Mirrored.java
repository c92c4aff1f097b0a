/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What somebody knows of a directory who looks there only where a source hints. When it knows all
 * then the hints cover all.
 */
final class Mirrored {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofMillis(100);

  private final Path root;
  private final ChangeSource source;
  private final Map<String, String> known = new TreeMap<>();

  Mirrored(Path root, ChangeSource source) {
    this.root = root;
    this.source = source;
  }

  /** Takes hints until it knows what there is; gives the batches. */
  List<ChangeBatch> catchUp() throws Exception {
    List<ChangeBatch> batches = new ArrayList<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    Map<String, String> there = read("");
    while (batches.isEmpty() || !known.equals(there)) {
      if (System.nanoTime() > end) {
        throw new AssertionError(difference(there));
      }
      ChangeBatch batch = source.poll(STEP);
      batches.add(batch);
      if (!batch.gap().isEmpty()) {
        look(ChangeHint.below(""));
      }
      for (ChangeHint hint : batch.hints()) {
        look(hint);
      }
      there = read("");
    }
    return batches;
  }

  private String difference(Map<String, String> there) {
    Map<String, String> different = new TreeMap<>(there);
    known.forEach((path, content) -> different.merge(path, content, (a, b) -> a + " not " + b));
    different.keySet().removeIf(path -> Objects.equals(there.get(path), known.get(path)));
    return "different: " + different;
  }

  private void look(ChangeHint hint) throws IOException {
    String path = hint.path();
    Map<String, String> there = read(path);
    if (hint.tree() || !there.getOrDefault(path, "").equals("directory")) {
      known.keySet().removeIf(each -> path.isEmpty() || (each + "/").startsWith(path + "/"));
      known.putAll(there);
    } else {
      known.put(path, "directory");
    }
  }

  private Map<String, String> read(String path) throws IOException {
    Map<String, String> found = new TreeMap<>();
    Path at = root.resolve(path);
    for (Path above = at.getParent(); above.startsWith(root); above = above.getParent()) {
      if (!Files.isDirectory(above, NOFOLLOW_LINKS)) {
        return found; // a link now, below which nothing is in the location
      }
    }
    try {
      if (!path.isEmpty() && Files.exists(at, NOFOLLOW_LINKS)) {
        found.put(path, content(at));
      }
      if (Files.isDirectory(at, NOFOLLOW_LINKS)) {
        List<Path> children;
        try (Stream<Path> listed = Files.list(at)) {
          children = listed.toList();
        }
        for (Path child : children) {
          String name = child.getFileName().toString();
          if (!name.startsWith(".curvine-tmp-")) {
            found.putAll(read(path.isEmpty() ? name : path + "/" + name));
          }
        }
      }
    } catch (NoSuchFileException | NotDirectoryException | NotLinkException e) {
      return new TreeMap<>(); // gone or another thing meanwhile; another hint will say so
    }
    return found;
  }

  private static String content(Path at) throws IOException {
    if (Files.isSymbolicLink(at)) {
      return "link to " + Files.readSymbolicLink(at);
    }
    if (Files.isDirectory(at, NOFOLLOW_LINKS)) {
      return "directory";
    }
    try {
      return "file " + Files.readString(at);
    } catch (IOException e) {
      if (Files.isDirectory(at, NOFOLLOW_LINKS)) { // since it was looked at
        throw (IOException) new NoSuchFileException(at.toString()).initCause(e);
      }
      throw e;
    }
  }
}
