/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No look at a file runs beside another, a listing or a look alone that may see something else. */
@Timeout(60)
class FileLooksTest {
  private static final long DIRECTORY = 10;

  private final Turn turn = new Turn();
  private final Map<Long, CompletableFuture<Void>> listings = new HashMap<>();
  private final List<CompletableFuture<Void>> begun = new ArrayList<>();
  private final FileLooks looks = new FileLooks(this::look, file -> turn, listings::get);
  private final Inode file = file(11);

  private static Inode file(long id) {
    return Inode.newBuilder().setId(id).setParent(DIRECTORY).setMountId(1).build();
  }

  private CompletableFuture<Void> look(Inode inode) {
    CompletableFuture<Void> look = new CompletableFuture<>();
    begun.add(look);
    return look;
  }

  private CompletableFuture<Void> listing() {
    CompletableFuture<Void> listing = new CompletableFuture<>();
    listings.put(DIRECTORY, listing);
    return listing;
  }

  @Test
  void filesAreLookedAtBesideEachOther() {
    CompletableFuture<Void> one = looks.refresh(file);
    CompletableFuture<Void> other = looks.refresh(file(12));
    assertThat(begun).hasSize(2);
    begun.get(1).complete(null);
    assertThat(other).isCompleted();
    assertThat(one).isNotDone();
  }

  @Test
  void whoComesWhileAFileIsLookedAtWaitsForOneMoreLook() {
    CompletableFuture<Void> first = looks.refresh(file);
    CompletableFuture<Void> second = looks.refresh(file);
    CompletableFuture<Void> third = looks.refresh(file);
    assertThat(begun).hasSize(1);
    begun.get(0).complete(null);
    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    assertThat(begun).hasSize(2);
    begun.get(1).complete(null);
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(begun).hasSize(2);
  }

  @Test
  void aFailureIsOfThoseWhoWaitedForIt() {
    CompletableFuture<Void> first = looks.refresh(file);
    CompletableFuture<Void> second = looks.refresh(file);
    CurvineException failure = new CurvineException(ErrorCode.UFS_UNREACHABLE, "away");
    begun.get(0).completeExceptionally(failure);
    assertThat(first).isCompletedExceptionally();
    begun.get(1).complete(null);
    assertThat(second).isCompleted();
  }

  @Test
  void aLookAloneComesBeforeOrAfter() {
    turn.lock();
    CompletableFuture<Void> refresh = looks.refresh(file);
    assertThat(begun).isEmpty();
    turn.unlock();
    assertThat(begun).hasSize(1);
    CompletableFuture<Void> alone = CompletableFuture.runAsync(turn::lock);
    assertThat(alone).isNotDone();
    begun.get(0).complete(null);
    assertThat(refresh).isCompleted();
    assertThat(alone.join()).isNull();
  }

  @Test
  void aListingThatMayBeOlderIsWaitedFor() {
    CompletableFuture<Void> listing = listing();
    CompletableFuture<Void> refresh = looks.refresh(file);
    assertThat(begun).isEmpty();
    listings.clear();
    listing.complete(null);
    assertThat(begun).hasSize(1);
    begun.get(0).complete(null);
    assertThat(refresh).isCompleted();
  }

  @Test
  void aListingThatBeganLaterIsAsGoodAsALook() {
    CompletableFuture<Void> listing = listing();
    CompletableFuture<Void> refresh = looks.refresh(file);
    CompletableFuture<Void> next = listing();
    listing.complete(null);
    assertThat(begun).isEmpty();
    next.complete(null);
    assertThat(refresh).isCompleted();
    assertThat(begun).isEmpty();
  }

  @Test
  void aListingWaitsForLooksAtFilesOfItsDirectory() {
    assertThat(looks.ended(DIRECTORY)).isCompleted();
    CompletableFuture<Void> unused = looks.refresh(file);
    CompletableFuture<Void> ended = looks.ended(DIRECTORY);
    assertThat(ended).isNotDone();
    assertThat(looks.ended(99)).isCompleted();
    begun.get(0).completeExceptionally(new IllegalStateException("any"));
    assertThat(ended).isCompleted();
    assertThat(looks.ended(DIRECTORY)).isCompleted();
  }
}
