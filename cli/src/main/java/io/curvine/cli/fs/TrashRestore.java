/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.google.protobuf.ByteString;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.client.Trash;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine trash restore}. */
@Command(
    name = "restore",
    description = {
      "Bring back what is in the trash. Directories above it that are gone are made.",
      "Refused where something is there by now."
    },
    mixinStandardHelpOptions = true)
final class TrashRestore extends FsAction {
  @Option(
      names = "--to",
      paramLabel = "PATH",
      description = "Bring it back there, in the same mount. Default: where it was.")
  private String to;

  @Parameters(
      paramLabel = "PATH",
      description =
          "Where it was, or where it is in the trash; of several that were at one place, the last.")
  private String path;

  @Override
  void runConnected() throws IOException {
    Trash trash = new Trash(namespace());
    Trash.Item item = trash.find(bytes(path));
    ByteString target = to == null ? item.origin() : bytes(to);
    trash.restore(item, target);
    print(Json.object().put("path", target.toStringUtf8()), Printable.of(target) + " is back\n");
  }

  private static ByteString bytes(String path) throws IOException {
    return ByteString.copyFromUtf8(RemotePath.parse(path).text());
  }
}
