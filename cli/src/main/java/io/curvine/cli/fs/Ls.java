/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.config.Units;
import io.curvine.cli.output.JsonRows;
import io.curvine.cli.output.Table;
import io.curvine.client.Namespace;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs ls}. */
@Command(name = "ls", description = "List directories.", mixinStandardHelpOptions = true)
final class Ls extends PastAction {
  /** That are held to give columns their widths. */
  private static final int ROWS_MAX = 1_000;

  @Option(names = "-l", description = "With attributes.")
  private boolean attributes;

  @Option(names = "-R", description = "And all below.")
  private boolean recursive;

  @Option(names = "-d", description = "The directory itself, not what is in it.")
  private boolean itself;

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = {"As it was.", Moments.HELP})
  private String at;

  @Parameters(paramLabel = "PATH", arity = "0..*", defaultValue = "/", description = "Default: /")
  private List<String> paths;

  private final Accounts users = Accounts.users();
  private final Accounts groups = Accounts.groups();
  private JsonRows json;
  private Namespace tree;

  @Override
  void runConnected() throws IOException {
    tree = at == null ? namespace() : past("--at", at).namespace();
    json = new JsonRows(out());
    each(paths, this::list);
    if (global().json()) {
      json.end();
    }
  }

  private void list(RemotePath path) throws IOException {
    Inode inode = tree.get(path.ref(), !attributes || !itself).getInode();
    if (itself || inode.getType() != InodeType.DIRECTORY) {
      Rows rows = new Rows();
      rows.add(path.text(), path.text(), inode);
      rows.end();
      return;
    }
    directory(path, recursive || paths.size() > 1);
  }

  /** What is below is listed when all of this is shown, by reading its names once more. */
  private void directory(RemotePath path, boolean heading) throws IOException {
    if (heading && !global().json()) {
      out().println(path + ":");
    }
    boolean below = false;
    Rows rows = new Rows();
    for (Entry entry : tree.entries(path.ref())) {
      String name = entry.getName().toStringUtf8();
      rows.add(name, path.child(name).text(), entry.getInode());
      below |= entry.getInode().getType() == InodeType.DIRECTORY;
    }
    rows.end();
    if (heading && !global().json()) {
      out().println();
    }
    if (recursive && below) {
      for (Entry entry : tree.entries(path.ref())) {
        if (entry.getInode().getType() == InodeType.DIRECTORY) {
          directory(path.child(entry.getName().toStringUtf8()), true);
        }
      }
    }
  }

  /** What is shown of one directory, as its pages come. */
  private final class Rows {
    private final Table table =
        new Table("MODE", ">LINKS", "OWNER", "GROUP", ">SIZE", "MODIFIED", "NAME");

    void add(String name, String path, Inode inode) {
      if (global().json()) {
        json.add(Show.json(path, inode));
      } else if (attributes) {
        addTo(table, name, inode);
        if (table.waiting() >= ROWS_MAX) {
          out().print(table.drain());
        }
      } else {
        out().println(name);
      }
    }

    void end() {
      if (!table.isEmpty()) {
        out().print(table.drain());
      }
    }
  }

  private void addTo(Table table, String name, Inode inode) {
    boolean directory = inode.getType() == InodeType.DIRECTORY;
    table.row(
        Show.mode(inode),
        inode.getNlink(),
        users.name(inode.getUid()),
        groups.name(inode.getGid()),
        directory ? "-" : Show.device(inode).orElse(Units.showBytes(inode.getLengthBytes())),
        Show.time(inode.getMtimeNanos()),
        name + Show.target(inode));
  }
}
