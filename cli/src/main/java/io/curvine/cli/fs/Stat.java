/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.output.Json;
import io.curvine.protocol.proto.Inode;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine fs stat}. */
@Command(name = "stat", description = "Print all attributes.", mixinStandardHelpOptions = true)
final class Stat extends FsAction {
  private static final int LABEL_WIDTH = 16;

  @Option(names = "-L", description = "Of what a symbolic link points to.")
  private boolean follow;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Of these.")
  private List<String> paths;

  @Override
  void runConnected() throws IOException {
    ArrayNode all = Json.array();
    each(
        paths,
        path -> {
          Inode inode = namespace().get(path.ref(), follow).getInode();
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
