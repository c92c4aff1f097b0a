/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import io.curvine.client.AttributeChange;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs chown}. */
@Command(name = "chown", description = "Change owner and group.", mixinStandardHelpOptions = true)
final class Chown extends FsAction {
  @Option(names = "-R", description = "And of all below.")
  private boolean recursive;

  @Parameters(
      index = "0",
      paramLabel = "OWNER[:GROUP]",
      description = "Names or numbers; :GROUP alone.")
  private String owner;

  @Parameters(index = "1..*", paramLabel = "PATH", arity = "1..*", description = "Of these.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    AttributeChange change = parse(owner);
    each(
        paths,
        path -> {
          if (recursive) {
            Tree.walk(
                namespace(),
                path,
                true,
                (each, inode) -> namespace().setAttributes(each.ref(), change));
          } else {
            namespace().setAttributes(path.ref(), change);
          }
        });
  }

  private static AttributeChange parse(String owner) throws CliException {
    int colon = owner.indexOf(':');
    String user = colon < 0 ? owner : owner.substring(0, colon);
    String group = colon < 0 ? "" : owner.substring(colon + 1);
    AttributeChange change = AttributeChange.none();
    if (!user.isEmpty()) {
      change = change.uid(Accounts.users().number(user));
    }
    if (!group.isEmpty()) {
      change = change.gid(Accounts.groups().number(group));
    }
    if (change.isEmpty()) {
      throw new CliException("owner is '" + owner + "'; allowed: OWNER, OWNER:GROUP or :GROUP");
    }
    return change;
  }
}
