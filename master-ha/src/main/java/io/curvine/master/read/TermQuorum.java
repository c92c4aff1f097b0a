/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ConfirmTerm;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Asks the masters whether their term is still a leader's own. Each answers from its own Raft state
 * (see {@link ReadLease} for what follows from that). Thread-safe; answers come on the RPC client's
 * thread.
 */
public final class TermQuorum {
  /** As the round is: who was asked in vain is asked again by the next. */
  private static final Duration ANSWER_MAX = Duration.ofSeconds(2);

  private final String self;
  private final Supplier<String> group;
  private final Supplier<List<Set<String>>> voters;
  private final Function<String, Optional<HostPort>> addresses;
  private final RpcClient client;

  /**
   * Nothing is asked yet.
   *
   * @param self id of this master
   * @param group of the masters, see {@link ConfirmTerm}
   * @param voters sets of ids, of each of which a majority has to confirm
   * @param addresses RPC address of the master with an id; empty of one that has just left
   */
  public TermQuorum(
      String self,
      Supplier<String> group,
      Supplier<List<Set<String>>> voters,
      Function<String, Optional<HostPort>> addresses,
      RpcClient client) {
    this.self = self;
    this.group = group;
    this.voters = voters;
    this.addresses = addresses;
    this.client = client;
  }

  /**
   * Completes when a majority has confirmed the term after this call, counting this master, whose
   * own term its caller compares. Fails with NOT_READY when no majority can any more.
   */
  public CompletableFuture<Void> confirm(long term) {
    Round round = new Round(voters.get(), term);
    round.ask();
    return round.outcome;
  }

  private final class Round {
    private final List<Set<String>> groups;
    private final long term;
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();
    private final Set<String> confirmed = new TreeSet<>();
    private final Set<String> open = new TreeSet<>();
    private final List<String> against = new ArrayList<>();

    Round(List<Set<String>> groups, long term) {
      this.groups = groups;
      this.term = term;
      groups.forEach(open::addAll);
    }

    void ask() {
      Set<String> others = open.stream().filter(id -> !id.equals(self)).collect(Collectors.toSet());
      answered(self, open.contains(self) ? null : "is no voter");
      MasterRequest request =
          MasterRequest.newBuilder()
              .setConfirmTerm(ConfirmTerm.newBuilder().setGroup(group.get()).setTerm(term))
              .build();
      for (String id : others) {
        Optional<HostPort> address = addresses.apply(id);
        if (address.isPresent()) {
          client
              .call(address.get(), request, ANSWER_MAX)
              .whenComplete((answer, failure) -> answered(id, objection(id, answer, failure)));
        } else {
          answered(id, "is no member any more");
        }
      }
    }

    /** Why an answer does not count; null where it does. */
    private String objection(String id, MasterResponse answer, Throwable failure) {
      if (failure != null) {
        return failure.toString();
      }
      if (answer.getCode() != ErrorCode.OK || !answer.hasTermConfirmed()) {
        return "answers " + answer.getCode() + ", " + answer.getMessage();
      }
      if (!answer.getTermConfirmed().getNodeId().equals(id)) {
        return "is master '" + answer.getTermConfirmed().getNodeId() + "'";
      }
      return answer.getTermConfirmed().getTerm() == term
          ? null
          : "is in term " + answer.getTermConfirmed().getTerm();
    }

    private void answered(String id, String objection) {
      boolean passed;
      boolean lost;
      synchronized (this) {
        open.remove(id);
        if (objection == null) {
          confirmed.add(id);
        } else {
          against.add(id + " " + objection);
        }
        passed = groups.stream().allMatch(group -> majority(group, confirmed));
        lost = !passed && open.isEmpty();
      }
      if (passed) {
        outcome.complete(null);
      } else if (lost) {
        outcome.completeExceptionally(
            new CurvineException(
                ErrorCode.NOT_READY,
                "no majority of the masters confirms term " + term + ": " + against));
      }
    }
  }

  private static boolean majority(Set<String> group, Set<String> confirmed) {
    return 2 * group.stream().filter(confirmed::contains).count() > group.size();
  }
}
