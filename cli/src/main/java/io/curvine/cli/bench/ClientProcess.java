/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that takes orders, as its parent sees it; it ends with this process. Not thread-safe.
 */
public final class ClientProcess implements AutoCloseable {
  private static final long STOP_MAX_SECONDS = 10;

  private final Process process;
  private final BufferedWriter to;
  private final BufferedReader from;

  private ClientProcess(Process process) {
    this.process = process;
    this.to =
        new BufferedWriter(
            new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    this.from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts one; {@link #await} it with {@link ClientWords#READY}.
   *
   * @param launcher bin/curvine
   * @param word the command that it runs
   * @param options of the command
   */
  public static ClientProcess start(Path launcher, String word, List<String> options)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString(), "bench", word));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    builder.environment().put("CURVINE_BUILD", "never");
    builder.environment().put("CURVINE_CHILD", "1");
    return new ClientProcess(builder.start());
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Gives an order. */
  public void send(String word, ObjectNode order) throws IOException {
    to.write(Json.line(order.put(ClientWords.WORD, word)));
    to.newLine();
    to.flush();
  }

  /**
   * The next answer, which has to be that word.
   *
   * @throws CliException where the process ended instead
   */
  public JsonNode await(String word) throws IOException {
    String line = from.readLine();
    if (line == null) {
      throw new CliException("client process " + pid() + " ended; what it said is above");
    }
    JsonNode answer = Json.parse(line);
    if (!answer.get(ClientWords.WORD).asText().equals(word)) {
      throw new CliException("client process " + pid() + " said " + line + " instead of " + word);
    }
    return answer;
  }

  /** Lets it close its session and end; kills it where it does not. */
  @Override
  public void close() throws IOException {
    try {
      to.close();
      if (!process.waitFor(STOP_MAX_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
