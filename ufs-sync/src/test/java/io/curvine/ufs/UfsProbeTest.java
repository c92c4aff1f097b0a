/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.protocol.proto.UfsFinding.Access;
import io.curvine.protocol.proto.UfsFinding.Outcome;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;

final class UfsProbeTest {
  private final UfsRegistry registry = UfsRegistry.load();
  @TempDir private Path directory;

  private List<UfsFinding> probe(UnderFileSystem ufs, String uri, boolean changes)
      throws IOException {
    return UfsProbe.run(ufs, changes, registry.rights(uri));
  }

  private List<UfsFinding> probeFiles(boolean changes, String... refused) throws IOException {
    String uri = registry.normalise(directory.toString());
    try (UnderFileSystem ufs = registry.open(uri, Map.of())) {
      return probe(refusing(ufs, ErrorCode.UFS_DENIED, refused), uri, changes);
    }
  }

  /** Refuses calls of these methods; tests may run as a user whom no file system refuses. */
  private static UnderFileSystem refusing(UnderFileSystem ufs, ErrorCode code, String... methods) {
    return (UnderFileSystem)
        Proxy.newProxyInstance(
            UfsProbeTest.class.getClassLoader(),
            new Class<?>[] {UnderFileSystem.class},
            (proxy, method, arguments) -> {
              if (List.of(methods).contains(method.getName())) {
                throw new CurvineException(code, "/ufs: permission denied");
              }
              try {
                return method.invoke(ufs, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static Outcome outcome(List<UfsFinding> findings, Access access) {
    return finding(findings, access).getOutcome();
  }

  private static UfsFinding finding(List<UfsFinding> findings, Access access) {
    return findings.stream().filter(f -> f.getAccess() == access).findFirst().orElseThrow();
  }

  private void nothingIsLeft() throws IOException {
    try (var left = Files.list(directory)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith("."))).isEmpty();
    }
  }

  @Test
  void aDirectoryThatCanBeUsedGivesAllAndIsLeftAsItWas() throws IOException {
    Files.writeString(
        Files.createDirectories(directory.resolve("a/b")).resolve("object"), "0123456789");
    List<UfsFinding> findings = probeFiles(true);
    assertThat(findings)
        .extracting(UfsFinding::getAccess)
        .containsExactly(Access.LIST, Access.READ, Access.WRITE, Access.RENAME, Access.DELETE);
    assertThat(findings)
        .extracting(UfsFinding::getMessage)
        .containsExactly(
            "1 entry",
            "a/b/object, 10 bytes",
            "1024 bytes, read back",
            "in one step",
            "nothing is left behind");
    assertThat(findings).extracting(UfsFinding::getOutcome).containsOnly(Outcome.WORKS);
    nothingIsLeft();
  }

  @Test
  void whatIsReadOnlyIsNotWrittenTo() throws IOException {
    List<UfsFinding> findings = probeFiles(false, "write", "rename", "delete");
    assertThat(outcome(findings, Access.LIST)).isEqualTo(Outcome.WORKS);
    assertThat(finding(findings, Access.READ).getMessage()).startsWith("no object");
    assertThat(findings.subList(2, 5))
        .extracting(UfsFinding::getMessage)
        .containsOnly("the mount would not change the UFS");
  }

  @Test
  void whatIsDeniedIsNamedWithTheRightThatIsMissing() throws IOException {
    Files.writeString(directory.resolve("object"), "x");
    List<UfsFinding> unwritable = probeFiles(true, "write");
    assertThat(finding(unwritable, Access.WRITE).getMessage())
        .startsWith("denied; needed unless the mount is --read-only: w and x on the directories")
        .contains("permission denied");
    assertThat(outcome(unwritable, Access.DELETE)).isEqualTo(Outcome.NOT_TRIED);
    List<UfsFinding> unreadable = probeFiles(false, "open");
    assertThat(finding(unreadable, Access.READ).getMessage()).startsWith("denied; needed: r on");
    assertThat(outcome(probeFiles(true, "list"), Access.LIST)).isEqualTo(Outcome.FAILS);
    assertThat(outcome(probeFiles(true, "rename"), Access.RENAME)).isEqualTo(Outcome.FAILS);
    nothingIsLeft();
  }

  @Test
  void whatCannotBeDeletedIsNamed() throws IOException {
    String text = finding(probeFiles(true, "delete"), Access.DELETE).getMessage();
    assertThat(text).startsWith("denied; needed").contains(UfsProbe.NAME_PREFIX, "left behind");
  }

  @Test
  void anUnreachableUfsIsAskedOnce() throws IOException {
    UnderFileSystem ufs =
        refusing(null, ErrorCode.UFS_UNREACHABLE, "list", "status", "open", "write", "delete");
    List<UfsFinding> findings = probe(ufs, "file:///x", true);
    assertThat(outcome(findings, Access.LIST)).isEqualTo(Outcome.FAILS);
    assertThat(findings.subList(1, 5))
        .extracting(UfsFinding::getOutcome)
        .containsOnly(Outcome.NOT_TRIED);
  }

  @Test
  void aBucketIsTriedWithItsKeysAndLeftAsItWas() throws IOException {
    try (S3Server server = S3Server.startLarge();
        S3AsyncClient client = server.client()) {
      String uri = server.createBucket("bucket");
      for (int i = 0; i < 1_001; i++) {
        String key = "many/" + i;
        var unused =
            client
                .putObject(put -> put.bucket("bucket").key(key), AsyncRequestBody.fromString("abc"))
                .join();
      }
      Map<String, String> options = new HashMap<>(server.options());
      try (UnderFileSystem ufs = registry.open(uri + "/many", options)) {
        List<UfsFinding> findings = probe(ufs, uri, true);
        assertThat(findings).extracting(UfsFinding::getOutcome).containsOnly(Outcome.WORKS);
        assertThat(findings.get(0).getMessage()).isEqualTo("more than 1000 entries");
      }
      // What the probe writes sorts before the rest.
      assertThat(client.listObjectsV2(list -> list.bucket("bucket")).join().contents())
          .noneMatch(object -> object.key().contains(UfsProbe.NAME_PREFIX));
      options.put("s3.secret-key", "wrong");
      try (UnderFileSystem ufs = registry.open(uri, options)) {
        List<UfsFinding> findings = probe(ufs, uri, true);
        assertThat(finding(findings, Access.LIST).getMessage())
            .startsWith("denied; needed: s3:ListBucket")
            .doesNotContain("wrong");
        assertThat(finding(findings, Access.WRITE).getMessage())
            .startsWith("denied; needed unless the mount is --read-only: s3:PutObject");
      }
    }
  }
}
