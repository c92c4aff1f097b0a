/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import com.google.protobuf.ByteString;
import io.curvine.master.leader.Failures;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.TrashNames;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.PurgeTrash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what was in a trash for as long as it was to be kept, while this master leads. How long
 * that is, the names there say. Owned by one thread that calls {@link #tick} now and then.
 */
public final class TrashSweeper {
  private static final Logger LOG = LoggerFactory.getLogger(TrashSweeper.class);

  /** Whom the journal names. */
  private static final Principal TRASH = Principal.newBuilder().setUser("trash").build();

  private final Supplier<StateStore> state;
  private final LongFunction<CompletableFuture<Void>> names;
  private final PatientProposer proposer;
  private final BooleanSupplier leading;
  private final LongSupplier clockNanos;

  /** What is to be done now: directories to delete, and those whose UFS is asked for names. */
  private record Due(List<Long> purged, List<Long> unlisted) {}

  /**
   * Made once.
   *
   * @param names loads a directory's names from its UFS
   * @param clockNanos since the epoch
   */
  public TrashSweeper(
      Supplier<StateStore> state,
      LongFunction<CompletableFuture<Void>> names,
      PatientProposer proposer,
      BooleanSupplier leading,
      LongSupplier clockNanos) {
    this.state = state;
    this.names = names;
    this.proposer = proposer;
    this.leading = leading;
    this.clockNanos = clockNanos;
  }

  /** Deletes what is due now. */
  public void tick() {
    if (!leading.getAsBoolean()) {
      return;
    }
    Instant now = Instant.ofEpochSecond(0, clockNanos.getAsLong());
    Due due = state.get().read(view -> due(view, now));
    for (long directory : due.unlisted) {
      var unused = names.apply(directory); // a later look finds what is in it
    }
    for (long directory : due.purged) {
      if (leading.getAsBoolean()) {
        purge(directory);
      }
    }
  }

  private static Due due(StateView view, Instant now) {
    Due due = new Due(new ArrayList<>(), new ArrayList<>());
    look(NamespaceView.ROOT, view, now, due);
    for (Mount mount : view.mounts().all()) {
      look(mount.getRootInode(), view, now, due);
    }
    return due;
  }

  private static void look(long top, StateView view, Instant now, Due due) {
    Inode trash = view.namespace().child(top, TrashNames.DIRECTORY);
    if (trash == null) {
      return;
    }
    if (view.mounts().namesMissing(trash)) {
      due.unlisted.add(trash.getId());
    }
    view.namespace()
        .children(
            trash.getId(),
            ByteString.EMPTY,
            (name, inode) -> {
              if (TrashNames.keptUntil(name).filter(until -> !until.isAfter(now)).isPresent()) {
                due.purged.add(inode);
              }
              return true;
            });
  }

  private void purge(long directory) {
    try {
      var unused =
          proposer
              .ask(
                  Command.newBuilder()
                      .setPrincipal(TRASH)
                      .setPurgeTrash(PurgeTrash.newBuilder().setInode(directory))
                      .build())
              .join();
    } catch (CompletionException e) {
      LOG.info("a trash is emptied later: {}", Failures.cause(e).getMessage());
    }
  }
}
