/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Lists the directories and compares them with what one client was told: each acknowledged file is
 * there, and no other. For one use.
 */
final class Verification {
  private static final int PAGE_ENTRIES = 10_000;
  private static final int EXAMPLES_MAX = 10;

  /** Gives pages of a directory, as {@link io.curvine.client.Namespace#list} does. */
  interface Lister {
    DirectoryPage list(EntryRef at, ByteString after, int limit) throws IOException;
  }

  private final Lister lister;
  private final Directories directories;
  private final BenchFiles files;
  private final long[] expected;
  private final BitSet seen;
  private final Set<Long> open;
  private final Set<Long> seenOpen = new HashSet<>();
  private final List<String> surplus = new ArrayList<>();
  private long surplusCount;

  Verification(Lister lister, Directories directories, BenchFiles files) {
    this.lister = lister;
    this.directories = directories;
    this.files = files;
    this.expected = files.all();
    this.seen = new BitSet(expected.length);
    this.open = files.allOpen();
  }

  /**
   * The outcome.
   *
   * @param expected files that were acknowledged
   * @param missing of these, not found
   * @param surplus found, and not among them
   * @param open calls whose outcome the client was not told; their files may be there or not
   * @param examples names of missing and surplus ones
   */
  record Verdict(long expected, long missing, long surplus, long open, List<String> examples) {
    static final Verdict NONE = new Verdict(0, 0, 0, 0, List.of());

    Verdict {
      examples = List.copyOf(examples);
    }

    boolean right() {
      return missing == 0 && surplus == 0;
    }

    /**
     * Nothing is wrong.
     *
     * @throws CliException else, with the examples
     */
    void require() throws CliException {
      if (!right()) {
        throw new CliException("the namespace is not what was acknowledged: " + examples);
      }
    }

    /** A line for people. */
    String text() {
      return String.format("verified: %s%n", counts());
    }

    /** How many of each. */
    String counts() {
      return String.format(
          Locale.ROOT,
          "%,d files, %d missing, %d surplus, %d of unknown outcome",
          expected,
          missing,
          surplus,
          open);
    }

    /** Both. */
    Verdict and(Verdict other) {
      List<String> both = new ArrayList<>(examples);
      both.addAll(other.examples);
      return new Verdict(
          expected + other.expected,
          missing + other.missing,
          surplus + other.surplus,
          open + other.open,
          both.subList(0, Math.min(EXAMPLES_MAX, both.size())));
    }

    ObjectNode toJson() {
      ObjectNode json =
          Json.object()
              .put("expected", expected)
              .put("missing", missing)
              .put("surplus", surplus)
              .put("open", open);
      var array = json.putArray("examples");
      examples.forEach(array::add);
      return json;
    }

    static Verdict fromJson(JsonNode json) {
      List<String> examples = new ArrayList<>();
      json.get("examples").forEach(each -> examples.add(each.asText()));
      return new Verdict(
          json.get("expected").asLong(),
          json.get("missing").asLong(),
          json.get("surplus").asLong(),
          json.get("open").asLong(),
          examples);
    }
  }

  Verdict run() throws IOException {
    for (int i = 0; i < directories.count(); i++) {
      look(i);
    }
    List<String> examples = new ArrayList<>();
    for (int at = seen.nextClearBit(0);
        at < expected.length && examples.size() < EXAMPLES_MAX;
        at = seen.nextClearBit(at + 1)) {
      examples.add("missing " + files.name(expected[at]));
    }
    examples.addAll(surplus);
    return new Verdict(
        expected.length,
        expected.length - seen.cardinality(),
        surplusCount,
        open.size(),
        examples.subList(0, Math.min(EXAMPLES_MAX, examples.size())));
  }

  private void look(int directory) throws IOException {
    EntryRef at = directories.directory(directory);
    ByteString after = ByteString.EMPTY;
    boolean more = true;
    while (more) {
      DirectoryPage page = lister.list(at, after, PAGE_ENTRIES);
      for (Entry entry : page.getEntriesList()) {
        found(directory, entry.getName().toStringUtf8());
        after = entry.getName();
      }
      more = page.getMore() && page.getEntriesCount() > 0;
    }
  }

  private void found(int directory, String name) {
    OptionalLong parsed = files.parse(name);
    if (parsed.isEmpty()) {
      return;
    }
    long file = parsed.getAsLong();
    boolean here = BenchFiles.directory(file) % directories.count() == directory;
    if (!here || !firstTime(file)) {
      surplusCount++;
      if (surplus.size() < EXAMPLES_MAX) {
        surplus.add("surplus " + name);
      }
    }
  }

  /** Whether it may be there and was not found before. */
  private boolean firstTime(long file) {
    int at = Arrays.binarySearch(expected, file);
    if (at >= 0) {
      boolean first = !seen.get(at);
      seen.set(at);
      return first;
    }
    return open.contains(file) && seenOpen.add(file);
  }
}
