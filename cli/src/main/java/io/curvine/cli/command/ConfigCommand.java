/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.Sections;
import io.curvine.cli.config.ConfigReference;
import io.curvine.cli.output.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine config}: what is in force, whether it is right, and the generated documents. */
@Command(
    name = "config",
    description = "Show or check the configuration, or write its reference.",
    mixinStandardHelpOptions = true,
    subcommands = {ConfigShow.class, ConfigCommand.Check.class, ConfigCommand.Reference.class})
public final class ConfigCommand extends Action {
  @Override
  protected void run() {
    throw usage("no command; allowed: show, check, reference");
  }

  /** {@code curvine config check}. */
  @Command(
      name = "check",
      description = "Read the configuration and say what is wrong with it.",
      mixinStandardHelpOptions = true)
  static final class Check extends Action {
    @Override
    protected void run() {
      global().configuration();
      String file = global().configFile().map(Path::toString).orElse("no file");
      print(Json.object().put("file", file).put("ok", true), "right: " + file + "\n");
    }
  }

  /** {@code curvine config reference}. */
  @Command(
      name = "reference",
      description = "Write ops/configuration.md and etc/curvine.toml from the code.",
      mixinStandardHelpOptions = true)
  static final class Reference extends Action {
    @Option(
        names = "--to",
        paramLabel = "DIR",
        description = "Root of the checkout; default: where bin/curvine is.")
    private Path root;

    @Override
    protected void run() throws IOException {
      if (root == null && System.getProperty("curvine.home") == null) {
        throw new CliException("where to? Give --to DIR");
      }
      Path base = root == null ? Path.of(System.getProperty("curvine.home")) : root;
      Path page = base.resolve("ops/configuration.md");
      Path file = base.resolve("etc/curvine.toml");
      Files.createDirectories(page.getParent());
      Files.createDirectories(file.getParent());
      Files.writeString(page, ConfigReference.page(Sections.ALL));
      Files.writeString(file, ConfigReference.file(Sections.ALL));
      print(
          Json.object().put("page", page.toString()).put("file", file.toString()),
          page + "\n" + file + "\n");
    }
  }
}
