/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.TemporaryNames;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.testing.HdfsServer;
import io.curvine.ufs.testing.UnderFileSystemContract;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HdfsUnderFileSystemTest extends UnderFileSystemContract {
  private static final AtomicInteger LOCATIONS = new AtomicInteger();
  private static HdfsServer server;
  private static DistributedFileSystem client;

  private String root;

  @BeforeAll
  static void startServer() throws IOException {
    server = HdfsServer.start(1);
    client = new DistributedFileSystem();
    client.initialize(URI.create(server.uri("/")), new Configuration());
  }

  @AfterAll
  static void stopServer() throws IOException {
    client.close();
    server.close();
  }

  @Override
  protected UnderFileSystem openEmpty() throws IOException {
    root = "/a root/" + LOCATIONS.incrementAndGet();
    client.mkdirs(new Path(root));
    // There is one datanode.
    return open(Map.of("hdfs.replication", "1"));
  }

  private UnderFileSystem open(Map<String, String> options) throws IOException {
    return UfsRegistry.load().open(server.uri(root.replace(" ", "%20")), options);
  }

  @Test
  void attributesAreThoseOfTheFile() throws IOException {
    UfsStatus written = write("file", "abc");
    client.setPermission(new Path(root, "file"), new FsPermission((short) 01751));
    client.setTimes(new Path(root, "file"), 1_600_000_000_123L, -1);
    UfsStatus found = ufs.status("file").orElseThrow();
    assertThat(found.mode()).isEqualTo(01751);
    assertThat(found.uid()).isEqualTo(-1);
    assertThat(found.gid()).isEqualTo(-1);
    assertThat(found.mtimeNanos()).isEqualTo(1_600_000_000_123_000_000L);
    assertThat(found.version()).matches("\\d+:1600000000123000000:3");
    refused(ErrorCode.UFS_CHANGED, () -> read("file", written.version(), 0, 3));
    refused(ErrorCode.UFS_CHANGED, () -> read("file", "an-etag", 0, 3));
  }

  @Test
  void aReplacedFileKeepsItsPermissions() throws IOException {
    write("file", "abc");
    client.setPermission(new Path(root, "file"), new FsPermission((short) 0650));
    assertThat(write("file", "def").mode()).isEqualTo(0650);
  }

  @Test
  void aChangeWhileItIsReadIsSeenBeforeTheLastByte() throws IOException {
    UfsStatus written = write("file", "0123456789");
    try (InputStream in = ufs.open("file", written.version(), 0, 10)) {
      assertThat(in.readNBytes(5)).hasSize(5);
      write("file", "0123456789");
      refused(ErrorCode.UFS_CHANGED, () -> in.readNBytes(5));
    }
    UfsStatus again = ufs.status("file").orElseThrow();
    try (InputStream in = ufs.open("file", again.version(), 0, 10)) {
      ufs.delete("file", false);
      refused(ErrorCode.UFS_CHANGED, in::readAllBytes);
    }
  }

  @Test
  void anAppendedFileHasAnotherVersion() throws IOException {
    UfsStatus written = write("file", "abc");
    try (FSDataOutputStream out = client.append(new Path(root, "file"))) {
      out.write("def".getBytes(StandardCharsets.UTF_8));
    }
    refused(ErrorCode.UFS_CHANGED, () -> read("file", written.version(), 0, 3));
    UfsStatus appended = ufs.status("file").orElseThrow();
    assertThat(read("file", appended.version(), 0, 6)).isEqualTo("abcdef");
  }

  @Test
  void replicasAreAsMany() throws IOException {
    try (UnderFileSystem two = open(Map.of("hdfs.replication", "2"))) {
      two.write("file", 0, InputStream.nullInputStream());
    }
    assertThat(client.getFileStatus(new Path(root, "file")).getReplication()).isEqualTo((short) 2);
  }

  @Test
  void whatAKilledWriterLeftIsNotSeenAndKeepsNoDirectory() throws IOException {
    ufs.makeDirectory("dir");
    client.create(new Path(root + "/dir", TemporaryNames.next())).close();
    assertThat(names("dir")).isEmpty();
    ufs.delete("dir", false);
    assertThat(client.exists(new Path(root, "dir"))).isFalse();
    refused(ErrorCode.INVALID_ARGUMENT, () -> write(TemporaryNames.next(), ""));
  }

  @Test
  void aNameThatHdfsCannotHaveIsRefused() {
    assertThatThrownBy(() -> write("a:b", "x"))
        .hasMessageContaining(server.uri(root + "/a:b"))
        .hasMessageNotContaining("\n");
    refused(ErrorCode.INVALID_ARGUMENT, () -> write("a:b", "x"));
  }

  @Test
  void aFileIsNoParent() throws IOException {
    write("file", "x");
    refused(ErrorCode.NOT_A_DIRECTORY, () -> write("file/below", "x"));
    refused(ErrorCode.NOT_A_DIRECTORY, () -> ufs.makeDirectory("file/below"));
    refused(ErrorCode.UFS_CHANGED, () -> read("file/below", "1:1:1", 0, 1));
    ufs.delete("file/below", false);
  }

  @Test
  void aMissingLocationIsUnreachableAndNotEmpty() throws IOException {
    client.delete(new Path(root), true);
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.status(""));
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.status("a/b"));
    refused(ErrorCode.UFS_UNREACHABLE, () -> names(""));
    refused(ErrorCode.UFS_UNREACHABLE, () -> names("a"));
    refused(ErrorCode.UFS_UNREACHABLE, () -> write("a", "x"));
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.delete("a", true));
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.makeDirectory("a"));
    client.create(new Path(root)).close();
    assertThatThrownBy(() -> ufs.status("")).hasMessageContaining("is not a directory");
  }

  @Test
  void theRootOfHdfsCanBeALocation() throws IOException {
    try (UnderFileSystem all = UfsRegistry.load().open(server.uri(""), Map.of())) {
      assertThat(all.status("").orElseThrow().kind()).isEqualTo(Kind.DIRECTORY);
      assertThat(all.status(root.substring(1))).isPresent();
    }
  }

  @Test
  void anotherUserIsDenied() throws IOException {
    client.setPermission(new Path(root), new FsPermission((short) 0700));
    try (UnderFileSystem other = open(Map.of("hdfs.user", "somebody"))) {
      assertThat(other.status("")).isPresent();
      refused(ErrorCode.UFS_DENIED, () -> other.status("a"));
      refused(ErrorCode.UFS_DENIED, () -> other.list("", child -> {}));
      refused(ErrorCode.UFS_DENIED, () -> other.write("a", 0, InputStream.nullInputStream()));
      assertThatThrownBy(() -> other.list("", child -> {}))
          .hasMessageContaining("Permission denied: user=somebody")
          .hasMessageNotContaining("\n");
    }
  }

  @Test
  void safeModeIsUnreachable() throws IOException {
    UfsStatus written = write("file", "abc");
    server.safeMode(true);
    try {
      refused(ErrorCode.UFS_UNREACHABLE, () -> write("file", "x"));
      refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.delete("file", false));
      assertThat(read("file", written.version(), 0, 3)).isEqualTo("abc");
    } finally {
      server.safeMode(false);
    }
    assertThat(write("file", "x").lengthBytes()).isEqualTo(1);
  }

  @Test
  void aNamenodeThatIsNotThereIsUnreachable() throws IOException {
    // Bound but not listening: it refuses, and nobody else can take the port meanwhile.
    try (Socket taken = new Socket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      String uri = "hdfs://127.0.0.1:" + taken.getLocalPort() + "/a";
      try (UnderFileSystem down = UfsRegistry.load().open(uri, Map.of())) {
        refused(ErrorCode.UFS_UNREACHABLE, () -> down.status(""));
      }
    }
    try (UnderFileSystem unknown = UfsRegistry.load().open("hdfs://no-such.invalid/a", Map.of())) {
      refused(ErrorCode.UFS_UNREACHABLE, () -> unknown.status(""));
    }
  }

  @Test
  void aClosedOneSaysSo() throws IOException {
    UnderFileSystem closed = open(Map.of());
    closed.close();
    assertThatThrownBy(() -> closed.status("a")).hasMessageContaining("is closed");
  }
}
