/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.doctor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** {@code curvine-admin doctor}. */
@Command(
    name = "doctor",
    description = {
      "Look at every master, worker and consumer, and at changes that a UFS did not take as they were,",
      "and say what is unhealthy and what to do about it.",
      "The exit code is 1 where something is an error; a warning does not count."
    },
    mixinStandardHelpOptions = true)
public final class DoctorCommand extends Action {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Override
  protected void run() throws IOException {
    List<Finding> found = new ArrayList<>();
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      MasterList masters = client.masters();
      found.addAll(MasterChecks.all(masters));
      if (masters.getMastersList().stream().anyMatch(DoctorCommand::leads)) {
        found.addAll(feed(client));
        found.addAll(workersAndJobs());
      }
    }
    found.sort((one, two) -> one.level().compareTo(two.level()));
    long errors = found.stream().filter(each -> each.level() == Finding.Level.ERROR).count();
    print(json(found), text(found));
    if (errors > 0) {
      problem(new CliException(errors + (errors == 1 ? " error" : " errors")));
    }
  }

  private static List<Finding> feed(AdminClient client) {
    try {
      return FeedChecks.all(client.feedState(System.nanoTime() + PATIENCE_NANOS));
    } catch (IOException e) {
      return List.of(unanswered("feed", e));
    }
  }

  private List<Finding> workersAndJobs() {
    try (CurvineClient cluster = connect()) {
      List<Finding> found = new ArrayList<>(WorkerChecks.all(cluster.namespace().status()));
      found.addAll(jobs(cluster));
      return found;
    } catch (IOException e) {
      return List.of(unanswered("cluster", e));
    }
  }

  private static List<Finding> jobs(CurvineClient cluster) {
    try {
      return JobChecks.all(cluster.namespace());
    } catch (IOException e) {
      return List.of(unanswered("jobs", e));
    }
  }

  private static Finding unanswered(String subject, IOException failure) {
    return Finding.error(
        subject,
        "the leader does not say how it is: " + failure.getMessage(),
        "look at the leader's log; 'quorum step-down' lets another master lead");
  }

  private static boolean leads(MasterStatus master) {
    return master.getRole().equals("leader");
  }

  private static ObjectNode json(List<Finding> found) {
    ObjectNode json = Json.object();
    ArrayNode findings = json.putArray("findings");
    for (Finding each : found) {
      findings
          .addObject()
          .put("level", each.level().text())
          .put("subject", each.subject())
          .put("what", each.what())
          .put("advice", each.advice());
    }
    return json;
  }

  private static String text(List<Finding> found) {
    if (found.isEmpty()) {
      return "all is well\n";
    }
    StringBuilder text = new StringBuilder();
    for (Finding each : found) {
      text.append(each.level().text()).append(": ").append(each.subject()).append(": ");
      text.append(each.what()).append("\n    ").append(each.advice()).append('\n');
    }
    return text.toString();
  }
}
