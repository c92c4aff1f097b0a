/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.security.auth.module.Krb5LoginModule;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.testing.HdfsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.security.auth.Subject;
import javax.security.auth.login.LoginException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.authentication.util.KerberosName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An HDFS that serves the members of a Kerberos realm only, with a KDC. */
class HdfsKerberosTest {
  private static final String KRB5 = "java.security.krb5.conf";
  private static final String PRINCIPAL = "curvine@EXAMPLE.COM";
  private static final Duration TICKET_LIFETIME = Duration.ofSeconds(6);

  @TempDir private static Path temp;
  private static HdfsServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = HdfsServer.startWithKerberos();
    useKdc("$0");
    forgetRealms();
  }

  /** Tests before this one in the JVM may have found no realm, and Java and Hadoop remember it. */
  private static void forgetRealms() throws LoginException {
    Krb5LoginModule login = new Krb5LoginModule();
    Map<String, String> options =
        Map.of(
            "refreshKrb5Config", "true",
            "useKeyTab", "true",
            "keyTab", server.realm().resolve("curvine.keytab").toString(),
            "principal", PRINCIPAL,
            "doNotPrompt", "true");
    login.initialize(new Subject(), null, Map.of(), options);
    assertThat(login.login()).isTrue();
    KerberosName.resetDefaultRealm();
  }

  /** As krb5.conf says, but for where the KDC is; it is read again by each login. */
  private static void useKdc(String address) throws IOException {
    String krb5 =
        Files.readString(server.realm().resolve("krb5.conf"))
            .replace(
                "[libdefaults]",
                "[libdefaults]\n    ticket_lifetime = " + TICKET_LIFETIME.toSeconds() + "s")
            .replaceAll("localhost:\\d+", address);
    System.setProperty(KRB5, Files.writeString(temp.resolve("krb5.conf"), krb5).toString());
  }

  @AfterAll
  static void stopServer() {
    // Other tests run in this JVM.
    System.clearProperty(KRB5);
    UserGroupInformation.setConfiguration(new Configuration());
    server.close();
  }

  private static UnderFileSystem open(String path, String keytab, Map<String, String> more)
      throws IOException {
    Map<String, String> options = new HashMap<>(more);
    options.put("hdfs.config", server.realm().resolve("core-site.xml").toString());
    options.put("hdfs.principal", PRINCIPAL);
    options.put("hdfs.keytab", server.realm().resolve(keytab).toString());
    return UfsRegistry.load().open(server.uri(path), options);
  }

  private static UnderFileSystem open(String path) throws IOException {
    return open(path, "curvine.keytab", Map.of());
  }

  private static byte[] content(int length) {
    byte[] content = new byte[length];
    new Random(length).nextBytes(content);
    return content;
  }

  private static UfsStatus write(UnderFileSystem ufs, String path, byte[] content)
      throws IOException {
    return ufs.write(path, content.length, new ByteArrayInputStream(content));
  }

  private static byte[] read(UnderFileSystem ufs, String path, UfsStatus status)
      throws IOException {
    try (InputStream in = ufs.open(path, status.version(), 0, status.lengthBytes())) {
      return in.readAllBytes();
    }
  }

  private static void isDenied(UnderFileSystem ufs, String path, String... why) {
    assertThatThrownBy(() -> ufs.list(path, child -> {}))
        .isInstanceOfSatisfying(
            CurvineException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.UFS_DENIED))
        .hasMessageContainingAll(why);
  }

  @Test
  void aMemberListsReadsAndWrites() throws IOException {
    byte[] content = content(3 << 20);
    try (UnderFileSystem ufs = open("/curvine")) {
      UfsStatus written = write(ufs, "d/file", content);
      assertThat(ufs.status("d/file")).contains(written);
      assertThat(read(ufs, "d/file", written)).isEqualTo(content);
      UfsStatus moved = ufs.rename("d/file", "d/moved");
      List<String> names = new ArrayList<>();
      ufs.list("d", child -> names.add(child.name()));
      assertThat(names).containsExactly("moved");
      assertThat(read(ufs, "d/moved", moved)).isEqualTo(content);
      ufs.delete("d", true);
      assertThat(ufs.status("d")).isEmpty();
    }
  }

  @Test
  void aMemberLogsInAgainWhenItsTicketIsOver() throws IOException {
    byte[] content = content(100_000);
    try (UnderFileSystem ufs = open("/curvine")) {
      long began = System.nanoTime();
      UfsStatus written = write(ufs, "kept", content);
      do {
        server.restart(0); // a connection that was made stays good after its ticket
      } while (System.nanoTime() - began < TICKET_LIFETIME.toNanos());
      meetTheBrokenConnection(ufs);
      assertThat(read(ufs, "kept", written)).isEqualTo(content);
      var unused = write(ufs, "later", content);
    }
  }

  private static void meetTheBrokenConnection(UnderFileSystem ufs) throws IOException {
    try {
      var unused = ufs.status("kept");
    } catch (CurvineException e) {
      assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.UFS_UNREACHABLE);
    }
  }

  @Test
  void aMemberActsForAnotherWhereItMay() throws IOException {
    byte[] content = content(1_000);
    try (UnderFileSystem own = open("/");
        UnderFileSystem other =
            open("/alice", "curvine.keytab", Map.of("hdfs.proxy-user", "alice"));
        UnderFileSystem stranger =
            open("/alice", "curvine.keytab", Map.of("hdfs.proxy-user", "bob"))) {
      isDenied(own, "alice", "/alice", "Permission denied: user=curvine");
      UfsStatus written = write(other, "file", content);
      assertThat(read(other, "file", written)).isEqualTo(content);
      isDenied(stranger, "", "/alice", "curvine", "not allowed to impersonate bob");
    }
  }

  @Test
  void aKdcThatIsAwayIsNoRefusal() throws IOException {
    try (UnderFileSystem ufs = open("/curvine");
        ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = nobody.getLocalPort();
      nobody.close();
      useKdc("localhost:" + port);
      assertThatThrownBy(() -> ufs.status(""))
          .isInstanceOfSatisfying(
              CurvineException.class,
              e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.UFS_UNREACHABLE))
          .hasMessageContainingAll("/curvine", PRINCIPAL, "refused");
      useKdc("$0");
      assertThat(ufs.status("")).isPresent();
    }
  }

  @Test
  void whoIsNoMemberIsToldWhy() throws IOException {
    try (UnderFileSystem stale = open("/curvine", "stale.keytab", Map.of());
        UnderFileSystem wrong = open("/curvine", "service.keytab", Map.of());
        UnderFileSystem simple = UfsRegistry.load().open(server.uri("/curvine"), Map.of())) {
      isDenied(stale, "", "/curvine", PRINCIPAL, "stale.keytab");
      isDenied(wrong, "", "/curvine", PRINCIPAL, "service.keytab");
      isDenied(simple, "", "/curvine", "cannot authenticate via:[TOKEN, KERBEROS]");
    }
  }
}
