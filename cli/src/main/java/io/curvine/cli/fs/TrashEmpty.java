/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.google.protobuf.ByteString;
import io.curvine.cli.output.Json;
import io.curvine.client.Trash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine trash empty}. */
@Command(
    name = "empty",
    description = "Delete for real what is in the trash.",
    mixinStandardHelpOptions = true)
final class TrashEmpty extends FsAction {
  @Parameters(
      paramLabel = "PATH",
      arity = "0..1",
      defaultValue = "/",
      description = "Only what was deleted there and below. Default: all.")
  private String path;

  @Override
  void runConnected() throws IOException {
    Trash trash = new Trash(namespace());
    List<Trash.Item> items = trash.list(ByteString.copyFromUtf8(RemotePath.parse(path).text()));
    int deleted = 0;
    for (Trash.Item item : items) {
      try {
        trash.delete(item);
        deleted++;
      } catch (IOException | UncheckedIOException e) {
        problem(e);
      }
    }
    print(Json.object().put("deleted", deleted), deleted + " deleted\n");
  }
}
