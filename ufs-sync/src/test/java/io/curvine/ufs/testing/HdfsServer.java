/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An HDFS for tests as a process of its own, on free ports of 127.0.0.1, with its files in a
 * temporary directory. Its superuser is the user of the tests. Thread-safe.
 *
 * <p>It is the program of the module chaos-tests/hdfs-server.
 */
public final class HdfsServer implements AutoCloseable {
  private final ServerProcess process;
  private final Path realm;

  private HdfsServer(ServerProcess process, Path realm) {
    this.process = process;
    this.realm = realm;
  }

  /**
   * Starts it and returns when it takes changes; about ten seconds.
   *
   * @param namenodes 1, or 2, of which the first is active
   */
  public static HdfsServer start(int namenodes) throws IOException {
    Path root = Files.createTempDirectory("curvine-hdfs-");
    return start(root, List.of(root.resolve("data").toString(), Integer.toString(namenodes)));
  }

  /** Starts one that serves only members of a Kerberos realm, with the realm's KDC. */
  public static HdfsServer startWithKerberos() throws IOException {
    Path root = Files.createTempDirectory("curvine-hdfs-");
    return start(
        root, List.of(root.resolve("data").toString(), "1", root.resolve("realm").toString()));
  }

  private static HdfsServer start(Path root, List<String> arguments) throws IOException {
    return new HdfsServer(
        ServerProcess.start(
            "hdfs-server",
            "io.curvine.hdfs.HdfsProgram",
            arguments,
            root,
            Pattern.compile("^READY ([0-9,]+)$")),
        root.resolve("realm"));
  }

  /**
   * What members of its realm need: krb5.conf, core-site.xml, curvine.keytab of {@code
   * curvine@EXAMPLE.COM}, who owns /curvine and may act for alice, who owns /alice, and
   * stale.keytab with keys that curvine had before.
   */
  public Path realm() {
    return realm;
  }

  /** The location of a directory, given from the root, by the first namenode. */
  public String uri(String path) {
    return "hdfs://" + namenodes().get(0) + path;
  }

  /** The namenodes, as host:port. */
  public List<String> namenodes() {
    return Arrays.stream(process.ready().split(",")).map(port -> "127.0.0.1:" + port).toList();
  }

  /** Makes another namenode the active one. */
  public void activate(int namenode) throws IOException {
    process.command("active " + namenode);
  }

  /** Stops and starts a namenode. */
  public void restart(int namenode) throws IOException {
    process.command("restart " + namenode);
  }

  /** Makes the active namenode refuse changes, or take them again. */
  public void safeMode(boolean on) throws IOException {
    process.command("safe " + (on ? "on" : "off"));
  }

  /** Deletes all edits up to now, with those that inotify would give. */
  public void purgeEdits() throws IOException {
    process.command("purge");
  }

  /** The process, for tests that stop it for a while or kill it. */
  public ProcessHandle process() {
    return process.handle();
  }

  /** Kills it and deletes its files. */
  @Override
  public void close() {
    process.close();
  }
}
