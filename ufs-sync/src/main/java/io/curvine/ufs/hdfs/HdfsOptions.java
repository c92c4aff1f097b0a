/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.OptionValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The options of one HDFS location, read and validated. Immutable.
 *
 * @param config files of Hadoop's configuration, in the order in which they are read
 * @param namenodes host:port of each of the nameservice that the location names; empty: the
 *     location names a host, or the configuration knows the nameservice
 * @param identity who asks
 * @param requestTimeout of one call and of silence of a datanode
 * @param replication of files that are written; 0: as the configuration says
 */
record HdfsOptions(
    List<Path> config,
    List<String> namenodes,
    Identity identity,
    Duration connectTimeout,
    Duration requestTimeout,
    int replication) {
  static final String CONFIG = "hdfs.config";
  static final String NAMENODES = "hdfs.namenodes";
  static final String USER = "hdfs.user";
  static final String PRINCIPAL = "hdfs.principal";
  static final String KEYTAB = "hdfs.keytab";
  static final String PROXY_USER = "hdfs.proxy-user";
  static final String CONNECT_TIMEOUT = "hdfs.connect-timeout";
  static final String REQUEST_TIMEOUT = "hdfs.request-timeout";
  static final String REPLICATION = "hdfs.replication";

  private static final int REPLICATION_MAX = 512;

  HdfsOptions {
    config = List.copyOf(config);
    namenodes = List.copyOf(namenodes);
  }

  /**
   * Who asks.
   *
   * @param user without Kerberos; where {@code principal} is given, empty
   * @param principal of Kerberos, else empty
   * @param keytab of the principal
   * @param proxyUser on whose behalf the principal asks; empty: its own
   */
  record Identity(String user, String principal, String keytab, String proxyUser) {
    boolean kerberos() {
      return !principal.isEmpty();
    }
  }

  static Map<String, String> documentation() {
    Map<String, String> docs = new LinkedHashMap<>();
    docs.put(
        CONFIG,
        "Directory with core-site.xml and hdfs-site.xml, or files, comma-separated; the same on"
            + " every master and worker. Default: Hadoop's defaults.");
    docs.put(
        NAMENODES,
        "host:port,host:port of the namenodes of the nameservice that the URI names. Default: the"
            + " URI names a host, or hdfs.config knows the nameservice.");
    docs.put(
        USER, "User that HDFS sees, where it does without Kerberos. Default: that of the process.");
    docs.put(
        PRINCIPAL, "Kerberos principal; needs hdfs.keytab and hdfs.config. Default: no Kerberos.");
    docs.put(KEYTAB, "File with the principal's keys, the same path on every master and worker.");
    docs.put(
        PROXY_USER,
        "User on whose behalf the principal asks, where HDFS lets it. Default: the principal.");
    docs.put(CONNECT_TIMEOUT, "For one attempt to connect, 1ms to 10m. Default: 5s.");
    docs.put(
        REQUEST_TIMEOUT,
        "For one attempt at a call, and for silence of a datanode, 1ms to 60m. Default: 60s.");
    docs.put(
        REPLICATION,
        "Replicas of the files that are written, 1 to 512. Default: dfs.replication of"
            + " hdfs.config, which is 3 where it does not say.");
    return docs;
  }

  static HdfsOptions parse(Map<String, String> options) throws CurvineException {
    Identity identity =
        new Identity(
            options.getOrDefault(USER, ""),
            options.getOrDefault(PRINCIPAL, ""),
            options.getOrDefault(KEYTAB, ""),
            options.getOrDefault(PROXY_USER, ""));
    List<Path> config = config(options.getOrDefault(CONFIG, ""));
    check(identity, config);
    return new HdfsOptions(
        config,
        namenodes(options.getOrDefault(NAMENODES, "")),
        identity,
        OptionValues.duration(options, CONNECT_TIMEOUT, "5s", Duration.ofMinutes(10)),
        OptionValues.duration(options, REQUEST_TIMEOUT, "60s", Duration.ofMinutes(60)),
        options.containsKey(REPLICATION)
            ? OptionValues.count(options, REPLICATION, 1, REPLICATION_MAX)
            : 0);
  }

  private static void check(Identity identity, List<Path> config) throws CurvineException {
    if (identity.kerberos() != !identity.keytab().isEmpty()) {
      throw refused(PRINCIPAL + " and " + KEYTAB + " are given together");
    }
    if (identity.kerberos() && config.isEmpty()) {
      throw refused(
          PRINCIPAL + " is given; allowed: only with " + CONFIG + ", which names the namenodes'");
    }
    if (identity.kerberos() && !identity.user().isEmpty()) {
      throw refused(USER + " is " + identity.user() + "; allowed: only without " + PRINCIPAL);
    }
    if (!identity.kerberos() && !identity.proxyUser().isEmpty()) {
      throw refused(
          PROXY_USER + " is " + identity.proxyUser() + "; allowed: only with " + PRINCIPAL);
    }
  }

  private static List<Path> config(String value) throws CurvineException {
    List<Path> files = new ArrayList<>();
    for (String each : value.isEmpty() ? new String[0] : value.split(",", -1)) {
      Path path = Path.of(each.trim());
      if (!path.isAbsolute() || !Files.exists(path)) {
        throw OptionValues.invalid(CONFIG, value, "absolute paths of what is on this machine");
      }
      if (Files.isDirectory(path)) {
        List<Path> inside = List.of(path.resolve("core-site.xml"), path.resolve("hdfs-site.xml"));
        if (inside.stream().noneMatch(Files::isRegularFile)) {
          throw OptionValues.invalid(CONFIG, value, "with core-site.xml or hdfs-site.xml in it");
        }
        inside.stream().filter(Files::isRegularFile).forEach(files::add);
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static List<String> namenodes(String value) throws CurvineException {
    List<String> namenodes = new ArrayList<>();
    for (String each : value.isEmpty() ? new String[0] : value.split(",", -1)) {
      String namenode = each.trim();
      if (!namenode.matches("[^\\s/@:]+:\\d{1,5}")) {
        throw OptionValues.invalid(NAMENODES, value, "host:port,host:port");
      }
      namenodes.add(namenode);
    }
    return namenodes;
  }

  private static CurvineException refused(String message) {
    return new CurvineException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
