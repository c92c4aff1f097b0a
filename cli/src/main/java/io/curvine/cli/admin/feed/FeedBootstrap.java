/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.feed;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.proto.MasterStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine-admin feed bootstrap}. */
@Command(
    name = "bootstrap",
    description = {
      "List every entry of the namespace as it is at one offset of the journal, for a consumer that begins",
      "or has lost its place: it goes on with curvine.changes from that offset. One line of JSON each: first",
      "the offset, then the entries, a directory before what it holds, and at the end how many they were.",
      "The same as GET /feed/bootstrap at a master's HTTP port."
    },
    mixinStandardHelpOptions = true)
public final class FeedBootstrap extends Action {
  private static final int CONNECT_MAX_MS = 2_000;
  private static final int LINES_BETWEEN_FLUSHES = 1_000;

  @Option(
      names = "--master",
      paramLabel = "ID",
      description = "Which master lists what it has. Default: the leader.")
  private String master;

  @Override
  protected void run() throws IOException {
    MasterStatus from;
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      from = client.master(master);
    }
    if (from.getHttp().isEmpty()) {
      throw new CliException("master " + from.getNodeId() + " has no HTTP port");
    }
    URI page = URI.create("http://" + from.getHttp() + "/feed/bootstrap");
    HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MAX_MS);
    try {
      if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new CliException(page + " answers " + connection.getResponseMessage());
      }
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
        copy(lines, page);
      }
    } finally {
      connection.disconnect();
    }
  }

  private void copy(BufferedReader lines, URI page) throws IOException {
    String last = "";
    long count = 0;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      out().println(line);
      last = line;
      if (++count % LINES_BETWEEN_FLUSHES == 0) {
        requireWritten();
      }
    }
    requireWritten();
    if (!isEnd(last)) {
      throw new CliException(page + " ended before the listing did; begin again");
    }
  }

  private static boolean isEnd(String line) {
    try {
      return !line.isEmpty() && Json.parse(line).path("end").asBoolean();
    } catch (IOException e) {
      return false; // Half a line.
    }
  }

  private void requireWritten() throws CliException {
    if (out().checkError()) {
      throw new CliException("standard output takes no more");
    }
  }
}
