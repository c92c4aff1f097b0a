/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Failures;
import io.curvine.master.past.Past;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ComparePasts;
import io.curvine.protocol.proto.ComparisonPage;
import io.curvine.protocol.proto.Difference;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.LookBack;
import io.curvine.protocol.proto.LookBackReply;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.OpenPast;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.QueryPast;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Answers on the leader who looks back, on threads of its own. Thread-safe. */
public final class LookBackService {
  private static final long WAIT_MAX_MILLIS = 10_000;

  /** At the same time. */
  public static final int COMPARISONS_MAX = 2;

  private static final int PAGE_MAX = 1_000;

  private static final String BUSY = "too many look back already; try later";

  private final Past past;
  private final Executor threads;
  private final Executor comparing;
  private final RecentWork<List<Difference>> comparisons = new RecentWork<>(COMPARISONS_MAX);

  /**
   * @param threads bounded; they read files
   * @param comparing as many threads as comparisons; those take long
   */
  public LookBackService(Past past, Executor threads, Executor comparing) {
    this.past = past;
    this.threads = threads;
    this.comparing = comparing;
  }

  void handle(LookBack request, RpcResponder responder) {
    Principal principal = request.getPrincipal();
    switch (request.getRequestCase()) {
      case OPEN_PAST -> open(request.getOpenPast(), responder);
      case QUERY_PAST -> answer(later(() -> query(request.getQueryPast(), principal)), responder);
      case FETCH_HISTORY ->
          answer(
              later(
                  () ->
                      reply(
                          LookBackReply.newBuilder()
                              .setHistory(past.history(request.getFetchHistory(), principal)))),
              responder);
      case COMPARE_PASTS -> compare(request.getComparePasts(), principal, responder);
      case REQUEST_NOT_SET ->
          responder.respond(
              Responses.of(
                  ErrorCode.UNSUPPORTED,
                  "the request is of a kind that this master does not know"));
    }
  }

  private void open(OpenPast request, RpcResponder responder) {
    answer(
        later(() -> past.open(request))
            .thenCompose(state -> state)
            .thenApply(state -> reply(LookBackReply.newBuilder().setPastState(state))),
        responder);
  }

  private MasterResponse query(QueryPast request, Principal principal) throws IOException {
    var found = past.query(request, principal);
    if (found.isEmpty()) {
      return closed(request.getOffset());
    }
    return found.get().refused() != null
        ? Responses.refused(found.get().refused())
        : reply(LookBackReply.newBuilder().setQuery(found.get().result()));
  }

  private MasterResponse closed(long offset) throws IOException {
    return reply(LookBackReply.newBuilder().setPastState(past.closed(offset)));
  }

  /** One of the states is not open: another comparison can be begun when it is. */
  private static final class NotOpen extends IOException {
    private static final long serialVersionUID = 1;
  }

  private void compare(ComparePasts request, Principal principal, RpcResponder responder) {
    String name =
        request.getRequest().isEmpty()
            ? ""
            : request.getRequest() + "/" + Integer.toUnsignedString(principal.getUid());
    CompletableFuture<List<Difference>> compared =
        comparisons.joinOrBegin(
            name,
            wanted ->
                BlockingWork.begin(
                    comparing,
                    BUSY,
                    () ->
                        past.compare(request, principal, wanted.pace(0))
                            .orElseThrow(NotOpen::new)));
    long waitMillis = Math.min(Integer.toUnsignedLong(request.getWaitMs()), WAIT_MAX_MILLIS);
    compared
        .thenApply(found -> page(found, request.getSkip()))
        .completeOnTimeout(ComparisonPage.getDefaultInstance(), waitMillis, TimeUnit.MILLISECONDS)
        .whenComplete(
            (page, failure) -> {
              if (failure == null) {
                if (page.getFinished() && !page.getMore()) {
                  comparisons.forget(name);
                }
                responder.respond(reply(LookBackReply.newBuilder().setComparison(page)));
              } else if (Failures.cause(failure) instanceof NotOpen) {
                answer(later(() -> closed(request.getFromOffset())), responder);
              } else {
                responder.respond(Responses.failure(failure));
              }
            });
  }

  private static ComparisonPage page(List<Difference> all, int skip) {
    ComparisonPage.Builder page = ComparisonPage.newBuilder().setFinished(true);
    long bytes = 0;
    int at = skip < 0 ? all.size() : Math.min(skip, all.size());
    while (at < all.size()
        && page.getDifferencesCount() < PAGE_MAX
        && bytes < Limits.LIST_PAGE_MAX_BYTES) {
      Difference next = all.get(at++);
      bytes += next.getSerializedSize();
      page.addDifferences(next);
    }
    return page.setMore(at < all.size()).build();
  }

  private <T> CompletableFuture<T> later(BlockingWork<T> work) {
    return BlockingWork.begin(threads, BUSY, work);
  }

  private static MasterResponse reply(LookBackReply.Builder reply) {
    return MasterResponse.newBuilder().setLookBack(reply).build();
  }

  private static void answer(CompletableFuture<MasterResponse> done, RpcResponder responder) {
    done.whenComplete(
        (response, failure) ->
            responder.respond(failure == null ? response : Responses.failure(failure)));
  }
}
