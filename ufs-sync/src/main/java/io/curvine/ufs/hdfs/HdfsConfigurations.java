/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider;

/** Makes Hadoop's configuration of the options of a location. Pure but for the files it reads. */
final class HdfsConfigurations {
  private HdfsConfigurations() {}

  static Configuration of(String authority, HdfsOptions options) {
    Configuration conf = new HdfsConfiguration();
    conf.addResource(patience());
    for (Path file : options.config()) {
      conf.addResource(new org.apache.hadoop.fs.Path(file.toUri()));
    }
    boolean kerberos = options.identity().kerberos();
    conf.set("hadoop.security.authentication", kerberos ? "kerberos" : "simple");
    if (!kerberos) {
      // Another location of this process may use Kerberos, which Hadoop's client turns on for all.
      conf.setBoolean("ipc.client.fallback-to-simple-auth-allowed", true);
    }
    setMillis(conf, "ipc.client.connect.timeout", options.connectTimeout());
    setMillis(conf, "ipc.client.rpc-timeout.ms", options.requestTimeout());
    setMillis(conf, "dfs.client.socket-timeout", options.requestTimeout());
    if (options.replication() > 0) {
      conf.setInt("dfs.replication", options.replication());
    }
    if (!options.namenodes().isEmpty()) {
      nameservice(conf, authority, options.namenodes());
    }
    return conf;
  }

  /**
   * Hadoop's own patience is for jobs of hours: minutes until a namenode that is down is an error.
   * What hdfs.config says of these is heeded.
   */
  private static Configuration patience() {
    Configuration conf = new Configuration(false);
    conf.setInt("ipc.client.connect.max.retries", 1);
    conf.setInt("ipc.client.connect.max.retries.on.timeouts", 1);
    conf.setInt("ipc.client.connect.retry.interval", 500);
    conf.setInt("dfs.client.failover.sleep.base.millis", 100);
    conf.setInt("dfs.client.failover.sleep.max.millis", 2_000);
    return conf;
  }

  private static void nameservice(Configuration conf, String name, List<String> namenodes) {
    StringJoiner ids = new StringJoiner(",");
    for (int i = 0; i < namenodes.size(); i++) {
      ids.add("nn" + i);
      conf.set("dfs.namenode.rpc-address." + name + ".nn" + i, namenodes.get(i));
    }
    conf.set("dfs.nameservices", name);
    conf.set("dfs.ha.namenodes." + name, ids.toString());
    conf.set(
        "dfs.client.failover.proxy.provider." + name,
        ConfiguredFailoverProxyProvider.class.getName());
  }

  private static void setMillis(Configuration conf, String key, Duration time) {
    conf.setInt(key, (int) time.toMillis());
  }
}
