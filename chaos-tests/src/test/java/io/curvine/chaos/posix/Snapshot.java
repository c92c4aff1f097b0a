/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * All that a tree shows, a line for each name: attributes, which names are of one file, xattrs,
 * link target, content. For one thread.
 */
final class Snapshot {
  private static final int READ_BYTES = 256 << 10;

  private final Tree tree;
  private final List<String> lines = new ArrayList<>();
  private final Map<Long, Integer> inodes = new HashMap<>();

  private Snapshot(Tree tree) {
    this.tree = tree;
  }

  /** The tree with the directory around it, into which links may have led. */
  static List<String> of(Tree tree) {
    Snapshot snapshot = new Snapshot(tree);
    snapshot.add(tree.at(".."));
    return snapshot.lines;
  }

  private void add(String path) {
    byte[] statx = new byte[Attributes.STATX_BYTES];
    long result = tree.posix.attributes(path, false, statx);
    if (result < 0) {
      lines.add(shown(path) + " cannot be seen: " + Operation.outcome(result));
      return;
    }
    Attributes attributes = Attributes.of(statx);
    int number = inodes.computeIfAbsent(attributes.inode(), inode -> inodes.size() + 1);
    String line = shown(path) + " file " + number + " " + tree.sights.describe(attributes);
    line += " xattrs " + xattrs(path);
    if (attributes.isSymlink()) {
      line += " to " + NameCalls.target(tree, path);
    } else if (attributes.isFile()) {
      line += " content " + content(path);
    }
    lines.add(line);
    if (attributes.isDirectory()) {
      addChildren(path);
    }
  }

  private String shown(String path) {
    return path.substring(tree.root.length());
  }

  private void addChildren(String path) {
    Set<String> names = new TreeSet<>();
    long opened = tree.posix.open(path, Posix.DIRECTORY, 0);
    long result = opened < 0 ? opened : tree.posix.list((int) opened, names);
    if (result < 0) {
      lines.add(shown(path) + " cannot be listed: " + Operation.outcome(result));
    }
    if (opened >= 0) {
      tree.posix.close((int) opened);
    }
    lines.add(shown(path) + " lists " + names);
    Set<String> children = new TreeSet<>();
    names.forEach(name -> children.add(name.substring(name.indexOf(':') + 1)));
    children.removeAll(Set.of(".", ".."));
    children.forEach(name -> add(path + "/" + name));
  }

  private String xattrs(String path) {
    byte[] names = Posix.room();
    long listed = tree.posix.listXattrs(path, names);
    if (listed <= 0) {
      return Operation.outcome(listed);
    }
    StringBuilder text = new StringBuilder();
    for (String name : Posix.names(names, listed)) {
      byte[] value = Posix.room();
      long bytes = tree.posix.getXattr(path, name, value);
      text.append(name).append('=').append(XattrCalls.value(bytes, value)).append(' ');
    }
    return text.toString();
  }

  private String content(String path) {
    long opened = tree.posix.open(path, Posix.READ_ONLY, 0);
    if (opened < 0) {
      return Operation.outcome(opened);
    }
    int descriptor = (int) opened;
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] page = new byte[READ_BYTES];
    long bytes = tree.posix.read(descriptor, page);
    while (bytes > 0) {
      content.write(page, 0, (int) bytes);
      bytes = tree.posix.read(descriptor, page);
    }
    long closed = tree.posix.close(descriptor);
    return Content.describe(content.toByteArray())
        + (bytes < 0 ? ", then " + Operation.outcome(bytes) : "")
        + (closed < 0 ? ", closed " + Operation.outcome(closed) : "");
  }
}
