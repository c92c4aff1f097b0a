/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does something; what it needs of the program it is a part of. */
public abstract class Action implements Callable<Integer> {
  @Spec private CommandSpec spec;

  private boolean failed;

  /** Does the work. An exception becomes one line on standard error and exit code 1. */
  protected abstract void run() throws Exception;

  @Override
  public final Integer call() throws Exception {
    run();
    out().flush();
    return failed ? 1 : 0;
  }

  /** Says that a part of the work failed; the rest goes on, and the exit code will be 1. */
  protected final synchronized void problem(Throwable failure) {
    out().flush();
    failed = true;
    err().println(spec.root().name() + ": " + Failures.line(failure));
    if (global().debug()) {
      failure.printStackTrace(err());
    }
  }

  /** The options that every command takes. */
  protected final GlobalOptions global() {
    return program().global();
  }

  /** Standard output for text. */
  protected final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Standard error. */
  protected final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** The program. */
  protected final Program program() {
    return (Program) spec.root().userObject();
  }

  /** As a person typed it: {@code curvine fs ls}. */
  protected final String commandName() {
    return spec.qualifiedName();
  }

  /** Connects to the cluster. */
  protected final CurvineClient connect() throws IOException {
    return global().connect(commandName());
  }

  /** Prints a document of JSON where it is wanted, else the text. */
  protected final void print(JsonNode json, String text) {
    if (global().json()) {
      out().println(Json.document(json));
    } else {
      out().print(text);
    }
  }

  /**
   * Whether a person looks on. Where a console is never null, as from Java 22 on, a program counts
   * as one too.
   */
  @SuppressWarnings("SystemConsoleNull")
  protected final boolean onTerminal() {
    return System.console() != null && !global().json();
  }

  /** What was typed cannot be meant; exit code 2. */
  protected final ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
