/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.Operations.Operation;
import io.curvine.client.Batch;
import io.curvine.client.Namespace;
import io.curvine.client.Outcome;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.BatchGetEntry;
import io.curvine.protocol.proto.EntryOutcome;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Query;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes calls that hold many operations of a kind each. Thread-safe. */
final class BatchOperations {
  private final Namespace namespace;
  private final BenchTree tree;
  private final BenchFiles files;

  BatchOperations(Namespace namespace, BenchTree tree) {
    this.namespace = namespace;
    this.tree = tree;
    this.files = tree.files();
  }

  /** The next of a kind, with fewer where files get few; empty: there is none for it. */
  Optional<Operation> next(Stage stage, int count) {
    return switch (stage) {
      case CREATE ->
          change(
              stage,
              some(files::toMake, count),
              (batch, file) -> batch.createEmpty(tree.at(file), Operations.MODE_FILE),
              files::created);
      case STAT -> stat(some(files::any, count));
      case RENAME ->
          change(
              stage,
              some(files::take, count),
              (batch, file) -> batch.rename(tree.at(file), tree.at(BenchFiles.renamed(file)), true),
              files::renamed);
      case DELETE ->
          change(
              stage,
              some(files::take, count),
              (batch, file) -> batch.delete(tree.at(file), InodeType.FILE, false),
              files::deleted);
      case MKDIR ->
          change(
              stage,
              new long[count],
              (batch, none) -> batch.makeDirectory(tree.newDirectory(), Operations.MODE_DIRECTORY),
              (none, code) -> {});
      case ECHO, FSYNC, OPEN, LIST ->
          throw new IllegalArgumentException(stage.word() + " has no calls that hold many");
    };
  }

  private static long[] some(Supplier<OptionalLong> source, int count) {
    return Stream.generate(source)
        .limit(count)
        .takeWhile(OptionalLong::isPresent)
        .mapToLong(OptionalLong::getAsLong)
        .toArray();
  }

  private interface Adding {
    void add(Batch batch, long file) throws CurvineException;
  }

  private interface Ended {
    void ended(long file, ErrorCode code);
  }

  private Optional<Operation> change(Stage stage, long[] of, Adding adding, Ended ended) {
    if (of.length == 0) {
      return Optional.empty();
    }
    return Optional.of(new Operation(stage, () -> send(of, adding, ended)));
  }

  private CompletableFuture<Tally> send(long[] of, Adding adding, Ended ended) {
    Batch batch = namespace.batch();
    try {
      for (long file : of) {
        adding.add(batch, file);
      }
    } catch (CurvineException e) {
      throw new IllegalStateException("a name that is not allowed", e);
    }
    return batch
        .submit()
        .handle(
            (outcomes, failure) -> {
              for (int i = 0; i < of.length; i++) {
                ended.ended(of[i], failure == null ? outcomes.get(i).code() : Tally.code(failure));
              }
              return failure == null
                  ? tally(outcomes.stream().map(Outcome::code).toList())
                  : Tally.failed(failure, of.length);
            });
  }

  private Optional<Operation> stat(long[] of) {
    if (of.length == 0) {
      return Optional.empty();
    }
    BatchGetEntry.Builder ask = BatchGetEntry.newBuilder();
    for (long file : of) {
      ask.addAt(tree.at(file));
    }
    Query.Builder query = Query.newBuilder().setBatchGetEntry(ask);
    return Optional.of(
        new Operation(
            Stage.STAT,
            () ->
                namespace
                    .ask(query)
                    .handle(
                        (result, failure) ->
                            failure == null
                                ? tally(codes(result.getEntryBatch().getOutcomesList()))
                                : Tally.failed(failure, of.length))));
  }

  private static List<ErrorCode> codes(List<EntryOutcome> outcomes) {
    return outcomes.stream().map(EntryOutcome::getCode).toList();
  }

  private static Tally tally(List<ErrorCode> codes) {
    Map<String, Integer> failures = new TreeMap<>();
    for (ErrorCode code : codes) {
      if (code != ErrorCode.OK) {
        failures.merge(code.name(), 1, Integer::sum);
      }
    }
    int failed = failures.values().stream().mapToInt(Integer::intValue).sum();
    return new Tally(codes.size() - failed, failures);
  }
}
