/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.testing.HdfsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HdfsFailoverTest {
  private static final String KRB5 = "java.security.krb5.conf";
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static HdfsServer server;

  @TempDir Path temp;

  @BeforeAll
  static void startServer() throws IOException {
    server = HdfsServer.start(2);
  }

  @AfterAll
  static void stopServer() {
    // Other tests run in this JVM.
    System.clearProperty(KRB5);
    UserGroupInformation.setConfiguration(new Configuration());
    server.close();
  }

  @Test
  void aNameserviceGoesOnAtTheOtherNamenode() throws IOException {
    Map<String, String> options = Map.of("hdfs.namenodes", String.join(",", server.namenodes()));
    try (UnderFileSystem ufs = UfsRegistry.load().open("hdfs://cluster/", options)) {
      UfsStatus before = ufs.write("a/file", CONTENT.length, new ByteArrayInputStream(CONTENT));
      try (InputStream in = ufs.open("a/file", before.version(), 0, CONTENT.length)) {
        assertThat(in.readNBytes(3)).hasSize(3);
        server.activate(1);
        assertThat(in.readAllBytes()).hasSize(CONTENT.length - 3);
      }
      assertThat(ufs.status("a/file")).contains(before);
      assertThat(ufs.rename("a/file", "b/file").version()).isEqualTo(before.version());
      server.restart(0);
      server.activate(0);
      assertThat(ufs.status("b/file").orElseThrow().version()).isEqualTo(before.version());
      var unused = ufs.write("c", CONTENT.length, new ByteArrayInputStream(CONTENT));
    }
  }

  @Test
  void aNameserviceCanBeNamedByHadoopsConfiguration() throws IOException {
    Files.writeString(
        temp.resolve("hdfs-site.xml"),
        "<configuration>"
            + property("dfs.nameservices", "mine")
            + property("dfs.ha.namenodes.mine", "x,y")
            + property("dfs.namenode.rpc-address.mine.x", server.namenodes().get(0))
            + property("dfs.namenode.rpc-address.mine.y", server.namenodes().get(1))
            + property(
                "dfs.client.failover.proxy.provider.mine",
                "org.apache.hadoop.hdfs.server.namenode.ha.ConfiguredFailoverProxyProvider")
            + property("dfs.replication", "5")
            + "</configuration>");
    Map<String, String> options = Map.of("hdfs.config", temp.toString());
    try (UnderFileSystem ufs = UfsRegistry.load().open("hdfs://mine/", options)) {
      assertThat(ufs.makeDirectory("by configuration").name()).isEqualTo("by configuration");
    }
  }

  @Test
  void aLoginThatFailsIsDeniedAndOtherLocationsGoOn() throws IOException {
    System.setProperty(
        KRB5,
        Files.writeString(
                temp.resolve("krb5.conf"), "[libdefaults]\n default_realm = EXAMPLE.COM\n")
            .toString());
    Path site = Files.writeString(temp.resolve("core-site.xml"), "<configuration/>");
    Map<String, String> kerberos =
        Map.of(
            "hdfs.config", site.toString(),
            "hdfs.principal", "curvine/host@EXAMPLE.COM",
            "hdfs.keytab", temp.resolve("missing.keytab").toString());
    try (UnderFileSystem denied = UfsRegistry.load().open("hdfs://secure/", kerberos)) {
      assertThatThrownBy(() -> denied.status(""))
          .isInstanceOfSatisfying(
              CurvineException.class,
              e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.UFS_DENIED))
          .hasMessageContaining("curvine/host@EXAMPLE.COM");
    }
    // Hadoop's client now takes the whole process for one with Kerberos.
    Map<String, String> simple = Map.of("hdfs.namenodes", String.join(",", server.namenodes()));
    try (UnderFileSystem ufs = UfsRegistry.load().open("hdfs://cluster/", simple)) {
      UfsStatus written = ufs.write("simple", CONTENT.length, new ByteArrayInputStream(CONTENT));
      try (InputStream in = ufs.open("simple", written.version(), 0, CONTENT.length)) {
        assertThat(in.readAllBytes()).isEqualTo(CONTENT);
      }
    }
  }

  private static String property(String name, String value) {
    return "<property><name>" + name + "</name><value>" + value + "</value></property>";
  }
}
