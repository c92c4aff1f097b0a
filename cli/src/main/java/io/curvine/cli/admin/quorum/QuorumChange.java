/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.quorum;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.master.Peer;
import io.curvine.master.members.MemberProtos;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.MasterAddress;
import io.curvine.protocol.proto.MastersChanged;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** A command that changes who the masters are; it ends when the change is in force. */
abstract class QuorumChange extends Action {
  private static final int WAIT_MS = 2_000;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "How long to wait; the change may go on after it. Asking again does no harm."
              + " Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  /** What to ask the leader. */
  abstract ChangeMasters.Builder change() throws CliException;

  /** What is true afterwards, for people. */
  abstract String done();

  @Override
  protected final void run() throws IOException {
    ChangeMasters change =
        change().setWaitMs(WAIT_MS).setRequest(UUID.randomUUID().toString()).build();
    AdminRequest request = AdminRequest.newBuilder().setChangeMasters(change).build();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(timeoutSeconds);
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      MastersChanged changed;
      do {
        changed = client.leader(request, deadline).getMastersChanged();
      } while (!changed.getFinished() && System.nanoTime() - deadline < 0);
      if (!changed.getFinished()) {
        throw new CliException(
            "not done in "
                + timeoutSeconds
                + " s and still going on; 'curvine-admin quorum status' shows it");
      }
      report(changed);
    }
  }

  private void report(MastersChanged changed) {
    ObjectNode json = Json.object().put("changed", changed.getChanged());
    ArrayNode warnings = json.putArray("warnings");
    changed.getWarningsList().forEach(warnings::add);
    ArrayNode masters = json.putArray("masters");
    changed.getGroup().getMembersList().forEach(each -> masters.add(each.getAddress().getId()));
    changed.getWarningsList().forEach(warning -> err().println("curvine-admin: " + warning));
    String names =
        changed.getGroup().getMembersList().stream()
            .map(each -> each.getAddress().getId())
            .collect(Collectors.joining(", "));
    print(json, (changed.getChanged() ? done() + "; " : "") + "the masters are " + names + "\n");
  }

  /** Reads {@code m4=host:9095:8995:9195:9295}. */
  static MasterAddress address(String option, String text) throws CliException {
    try {
      return MemberProtos.address(Peer.parse(text));
    } catch (IllegalArgumentException e) {
      throw new CliException(option + " is " + e.getMessage(), e);
    }
  }
}
