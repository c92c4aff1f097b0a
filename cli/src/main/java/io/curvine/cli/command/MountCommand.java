/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.policy.PolicyOptions;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.UfsFinding;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine mount}. */
@Command(
    name = "mount",
    description = {
      "Bind a UFS location to a path of the namespace.",
      "mount UFS PATH makes a mount; mount --check UFS tries a location and mounts nothing;"
          + " mount --update PATH changes a mount that is there."
    },
    mixinStandardHelpOptions = true)
public final class MountCommand extends Action {
  @Parameters(
      index = "0",
      paramLabel = "UFS",
      description =
          "A URI (s3://bucket/prefix, hdfs://host:8020/directory), or a directory; with --update the PATH.")
  private String first;

  @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "In the namespace.")
  private String path;

  @Option(
      names = "--check",
      description =
          "Mount nothing: have the leader list, read, write, rename and delete there, and say what"
              + " is missing. It leaves nothing behind.")
  private boolean check;

  @Option(
      names = "--update",
      description =
          "Change the mount at PATH: the options that are given; the rest stays, secrets too.")
  private boolean update;

  @Mixin private MountOptions settings = new MountOptions();

  @Mixin private PolicyOptions policy = new PolicyOptions();

  @Override
  protected void run() throws IOException {
    if (check && update) {
      throw usage("--check and --update are given; allowed: one of them");
    }
    if (path == null && !check && !update) {
      throw usage("Missing required parameter: 'PATH'");
    }
    if (path != null && (check || update)) {
      throw usage(
          "'"
              + path
              + "' is given after '"
              + first
              + "'; allowed: one argument with --check (a UFS) and --update (a path)");
    }
    try {
      if (update) {
        update(settings.change(policy.change()));
      } else if (check) {
        check(settings.mount().setUri(UfsLocation.uri(first)).build());
      } else {
        mount(settings.mount().setPath(path).setUri(UfsLocation.uri(first)).build());
      }
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private void mount(Mount mount) throws IOException {
    Policy ofRoot = policy.policy();
    try (CurvineClient client = connect()) {
      Mount made = client.namespace().mount(mount, ofRoot);
      print(MountsCommand.json(made), "mounted " + made.getUri() + " at " + made.getPath() + "\n");
    }
  }

  private void update(MountChange change) throws IOException {
    try (CurvineClient client = connect()) {
      Mount now = client.namespace().updateMount(first, change);
      print(MountsCommand.json(now), "updated " + now.getPath() + " of " + now.getUri() + "\n");
    }
  }

  private void check(Mount mount) throws IOException {
    try (CurvineClient client = connect()) {
      List<UfsFinding> findings = client.namespace().checkUfs(mount);
      print(UfsFindings.json(mount.getUri(), findings), UfsFindings.text(findings));
      if (!UfsFindings.usable(findings)) {
        problem(new CliException(mount.getUri() + " lacks what such a mount needs"));
      }
    }
  }
}
