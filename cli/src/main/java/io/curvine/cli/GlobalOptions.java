/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import io.curvine.cli.config.ConfigLoader;
import io.curvine.cli.config.Configuration;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name, and what follows from them. */
public final class GlobalOptions {
  private static final String CONFIG_VARIABLE = "CURVINE_CONFIG";
  private static final String MASTERS_VARIABLE = "CURVINE_MASTERS";

  @Option(
      names = "--masters",
      paramLabel = "HOST:PORT,...",
      scope = ScopeType.INHERIT,
      description = "RPC addresses of the masters; else CURVINE_MASTERS, else the local cluster.")
  private String masters;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Configuration file; else CURVINE_CONFIG, else etc/curvine.toml.")
  private Path config;

  @Option(
      names = "--set",
      paramLabel = "SECTION.KEY=VALUE",
      scope = ScopeType.INHERIT,
      description = "Overrides one key of the configuration; can be repeated.")
  private List<String> assignments = new ArrayList<>();

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print data as JSON.")
  private boolean json;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Log in detail, and print stack traces.")
  private boolean debug;

  private Map<String, String> environment = System.getenv();

  /** Data is to be printed as JSON. */
  public boolean json() {
    return json;
  }

  /** Details and stack traces are wanted. */
  public boolean debug() {
    return debug;
  }

  /** The configuration file that is in force; empty: none. */
  public Optional<Path> configFile() {
    if (config != null) {
      return Optional.of(config);
    }
    if (environment.containsKey(CONFIG_VARIABLE)) {
      return Optional.of(Path.of(environment.get(CONFIG_VARIABLE)));
    }
    return Optional.ofNullable(System.getProperty("curvine.home"))
        .map(home -> Path.of(home, "etc", "curvine.toml"))
        .filter(Files::isRegularFile);
  }

  /** {@code --set} as it was given. */
  public List<String> assignments() {
    return List.copyOf(assignments);
  }

  /**
   * The configuration in force.
   *
   * @throws io.curvine.cli.config.ConfigException saying what is wrong where
   */
  public Configuration configuration() {
    return configuration(List.of());
  }

  /**
   * The configuration in force with some keys set by the program, over everything else.
   *
   * @throws io.curvine.cli.config.ConfigException saying what is wrong where
   */
  public Configuration configuration(List<String> over) {
    List<String> all = new ArrayList<>();
    String addresses = masters == null ? environment.get(MASTERS_VARIABLE) : masters;
    if (addresses != null && !addresses.isBlank()) {
      all.add("client.masters=" + addresses);
    }
    all.addAll(assignments);
    all.addAll(over);
    return new ConfigLoader(Sections.ALL).load(configFile(), environment, all);
  }

  /** The configuration that was given, as options of a process that is to have the same. */
  public List<String> configurationOptions() {
    List<String> options = new ArrayList<>();
    configFile()
        .ifPresent(
            file ->
                options.addAll(List.of("--config", file.toAbsolutePath().normalize().toString())));
    assignments.forEach(each -> options.addAll(List.of("--set", each)));
    return options;
  }

  /** For a client of these masters, by a name that operators see. */
  public ClientConfig clientConfig(List<HostPort> masters, String name) {
    return configuration().get(ClientConfig.class).withMasters(masters).withClientName(name);
  }

  /** Connects to the cluster, as a caller that operators see by this name. */
  public CurvineClient connect(String name) throws IOException {
    ClientConfig client = configuration().get(ClientConfig.class);
    if (client.clientName().equals(ClientConfig.defaults().clientName())) {
      client = client.withClientName(name);
    }
    return CurvineClient.connect(client);
  }

  void environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
  }
}
