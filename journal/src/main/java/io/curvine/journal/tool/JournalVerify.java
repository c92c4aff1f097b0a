/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.ChainHash;
import io.curvine.journal.JournalFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Checks all that can be checked of a journal's files: the checksum of each batch, the chain of
 * hashes event by event, the order of offsets and times, indexes, and whether events can be
 * decoded. It only reads, and goes on behind what is damaged. Segments are checked at the same
 * time, each from the hash at its beginning. Stateless.
 */
public final class JournalVerify {
  /** More threads than this would wait for the disk. */
  public static final int THREADS_MAX = 64;

  private JournalVerify() {}

  /**
   * What was found.
   *
   * @param findings in the order of the files; empty: nothing is wrong
   * @param notes what is odd and not wrong
   * @param firstOffset oldest event
   * @param nextOffset after the newest event that can be read
   * @param chainHash at the end, 64 hexadecimal digits; empty where it is not known
   * @param clusterId as the newest event says that names one; empty where none is kept
   */
  public record Report(
      List<Finding> findings,
      List<String> notes,
      int segments,
      long events,
      long bytes,
      long firstOffset,
      long nextOffset,
      String chainHash,
      String clusterId) {
    public Report {
      findings = List.copyOf(findings);
      notes = List.copyOf(notes);
    }
  }

  /**
   * Checks the journal in a directory.
   *
   * @param live whether a master may be appending: then a half-written end is right
   * @param threads 1 to {@link #THREADS_MAX}
   * @throws IOException where files cannot be read at all
   */
  public static Report directory(Path directory, boolean live, int threads) throws IOException {
    JournalFolder folder = JournalFolder.of(directory);
    List<Finding> findings = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (Path file : folder.foreign()) {
      findings.add(
          new Finding(
              Finding.Kind.FOREIGN_FILE,
              file,
              -1,
              -1,
              "does not belong into a journal",
              Advice.FOREIGN));
    }
    for (Path file : folder.leftovers()) {
      notes.add(file + (live ? " is being written" : " is left of a change; a start removes it"));
    }
    if (folder.segments().isEmpty()) {
      findings.add(
          new Finding(
              Finding.Kind.GAP,
              directory,
              -1,
              -1,
              "no segment is there: names are of 20 digits and .log",
              "name a journal's directory, a master's data directory or a snapshot"));
    }
    return report(directory, check(folder.segments(), live, threads), findings, notes);
  }

  /**
   * Checks one segment file, with the files beside it.
   *
   * @throws IOException where it cannot be read, or its name is none of a segment
   */
  public static Report file(Path file, boolean live) throws IOException {
    JournalFolder.SegmentFile segment = segmentFile(file);
    return report(file, check(List.of(segment), live, 1), new ArrayList<>(), new ArrayList<>());
  }

  /**
   * Checks the batches that a source gives, one after the other: all but what only files have.
   *
   * @throws IOException where the source cannot be read
   */
  public static Report source(JournalSource source) throws IOException {
    JournalSource.Range range = source.range();
    Path name = Path.of(source.name());
    List<Finding> findings = new ArrayList<>();
    BatchCheck check = new BatchCheck(name, range.first(), findings::add);
    long bytes = 0;
    try (JournalSource.BatchReader reader = source.read(range.first())) {
      Optional<RawBatch> next = reader.next();
      while (next.isPresent() && next.get().baseOffset() < range.next()) {
        RawBatch batch = next.get();
        bytes += batch.sizeBytes();
        if (batch.checksumFits()) {
          check.check(batch);
        } else {
          findings.add(
              new Finding(
                  Finding.Kind.CHECKSUM,
                  name,
                  batch.position(),
                  check.nextOffset(),
                  "its checksum does not fit",
                  Advice.FROM_ANOTHER_MASTER));
          check.goOnAfter(batch);
        }
        next = reader.next();
      }
    }
    return new Report(
        findings,
        List.of(),
        0,
        check.events(),
        bytes,
        range.first(),
        check.nextOffset(),
        check.chainEnd().map(ChainHash::toString).orElse(""),
        check.clusterId());
  }

  static JournalFolder.SegmentFile segmentFile(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (!name.endsWith(JournalFiles.LOG) || JournalFolder.baseOffset(name).isEmpty()) {
      throw new IOException(
          file + " is no segment of a journal; allowed: a name of 20 digits and .log");
    }
    return new JournalFolder.SegmentFile(file, JournalFolder.baseOffset(name).getAsLong());
  }

  private static List<SegmentResult> check(
      List<JournalFolder.SegmentFile> segments, boolean live, int threads) throws IOException {
    if (threads < 1 || threads > THREADS_MAX) {
      throw new IllegalArgumentException(threads + " threads; allowed: 1 to " + THREADS_MAX);
    }
    ExecutorService workers =
        Executors.newFixedThreadPool(Math.max(1, Math.min(threads, segments.size())));
    try {
      List<Future<SegmentResult>> running = new ArrayList<>();
      for (int i = 0; i < segments.size(); i++) {
        boolean newest = i == segments.size() - 1;
        SegmentCheck check = new SegmentCheck(segments.get(i), newest, live);
        running.add(workers.submit(check::run));
      }
      List<SegmentResult> results = new ArrayList<>();
      for (Future<SegmentResult> each : running) {
        results.add(await(each));
      }
      return results;
    } finally {
      workers.shutdownNow();
    }
  }

  private static SegmentResult await(Future<SegmentResult> result) throws IOException {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the check was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static Report report(
      Path at, List<SegmentResult> results, List<Finding> findings, List<String> notes) {
    List<SegmentResult> read = results.stream().filter(each -> !each.totals().dropped()).toList();
    results.forEach(each -> notes.addAll(each.notes()));
    for (int i = 0; i < read.size(); i++) {
      findings.addAll(read.get(i).findings());
      if (i + 1 < read.size()) {
        Seam.between(at, read.get(i), read.get(i + 1)).ifPresent(findings::add);
      }
    }
    Optional<SegmentResult> last =
        read.isEmpty() ? Optional.empty() : Optional.of(read.get(read.size() - 1));
    return new Report(
        findings,
        notes,
        read.size(),
        read.stream().mapToLong(each -> each.totals().events()).sum(),
        read.stream().mapToLong(each -> each.totals().bytes()).sum(),
        read.isEmpty() ? 0 : read.get(0).baseOffset(),
        last.map(each -> Math.max(each.baseOffset(), each.nextOffset())).orElse(0L),
        last.flatMap(SegmentResult::chainEnd).map(ChainHash::toString).orElse(""),
        read.stream()
            .map(each -> each.totals().clusterId())
            .filter(id -> !id.isEmpty())
            .reduce("", (before, later) -> later));
  }
}
