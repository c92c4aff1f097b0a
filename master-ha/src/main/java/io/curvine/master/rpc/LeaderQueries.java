/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import com.google.protobuf.ByteString;
import io.curvine.master.jobs.JobWaiters;
import io.curvine.master.leader.Failures;
import io.curvine.master.query.Bounds;
import io.curvine.master.query.Found;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.read.ReadLease;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.Refused;
import io.curvine.master.sync.UfsLoader;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.CheckBlocks;
import io.curvine.protocol.proto.CheckBlocksReply;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.JobStates;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.proto.WaitJobs;
import io.curvine.protocol.rpc.RpcResponder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Answers queries on the leader, loading names and waiting for jobs where needed. Thread-safe. */
final class LeaderQueries {
  private static final int LOADS_OF_ONE_DIRECTORY_MAX = 3;
  private static final int JOBS_LISTED_MAX = 10_000;
  private static final long WAIT_MAX_MILLIS = 30_000;

  private final NodeView node;
  private final ReadLease lease;
  private final QuerySteps steps;
  private final UfsLoader loader;
  private final JobWaiters jobWaiters;
  private final Freshness freshness;

  LeaderQueries(
      NodeView node,
      ReadLease lease,
      QuerySteps steps,
      UfsLoader loader,
      JobWaiters jobWaiters,
      Freshness freshness) {
    this.freshness = freshness;
    this.node = node;
    this.lease = lease;
    this.steps = steps;
    this.loader = loader;
    this.jobWaiters = jobWaiters;
  }

  /** A question with its answer's way back. One thread at a time has it. */
  private static final class Asked {
    private final Query query;
    private final RpcResponder responder;
    private Map<Long, Integer> loads = Map.of();
    private Map<Long, CurvineException> unloadable = Map.of();

    /** A page of a directory is asked for whose names are being loaded; 0: of none. */
    private long listed;

    Asked(Query query, RpcResponder responder) {
      this.query = query;
      this.responder = responder;
    }

    Bounds bounds(UfsLoader loader) {
      if (listed != 0) {
        return Bounds.partly(listed, loader.loadedUpTo(listed));
      }
      return unloadable.isEmpty() ? Bounds.NONE : Bounds.without(unloadable);
    }

    void failed(long directory, CurvineException failure) {
      if (unloadable.isEmpty()) {
        unloadable = new HashMap<>();
      }
      unloadable.put(directory, failure);
    }

    boolean mayLoad(List<Long> directories) {
      if (loads.isEmpty()) {
        loads = new HashMap<>();
      }
      return directories.stream()
          .allMatch(id -> loads.merge(id, 1, Integer::sum) <= LOADS_OF_ONE_DIRECTORY_MAX);
    }
  }

  void handle(Query query, RpcResponder responder, boolean onEventLoop) {
    Asked asked = new Asked(query, responder);
    switch (query.getQueryCase()) {
      case WAIT_JOBS -> waitJobs(asked);
      case GET_CLUSTER_STATUS -> clusterStatus(asked);
      default -> {
        CompletableFuture<Void> comparisons = freshness.before(query);
        if (comparisons != null) {
          afterwards(comparisons, asked, () -> answer(asked));
        } else if (query.hasGetLayout() && query.getGetLayout().getRefresh()) {
          refreshFirst(asked);
        } else if (onEventLoop && QueryKinds.isBrief(query) && lease.holds()) {
          if (!answer(asked, QueryKinds.BRIEF)) {
            behindGate(responder, () -> answer(asked));
          }
        } else {
          behindGate(responder, () -> answer(asked));
        }
      }
    }
  }

  void checkBlocks(CheckBlocks request, RpcResponder responder) {
    behindGate(
        responder,
        () -> {
          QueryEngine queries = node.queries();
          CheckBlocksReply.Builder reply =
              queries.checkBlocks(request.getBlocksList(), request.getWorkerId());
          responder.respond(
              MasterResponse.newBuilder()
                  .setCheckBlocks(reply.setOffset(node.pong().getAppliedOffset()))
                  .build());
        });
  }

  private void behindGate(RpcResponder responder, Runnable run) {
    steps.after(lease.gate(), responder, passed -> run.run());
  }

  private void answer(Asked asked) {
    boolean unused = answer(asked, asked.bounds(loader));
  }

  /** False where the answer would go past the bounds. */
  private boolean answer(Asked asked, Bounds bounds) {
    Found found;
    try {
      found = node.queries().find(asked.query, bounds);
    } catch (NeedsUfs needs) {
      if (asked.query.hasBatchGetEntry()) {
        loadWhatCan(asked, needs.directories());
      } else if (asked.query.hasListDirectory()) {
        loadFurther(asked, needs.directories().get(0), bounds);
      } else {
        load(asked, needs, () -> answer(asked));
      }
      return true;
    }
    if (found != null) {
      asked.responder.respond(Responses.found(found));
    }
    return found != null;
  }

  private static void respond(Asked asked, QueryResult result) {
    asked.responder.respond(MasterResponse.newBuilder().setQuery(result).build());
  }

