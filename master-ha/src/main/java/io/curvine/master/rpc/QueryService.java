/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.jobs.JobWaiters;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.Refused;
import io.curvine.master.sync.UfsLoader;
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
final class QueryService {
  private static final int LOADS_OF_ONE_DIRECTORY_MAX = 3;
  private static final int JOBS_LISTED_MAX = 10_000;
  private static final long WAIT_MAX_MILLIS = 30_000;

  private final NodeView node;
  private final QueryPool pool;
  private final UfsLoader loader;
  private final JobWaiters jobWaiters;

  QueryService(NodeView node, QueryPool pool, UfsLoader loader, JobWaiters jobWaiters) {
    this.node = node;
    this.pool = pool;
    this.loader = loader;
    this.jobWaiters = jobWaiters;
  }

  /** A question with its answer's way back. */
  private record Asked(Query query, RpcResponder responder, Map<Long, Integer> loads) {
    boolean mayLoad(List<Long> directories) {
      return directories.stream()
          .allMatch(id -> loads.merge(id, 1, Integer::sum) <= LOADS_OF_ONE_DIRECTORY_MAX);
    }
  }

  void handle(Query query, RpcResponder responder) {
    Asked asked = new Asked(query, responder, new HashMap<>());
    switch (query.getQueryCase()) {
      case WAIT_JOBS -> waitJobs(asked);
      case GET_CLUSTER_STATUS -> clusterStatus(asked);
      case GET_LAYOUT -> {
        if (query.getGetLayout().getRefresh()) {
          refreshFirst(asked);
        } else {
          behindGate(responder, () -> answer(asked));
        }
      }
      default -> behindGate(responder, () -> answer(asked));
    }
  }

  void checkBlocks(CheckBlocks request, RpcResponder responder) {
    behindGate(
        responder,
        () -> {
          QueryEngine queries = node.queries();
          CheckBlocksReply.Builder reply =
              CheckBlocksReply.newBuilder()
                  .addAllVerdicts(queries.verdicts(request.getBlocksList()));
          responder.respond(
              MasterResponse.newBuilder()
                  .setCheckBlocks(reply.setOffset(node.pong().getAppliedOffset()))
                  .build());
        });
  }

  private void behindGate(RpcResponder responder, Runnable run) {
    boolean taken =
        pool.offer(new QueryPool.Task(run, failure -> responder.respond(notPassed(failure))));
    if (!taken) {
      responder.respond(Responses.busy("queries"));
    }
  }

  /** The gate fails when the leadership does; a failure of the query itself is internal. */
  private MasterResponse notPassed(Throwable failure) {
    if (!node.leading()) {
      return Responses.notLeader(node);
    }
    return failure instanceof java.util.concurrent.TimeoutException
        ? Responses.of(ErrorCode.NOT_READY, "no majority of the masters answers")
        : Responses.failure(failure);
  }

  private void answer(Asked asked) {
    try {
      respond(asked, node.queries().query(asked.query));
    } catch (Refused refused) {
      asked.responder.respond(Responses.refused(refused));
    } catch (NeedsUfs needs) {
      load(asked, needs, () -> answer(asked));
    }
  }

  private static void respond(Asked asked, QueryResult result) {
    asked.responder.respond(MasterResponse.newBuilder().setQuery(result).build());
  }

  private void load(Asked asked, NeedsUfs needs, Runnable then) {
    if (!asked.mayLoad(needs.directories())) {
      asked.responder.respond(
          Responses.of(ErrorCode.UFS_ERROR, "the UFS directory does not come to rest; try later"));
      return;
    }
    afterwards(loader.load(needs.directories()), asked, then);
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
                        QueryResult.Builder result = node.queries().query(asked.query).toBuilder();
                        result.getClusterStatusBuilder().addAllMasters(masters);
                        respond(asked, result.build());
                      } catch (Refused refused) {
                        asked.responder.respond(Responses.refused(refused));
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
            for (Job job : node.queries().unfinishedJobs(JOBS_LISTED_MAX)) {
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
                  boolean all = states.getJobsList().stream().allMatch(JobState::getFinished);
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
