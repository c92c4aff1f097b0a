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

  private HdfsServer(ServerProcess process) {
    this.process = process;
  }

  /**
   * Starts it and returns when it takes changes; about ten seconds.
   *
   * @param namenodes 1, or 2, of which the first is active
   */
  public static HdfsServer start(int namenodes) throws IOException {
    Path root = Files.createTempDirectory("curvine-hdfs-");
    return new HdfsServer(
        ServerProcess.start(
            "hdfs-server",
            "io.curvine.hdfs.HdfsProgram",
            List.of(root.resolve("data").toString(), Integer.toString(namenodes)),
            root,
            Pattern.compile("^READY ([0-9,]+)$")));
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
