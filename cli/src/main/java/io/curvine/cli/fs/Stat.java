/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.client.Namespace;
import io.curvine.protocol.proto.Inode;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs stat}. */
@Command(name = "stat", description = "Print all attributes.", mixinStandardHelpOptions = true)
final class Stat extends PastAction {
  private static final int LABEL_WIDTH = 16;

  @Option(names = "-L", description = "Of what a symbolic link points to.")
  private boolean follow;

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = {"As it was.", Moments.HELP})
  private String at;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Of these.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    Namespace tree = at == null ? namespace() : past("--at", at).namespace();
    ArrayNode all = Json.array();
    each(
        paths,
        path -> {
          Inode inode = tree.get(path.ref(), follow).getInode();
          all.add(Show.json(path.text(), inode));
        });
    StringBuilder text = new StringBuilder();
    all.forEach(
        json ->
            ((ObjectNode) json)
                .properties()
                .forEach(
                    each ->
                        text.append(each.getKey())
                            .append(" ".repeat(LABEL_WIDTH - each.getKey().length()))
                            .append(each.getValue().asText())
                            .append('\n')));
    print(paths.size() == 1 && all.size() == 1 ? all.get(0) : all, text.toString());
  }
}
