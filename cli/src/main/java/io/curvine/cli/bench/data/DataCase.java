/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import static io.curvine.cli.bench.data.DataCase.Peer.LIMIT;
import static io.curvine.cli.bench.data.DataCase.Peer.NONE;
import static io.curvine.cli.bench.data.DataCase.Peer.WORKERS;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A way to move bytes that is measured. Those before {@link #READ_UNCHECKED} are the machine's own
 * limits: no part of Curvine takes part in them.
 */
enum DataCase {
  /** From the page cache into an aligned buffer. */
  PREAD("pread of a file in the page cache", NONE),
  /** From a file that is mapped into an aligned buffer. */
  MAPPED("copy out of a mapped file", NONE),
  /** From the disk, past the page cache. */
  DISK("read of a file with O_DIRECT", NONE),
  /** Requests answered by sendfile over TCP, a window of them open. */
  SENDFILE("sendfile over TCP, a window of requests", LIMIT),
  /** The same, one request at a time, anywhere in the file. */
  SENDFILE_ONE("sendfile over TCP, one request at a time", LIMIT),
  /** Requests answered from memory. */
  ECHO("answers from memory over TCP", LIMIT),
  /** Bytes sent over TCP and written to a file, a window of them not acknowledged. */
  SINK("bytes over TCP into a file", LIMIT),

  /** A limit of its own: what the checksums are compared with. */
  READ_UNCHECKED("sequential read without checksums", WORKERS),

  /** The same: what a vectored read is compared with. */
  READ_ONE_BY_ONE("16 ranges of 4 KiB anywhere in a block, one by one", WORKERS),

  /** The same: what small files that are written in one call are compared with. */
  FILES_OPENED("files of 4 KiB, each opened, written and closed", WORKERS),

  READ("sequential read", WORKERS),
  READ_CHECKED("sequential read, to that without checksums", WORKERS),
  READ_LOCAL("sequential read, Unix domain socket", WORKERS),
  READ_FILE("sequential read, short circuit", WORKERS),
  READ_RANDOM("random read", WORKERS),
  READ_SMALL("random read of 4 KiB", WORKERS),
  READ_VECTORED("16 ranges of 4 KiB anywhere in a block, one call", WORKERS),
  READ_COLD("sequential read, nothing in the page cache", WORKERS),
  READ_MISS("sequential read of the UFS, nothing cached", WORKERS),
  WRITE("write, one replica", WORKERS),
  WRITE_FILE("write, short circuit", WORKERS),
  WRITE_TWO("write, two replicas in a chain", WORKERS),
  FILES("files of 4 KiB, each in one call", WORKERS);

  /** Who is at the other end. */
  enum Peer {
    NONE,
    LIMIT,
    WORKERS
  }

  private static final int REQUEST_BYTES = 256 << 10;
  private static final int SMALL_BYTES = 4 << 10;

  /** Of one call for many ranges. */
  static final int RANGES = 16;

  private static final List<Integer> FEW_AND_MANY = List.of(1, 4, 16);
  private static final List<Integer> ONE = List.of(1);

  private final String description;
  private final Peer peer;

  DataCase(String description, Peer peer) {
    this.description = description;
    this.peer = peer;
  }

  /**
   * What a case is compared with.
   *
   * @param limit measured in turn with it
   * @param goal of the ratio
   * @param latency the ratio is that of the median latencies, and the goal the most it may be;
   *     otherwise that of the throughputs, and the least
   */
  record Comparison(DataCase limit, double goal, boolean latency) {}

  /** Empty: it is a limit itself. */
  Optional<Comparison> comparison() {
    return Optional.ofNullable(
        switch (this) {
          case READ -> new Comparison(SENDFILE, 0.9, false);
          case READ_LOCAL -> new Comparison(SENDFILE, 1.3, false);
          case READ_FILE -> new Comparison(PREAD, 1.2, false);
          case READ_CHECKED -> new Comparison(READ_UNCHECKED, 0.93, false);
          case READ_RANDOM -> new Comparison(SENDFILE_ONE, 0.85, false);
          case READ_SMALL -> new Comparison(ECHO, 1.5, true);
          case READ_VECTORED -> new Comparison(READ_ONE_BY_ONE, 3, false);
          case READ_COLD -> new Comparison(DISK, 0.9, false);
          case READ_MISS -> new Comparison(DISK, 1, false);
          case WRITE -> new Comparison(SINK, 0.8, false);
          case WRITE_FILE -> new Comparison(SINK, 1, false);
          case WRITE_TWO -> new Comparison(SINK, 0.45, false);
          case FILES -> new Comparison(FILES_OPENED, 1.4, false);
          case PREAD,
              MAPPED,
              DISK,
              SENDFILE,
              SENDFILE_ONE,
              ECHO,
              SINK,
              READ_UNCHECKED,
              READ_ONE_BY_ONE,
              FILES_OPENED ->
              null;
        });
  }

  Peer peer() {
    return peer;
  }

  /** For people. */
  String description() {
    return description;
  }

  /** Of one request. */
  int requestBytes() {
    return switch (this) {
      case ECHO, READ_SMALL, FILES, FILES_OPENED -> SMALL_BYTES;
      case READ_ONE_BY_ONE, READ_VECTORED -> RANGES * SMALL_BYTES;
      case DISK, READ_COLD, READ_MISS -> 1 << 20;
      default -> REQUEST_BYTES;
    };
  }

  /** How many it is measured with; a row each. */
  List<Integer> threads() {
    return switch (this) {
      case READ, READ_LOCAL, READ_RANDOM -> FEW_AND_MANY;
      case READ_COLD, READ_MISS -> List.of(1, 4);
      case FILES -> List.of(1, 16);
      default -> ONE;
    };
  }

  /** The thread goes to any part of the file with each request. */
  boolean random() {
    return switch (this) {
      case SENDFILE_ONE, ECHO, READ_RANDOM, READ_SMALL, READ_ONE_BY_ONE, READ_VECTORED -> true;
      default -> false;
    };
  }

  /** The file is read once: afterwards it is in the page cache, or in the cache. */
  boolean once() {
    return this == READ_COLD || this == READ_MISS;
  }

  /** It takes memory that was free. */
  boolean writes() {
    return switch (this) {
      case SINK, WRITE, WRITE_FILE, WRITE_TWO, READ_MISS -> true;
      default -> false;
    };
  }

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads a word.
   *
   * @throws IllegalArgumentException naming what is allowed
   */
  static DataCase parse(String word) {
    return Stream.of(values())
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "case '" + word + "' is not known; allowed: " + words(List.of(values()))));
  }

  static String words(List<DataCase> cases) {
    return cases.stream().map(DataCase::word).collect(Collectors.joining(", "));
  }

  /** All that are no limits. */
  static List<DataCase> ours() {
    return Stream.of(values()).filter(each -> each.comparison().isPresent()).toList();
  }

  /** For picocli's help. */
  static final class Words extends ArrayList<String> {
    private static final long serialVersionUID = 1;

    Words() {
      super(ours().stream().map(DataCase::word).toList());
    }
  }
}
