/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Table;
import io.curvine.client.Namespace;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs ls}. */
@Command(name = "ls", description = "List directories.", mixinStandardHelpOptions = true)
final class Ls extends PastAction {
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
  private final ArrayNode json = Json.array();
  private Namespace tree;

  @Override
  void runConnected() throws IOException {
    tree = at == null ? namespace() : past("--at", at).namespace();
    each(paths, this::list);
    if (global().json()) {
      out().println(Json.document(json));
    }
  }

  private void list(RemotePath path) throws IOException {
    Inode inode = tree.get(path.ref(), !attributes || !itself).getInode();
    if (itself || inode.getType() != InodeType.DIRECTORY) {
      show(List.of(new Shown(path.text(), path.text(), inode)));
      return;
    }
    directory(path, recursive || paths.size() > 1);
  }

  private void directory(RemotePath path, boolean heading) throws IOException {
    if (heading && !global().json()) {
      out().println(path + ":");
    }
    List<RemotePath> below = new ArrayList<>();
    List<Shown> rows = new ArrayList<>();
    for (Entry entry : tree.entries(path.ref())) {
      String name = entry.getName().toStringUtf8();
      rows.add(new Shown(name, path.child(name).text(), entry.getInode()));
      if (recursive && entry.getInode().getType() == InodeType.DIRECTORY) {
        below.add(path.child(name));
      }
      if (!attributes) {
        show(rows); // as the pages come
        rows.clear();
      }
    }
    show(rows);
    if (heading && !global().json()) {
      out().println();
    }
    for (RemotePath child : below) {
      directory(child, true);
    }
  }

  private void show(List<Shown> rows) {
    if (global().json()) {
      rows.forEach(row -> json.add(Show.json(row.path(), row.inode())));
    } else if (!attributes) {
      rows.forEach(row -> out().println(row.name()));
    } else if (!rows.isEmpty()) {
      Table table = new Table("MODE", ">LINKS", "OWNER", "GROUP", ">SIZE", "MODIFIED", "NAME");
      rows.forEach(row -> addTo(table, row));
      out().print(table.render());
    }
  }

  private void addTo(Table table, Shown row) {
    Inode inode = row.inode();
    boolean directory = inode.getType() == InodeType.DIRECTORY;
    table.row(
        Show.mode(inode),
        inode.getNlink(),
        users.name(inode.getUid()),
        groups.name(inode.getGid()),
        directory ? "-" : Units.showBytes(inode.getLengthBytes()),
        Show.time(inode.getMtimeNanos()),
        row.name() + Show.target(inode));
  }

  private record Shown(String name, String path, Inode inode) {}
}