  private void load(Asked asked, NeedsUfs needs, Runnable then) {
    if (asked.mayLoad(needs.directories())) {
      afterwards(loader.load(needs.directories()), asked, then);
    } else {
      asked.responder.respond(Responses.failure(restless()));
    }
  }

  /** The answer is tried again as soon as further names are in the state. */
  private void loadFurther(Asked asked, long directory, Bounds bounds) {
    ByteString seen = bounds.partly().getOrDefault(directory, ByteString.EMPTY);
    asked.listed = directory;
    if (!seen.isEmpty() || asked.mayLoad(List.of(directory))) {
      afterwards(loader.loadPast(directory, seen), asked, () -> answer(asked));
    } else {
      asked.responder.respond(Responses.failure(restless()));
    }
  }

  private static CurvineException restless() {
    return new CurvineException(
        ErrorCode.UFS_ERROR, "the UFS directory does not come to rest; try later");
  }

  /** A directory that cannot be loaded is the outcome of the entries that need it. */
  private void loadWhatCan(Asked asked, List<Long> directories) {
    Map<Long, CompletableFuture<Void>> loads = new HashMap<>();
    for (long directory : directories) {
      loads.put(
          directory,
          asked.mayLoad(List.of(directory))
              ? loader.load(directory)
              : CompletableFuture.failedFuture(restless()));
    }
    CompletableFuture.allOf(loads.values().toArray(CompletableFuture<?>[]::new))
        .whenComplete(
            (done, failed) -> {
              loads.forEach(
                  (directory, load) ->
                      load.whenComplete(
                          (loaded, failure) -> {
                            if (failure != null) {
                              asked.failed(directory, Failures.asCurvine(failure));
                            }
                          }));
              behindGate(asked.responder, () -> answer(asked));
            });
  }

  private void afterwards(CompletableFuture<Void> first, Asked asked, Runnable then) {
    first.whenComplete(
        (done, failure) -> {
          if (failure == null) {
            behindGate(asked.responder, then);
          } else {
            asked.responder.respond(Responses.failure(failure));
          }
        });
  }

  private void refreshFirst(Asked asked) {
    behindGate(
        asked.responder,
        () -> {
          EntryRef at = asked.query.getGetLayout().getAt();
          try {
            Inode inode = node.queries().resolve(at);
            afterwards(loader.refresh(inode), asked, () -> answer(asked));
          } catch (Refused refused) {
            asked.responder.respond(Responses.refused(refused));
          } catch (NeedsUfs needs) {
            load(asked, needs, () -> refreshFirst(asked));
          }
        });
  }

  private void clusterStatus(Asked asked) {
    node.masters()
        .thenAccept(
            masters ->
                behindGate(
                    asked.responder,
                    () -> {
                      try {
                        Found found = node.queries().find(asked.query);
                        QueryResult.Builder result = found.result().toBuilder();
                        result.getClusterStatusBuilder().addAllMasters(masters);
                        respond(asked, result.build());
                      } catch (NeedsUfs needs) {
                        throw new IllegalStateException("the status names no entries", needs);
                      }
                    }));
  }

  private void waitJobs(Asked asked) {
    WaitJobs wait = asked.query.getWaitJobs();
    if (wait.getListAll()) {
      behindGate(
          asked.responder,
          () -> {
            JobStates.Builder states = JobStates.newBuilder();
            for (Job job : node.queries().unfinishedJobs(JOBS_LISTED_MAX, wait.getMountId())) {
              states.addJobs(
                  JobState.newBuilder()
                      .setJobId(job.getId())
                      .setError(job.getLastError())
                      .setJob(job));
            }
            respond(asked, result(states));
          });
      return;
    }
    long waitMillis = Math.min(Integer.toUnsignedLong(wait.getWaitMs()), WAIT_MAX_MILLIS);
    // Before the state is looked at, or a job that finishes in between would be missed.
    CompletableFuture<Void> finished = jobWaiters.await(wait.getJobIdsList());
    behindGate(
        asked.responder,
        () ->
            states(
                wait,
                states -> {
                  boolean all =
                      states.getJobsList().stream()
                          .allMatch(
                              job ->
                                  job.getFinished()
                                      || JobWaiters.isRefusal(job.getJob().getLastCode()));
                  if (all || waitMillis == 0) {
                    finished.cancel(false);
                    respond(asked, result(states));
                  } else {
                    finished
                        .completeOnTimeout(null, waitMillis, TimeUnit.MILLISECONDS)
                        .thenRun(() -> conclude(asked, wait));
                  }
                }));
  }

  private void conclude(Asked asked, WaitJobs wait) {
    behindGate(asked.responder, () -> states(wait, states -> respond(asked, result(states))));
  }

  private void states(WaitJobs wait, Consumer<JobStates.Builder> then) {
    JobStates.Builder states = JobStates.newBuilder();
    for (long job : wait.getJobIdsList()) {
      states.addJobs(node.queries().jobState(job));
    }
    then.accept(states);
  }

  private QueryResult result(JobStates.Builder states) {
    return QueryResult.newBuilder()
        .setOffset(node.pong().getAppliedOffset())
        .setJobs(states)
        .build();
  }
}
