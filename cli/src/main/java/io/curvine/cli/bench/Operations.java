/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.Failures;
import io.curvine.client.Namespace;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Barrier;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.DeleteEntry;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.GetLayout;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.RenameEntry;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Makes the calls of each kind, on directories and files of one client. Thread-safe. */
final class Operations {
  private static final int MODE_FILE = 0644;
  private static final int MODE_DIRECTORY = 0755;

  private final Namespace namespace;
  private final Directories directories;
  private final BenchFiles files;
  private final int client;
  private final AtomicLong madeDirectories = new AtomicLong();

  Operations(Namespace namespace, Directories directories, BenchFiles files, int client) {
    this.namespace = namespace;
    this.directories = directories;
    this.files = files;
    this.client = client;
  }

  /**
   * One call to make.
   *
   * @param start sends it
   * @param ended is told how it ended: null, or the failure
   */
  record Operation(Stage stage, Supplier<CompletableFuture<?>> start, Consumer<Throwable> ended) {}

  /** The next of a kind; empty: there is no file for it. */
  Optional<Operation> next(Stage stage) {
    return switch (stage) {
      case ECHO ->
          change(stage, Command.newBuilder().setBarrier(Barrier.getDefaultInstance()), e -> {});
      case FSYNC -> throw new IllegalArgumentException("fsync is not a call");
      case CREATE -> on(files.toMake(), this::create);
      case STAT -> on(files.any(), this::stat);
      case OPEN -> on(files.any(), this::open);
      case RENAME -> on(files.take(), this::rename);
      case DELETE -> on(files.take(), this::delete);
      case LIST -> list();
      case MKDIR -> makeDirectory();
    };
  }

  private static Optional<Operation> on(
      OptionalLong file, LongFunction<Optional<Operation>> operation) {
    return file.isPresent() ? operation.apply(file.getAsLong()) : Optional.empty();
  }

  private Optional<Operation> create(long file) {
    Command.Builder command =
        Command.newBuilder()
            .setCreateFile(
                CreateFile.newBuilder().setAt(at(file)).setMode(MODE_FILE).setExclusive(true));
    return change(
        Stage.CREATE,
        command,
        failure -> {
          if (failure == null) {
            files.exists(file);
          } else if (outcomeIsOpen(failure)) {
            files.isOpen(file);
          }
        });
  }

  private Optional<Operation> stat(long file) {
    return ask(Stage.STAT, Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(at(file))));
  }

  private Optional<Operation> open(long file) {
    return ask(Stage.OPEN, Query.newBuilder().setGetLayout(GetLayout.newBuilder().setAt(at(file))));
  }

  private Optional<Operation> rename(long file) {
    long renamed = BenchFiles.renamed(file);
    Command.Builder command =
        Command.newBuilder()
            .setRenameEntry(
                RenameEntry.newBuilder().setFrom(at(file)).setTo(at(renamed)).setNoReplace(true));
    return change(
        Stage.RENAME,
        command,
        failure -> {
          if (failure != null && outcomeIsOpen(failure)) {
            files.isOpen(file);
            files.isOpen(renamed);
          } else {
            files.exists(failure == null ? renamed : file);
          }
        });
  }

  private Optional<Operation> delete(long file) {
    Command.Builder command =
        Command.newBuilder()
            .setDeleteEntry(DeleteEntry.newBuilder().setAt(at(file)).setMustBe(InodeType.FILE));
    return change(
        Stage.DELETE,
        command,
        failure -> {
          if (failure != null && outcomeIsOpen(failure)) {
            files.isOpen(file);
          } else if (failure != null) {
            files.exists(file);
          }
        });
  }

  private Optional<Operation> list() {
    long any = ThreadLocalRandom.current().nextInt(directories.count());
    return ask(
        Stage.LIST,
        Query.newBuilder()
            .setListDirectory(ListDirectory.newBuilder().setAt(directories.directory(any))));
  }

  private Optional<Operation> makeDirectory() {
    long number = madeDirectories.getAndIncrement();
    EntryRef at = directories.entry(number, "m" + client + "-" + number);
    return change(
        Stage.MKDIR,
        Command.newBuilder()
            .setMakeDirectory(MakeDirectory.newBuilder().setAt(at).setMode(MODE_DIRECTORY)),
        failure -> {});
  }

  private EntryRef at(long file) {
    return directories.entry(BenchFiles.directory(file), files.name(file));
  }

  private Optional<Operation> change(
      Stage stage, Command.Builder command, Consumer<Throwable> ended) {
    return Optional.of(new Operation(stage, () -> namespace.submit(command), ended));
  }

  private Optional<Operation> ask(Stage stage, Query.Builder query) {
    return Optional.of(new Operation(stage, () -> namespace.ask(query), failure -> {}));
  }

  /** It may have been done; a refusal says that it was not. */
  private static boolean outcomeIsOpen(Throwable failure) {
    return !(Failures.unwrap(failure) instanceof CurvineException refused)
        || refused.code() == ErrorCode.UNKNOWN_OUTCOME
        || refused.code() == ErrorCode.INTERNAL;
  }
}
