/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.curvine.chaos.readers.UfsStore;
import io.curvine.client.ChangeFeed;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.CurvineInputStream;
import io.curvine.client.FileWriter;
import io.curvine.client.Refs;
import io.curvine.protocol.change.ChangeFilter;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A directory of a mount as one sees it through Curvine, and as another sees it at the UFS. Names
 * are relative to it; a conflict copy of {@code a} is {@code a.conflict}. One thread at a time.
 */
final class TwoSides {
  private static final Pattern COPY = Pattern.compile("\\.conflict-\\d{8}-\\d{6}-\\d+");

  /** Keeps the directory where all else goes. */
  static final String KEPT = "kept";

  private final CurvineClient client;
  private final UfsStore ufs;
  private final String directory;
  private final String prefix;

  TwoSides(CurvineClient client, UfsStore ufs, String mount, String directory) {
    this.client = client;
    this.ufs = ufs;
    this.directory = "/" + mount + "/" + directory;
    this.prefix = directory + "/";
  }

  private EntryRef at(String name) {
    return Refs.path(directory + "/" + name);
  }

  /**
   * Has both sides have these files.
   *
   * @param fromUfs they come from there, else from here
   * @param files as NAME=CONTENT, and NAME->FILE for a further name
   */
  void prepare(boolean fromUfs, List<String> files) throws IOException {
    make(fromUfs, KEPT, KEPT);
    for (String file : files) {
      if (file.contains("=")) {
        String[] parts = file.split("=", 2);
        make(fromUfs, parts[0], parts[1]);
      }
    }
    var unused = here(); // the names are known here, and the contents cached
    for (String file : files) {
      if (file.contains("->")) {
        String[] parts = file.split("->", 2);
        link(parts[1], parts[0]);
      }
    }
  }

  private void make(boolean fromUfs, String name, String content) throws IOException {
    if (fromUfs) {
      put(name, content);
    } else {
      write(name, content);
    }
  }

  // --- at the UFS ---

  void put(String name, String content) throws IOException {
    ufs.put(prefix + name, content.getBytes(UTF_8));
  }

  void deleteThere(String name) throws IOException {
    ufs.delete(prefix + name);
  }

  Map<String, String> there() throws IOException {
    Map<String, String> files = new TreeMap<>();
    ufs.all()
        .forEach(
            (key, content) -> {
              if (key.startsWith(prefix)) {
                add(key.substring(prefix.length()), content, files);
              }
            });
    return files;
  }

  private static void add(String name, byte[] content, Map<String, String> files) {
    if (!name.equals(KEPT)) {
      String before = files.put(plain(name), new String(content, UTF_8));
      if (before != null) {
        throw new AssertionError("there are two of " + plain(name));
      }
    }
  }

  private static String plain(String name) {
    return COPY.matcher(name).replaceAll(".conflict");
  }

  // --- here ---

  void write(String name, String content) throws IOException {
    client.write(
        at(name),
        CreateOptions.defaults().withParents(true),
        ByteBuffer.wrap(content.getBytes(UTF_8)));
  }

  void delete(String name) throws IOException {
    client.namespace().delete(at(name), InodeType.INODE_TYPE_UNSPECIFIED, true);
  }

  void rename(String from, String to) throws IOException {
    var unused = client.namespace().rename(at(from), at(to), false);
  }

  void link(String existing, String name) throws IOException {
    var unused = client.namespace().hardLink(at(existing), at(name));
  }

  /** What is written counts when the file is closed, under its new name. */
  void renameWhileWriting(String from, String to, String content) throws IOException {
    try (FileWriter writer = client.openForWrite(at(from), true)) {
      writer.write(0, ByteBuffer.wrap(content.getBytes(UTF_8)));
      rename(from, to);
    }
  }

  Map<String, String> here() throws IOException {
    Map<String, String> files = new TreeMap<>();
    collect("", files);
    return files;
  }

  private void collect(String below, Map<String, String> files) throws IOException {
    String path = below.isEmpty() ? directory : directory + "/" + below;
    for (Entry entry : client.namespace().entries(Refs.path(path))) {
      String name = (below.isEmpty() ? "" : below + "/") + entry.getName().toStringUtf8();
      if (entry.getInode().getType() == InodeType.DIRECTORY) {
        collect(name, files);
      } else {
        try (CurvineInputStream in = client.openStream(at(name))) {
          add(name, in.readAllBytes(), files);
        }
      }
    }
  }

  /** Renames since an offset, and what was found at the UFS, in order. */
  List<String> changes(long from) throws IOException {
    long end = client.changesFromNow(ChangeFilter.ALL).position();
    ChangeFeed feed =
        client.changes(from, new ChangeFilter(Refs.path(directory).getPath(), Set.of()));
    List<String> lines = new ArrayList<>();
    while (feed.position() < end) {
      for (Change change : feed.poll(Duration.ofMillis(100))) {
        if (change.getType() == ChangeType.RENAMED) {
          lines.add("RENAMED " + name(change.getOldPath().toStringUtf8()) + " -> " + name(change));
        } else if (change.getByUfs()) {
          lines.add(change.getType() + " " + name(change) + " by the UFS");
        }
      }
    }
    return lines;
  }

  private String name(Change change) {
    return name(change.getPath().toStringUtf8());
  }

  private String name(String path) {
    return plain(path.substring(directory.length() + 1));
  }
}
