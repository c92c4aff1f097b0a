/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.client.Namespace;
import io.curvine.protocol.proto.Barrier;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.DeleteEntry;
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
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/** Makes the calls of each kind, one operation each. Thread-safe. */
final class Operations {
  static final int MODE_FILE = 0644;
  static final int MODE_DIRECTORY = 0755;

  private final Namespace namespace;
  private final BenchTree tree;
  private final BenchFiles files;
  private final boolean closed;

  /**
   * @param closed nobody holds a file open that was made
   */
  Operations(Namespace namespace, BenchTree tree, boolean closed) {
    this.namespace = namespace;
    this.tree = tree;
    this.files = tree.files();
    this.closed = closed;
  }

  /**
   * One call to make.
   *
   * @param start sends it; the answer never fails
   */
  record Operation(Stage stage, Supplier<CompletableFuture<Tally>> start) {}

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
                CreateFile.newBuilder()
                    .setAt(tree.at(file))
                    .setMode(MODE_FILE)
                    .setExclusive(true)
                    .setComplete(closed));
    return change(Stage.CREATE, command, code -> files.created(file, code));
  }

  private Optional<Operation> stat(long file) {
    return ask(
        Stage.STAT, Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(tree.at(file))));
  }

  private Optional<Operation> open(long file) {
    return ask(
        Stage.OPEN, Query.newBuilder().setGetLayout(GetLayout.newBuilder().setAt(tree.at(file))));
  }

  private Optional<Operation> rename(long file) {
    Command.Builder command =
        Command.newBuilder()
            .setRenameEntry(
                RenameEntry.newBuilder()
                    .setFrom(tree.at(file))
                    .setTo(tree.at(BenchFiles.renamed(file)))
                    .setNoReplace(true));
    return change(Stage.RENAME, command, code -> files.renamed(file, code));
  }

  private Optional<Operation> delete(long file) {
    Command.Builder command =
        Command.newBuilder()
            .setDeleteEntry(
                DeleteEntry.newBuilder().setAt(tree.at(file)).setMustBe(InodeType.FILE));
    return change(Stage.DELETE, command, code -> files.deleted(file, code));
  }

  private Optional<Operation> list() {
    return ask(
        Stage.LIST,
        Query.newBuilder().setListDirectory(ListDirectory.newBuilder().setAt(tree.anyDirectory())));
  }

  private Optional<Operation> makeDirectory() {
    return change(
        Stage.MKDIR,
        Command.newBuilder()
            .setMakeDirectory(
                MakeDirectory.newBuilder().setAt(tree.newDirectory()).setMode(MODE_DIRECTORY)),
        code -> {});
  }

  private Optional<Operation> change(
      Stage stage, Command.Builder command, Consumer<ErrorCode> ended) {
    return Optional.of(
        new Operation(
            stage,
            () ->
                namespace
                    .submit(command)
                    .handle(
                        (result, failure) -> {
                          ended.accept(failure == null ? ErrorCode.OK : Tally.code(failure));
                          return Tally.of(failure);
                        })));
  }

  private Optional<Operation> ask(Stage stage, Query.Builder query) {
    return Optional.of(
        new Operation(
            stage, () -> namespace.ask(query).handle((result, failure) -> Tally.of(failure))));
  }
}
