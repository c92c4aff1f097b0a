/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.TemporaryNames;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.testing.UnderFileSystemContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileUnderFileSystemTest extends UnderFileSystemContract {
  @TempDir Path directory;

  private Path root;

  @Override
  protected UnderFileSystem openEmpty() throws IOException {
    root = Files.createDirectory(directory.resolve("a root"));
    UfsRegistry registry = UfsRegistry.load();
    return registry.open(registry.normalise(root.toString()), Map.of());
  }

  @Test
  void attributesAreThoseOfTheFile() throws IOException {
    UfsStatus written = write("file", "abc");
    Files.setPosixFilePermissions(
        root.resolve("file"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.setLastModifiedTime(
        root.resolve("file"), FileTime.from(1_600_000_000_123_456_789L, TimeUnit.NANOSECONDS));
    UfsStatus found = ufs.status("file").orElseThrow();
    Map<String, Object> attributes = Files.readAttributes(root.resolve("file"), "unix:ino,uid,gid");
    assertThat(found.mode()).isEqualTo(0751);
    assertThat(found.uid()).isEqualTo(attributes.get("uid"));
    assertThat(found.gid()).isEqualTo(attributes.get("gid"));
    assertThat(found.mtimeNanos()).isEqualTo(1_600_000_000_123_456_789L);
    assertThat(found.version()).isEqualTo(attributes.get("ino") + ":1600000000123456789:3");
    refused(ErrorCode.UFS_CHANGED, () -> read("file", written.version(), 0, 3));
  }

  @Test
  void aReplacedFileKeepsItsPermissions() throws IOException {
    write("file", "abc");
    Files.setPosixFilePermissions(
        root.resolve("file"), PosixFilePermissions.fromString("rw-r-x---"));
    assertThat(write("file", "def").mode()).isEqualTo(0650);
  }

  @Test
  void aChangeWhileItIsReadIsSeenBeforeTheLastByte() throws IOException {
    UfsStatus written = write("file", "0123456789");
    try (InputStream in = ufs.open("file", written.version(), 0, 10)) {
      assertThat(in.readNBytes(5)).hasSize(5);
      Files.setLastModifiedTime(root.resolve("file"), FileTime.fromMillis(5));
      refused(ErrorCode.UFS_CHANGED, () -> in.readNBytes(5));
    }
    UfsStatus again = write("file", "0123456789");
    try (InputStream in = ufs.open("file", again.version(), 0, 10)) {
      Files.writeString(root.resolve("file"), "0");
      refused(ErrorCode.UFS_CHANGED, in::readAllBytes);
    }
  }

  @Test
  void linksAreNotFollowed() throws IOException {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "x");
    Files.createSymbolicLink(root.resolve("link"), outside);
    Files.createSymbolicLink(root.resolve("to file"), outside.resolve("secret"));
    assertThat(ufs.status("link").orElseThrow().kind()).isEqualTo(Kind.SYMLINK);
    assertThat(ufs.status("link/secret")).isEmpty();
    refused(ErrorCode.NOT_FOUND, () -> names("link"));
    refused(ErrorCode.NOT_A_DIRECTORY, () -> write("link/new", "x"));
    refused(ErrorCode.NOT_FOUND, () -> ufs.rename("link/secret", "mine"));
    refused(ErrorCode.UFS_CHANGED, () -> read("to file", "", 0, 0 + 1));
    ufs.delete("link/secret", false);
    ufs.delete("link", true);
    assertThat(outside.resolve("secret")).exists();
    assertThat(root.resolve("link")).doesNotExist();
  }

  @Test
  void theLocationMayBeALink() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), root);
    write("file", "x");
    try (UnderFileSystem through = UfsRegistry.load().open(link.toString(), Map.of())) {
      assertThat(through.status("").orElseThrow().kind()).isEqualTo(Kind.DIRECTORY);
      assertThat(through.status("file")).isPresent();
    }
  }

  @Test
  void aMissingLocationIsUnreachableAndNotEmpty() throws IOException {
    Files.delete(root);
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.status(""));
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.status("a/b"));
    refused(ErrorCode.UFS_UNREACHABLE, () -> names(""));
    refused(ErrorCode.UFS_UNREACHABLE, () -> names("a"));
    refused(ErrorCode.UFS_UNREACHABLE, () -> write("a", "x"));
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.delete("a", true));
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.makeDirectory("a"));
    refused(ErrorCode.UFS_UNREACHABLE, () -> ufs.open("a", "1:1:1", 0, 1));
    Files.writeString(root, "x");
    assertThatThrownBy(() -> ufs.status("")).hasMessageContaining("is not a directory");
  }

  @Test
  void namesThatAreNotUtf8AreLeftOut() throws Exception {
    write("good", "x");
    String script = "printf x > \"$1\"/$(printf 'bad\\377name')";
    Process process =
        new ProcessBuilder("sh", "-c", script, "sh", root.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    try (var paths = Files.list(root)) {
      assertThat(paths).hasSize(2);
    }
    assertThat(names("")).containsExactly("good");
  }

  @Test
  void socketsAndTemporaryFilesAreLeftOut() throws Exception {
    Files.writeString(root.resolve(TemporaryNames.PREFIX + "left"), "x");
    Process process =
        new ProcessBuilder("mkfifo", root.resolve("pipe").toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    assertThat(names("")).isEmpty();
    assertThat(ufs.status("pipe")).isEmpty();
    refused(ErrorCode.INVALID_ARGUMENT, () -> write(TemporaryNames.PREFIX + "x", ""));
  }

  @Test
  void whatAKilledWriterLeftDoesNotKeepADirectory() throws IOException {
    ufs.makeDirectory("dir");
    Files.writeString(root.resolve("dir").resolve(TemporaryNames.PREFIX + "left"), "x");
    ufs.delete("dir", false);
    assertThat(Files.exists(root.resolve("dir"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @Test
  void aHostIsRefused() {
    refused(ErrorCode.INVALID_ARGUMENT, () -> UfsRegistry.load().open("file://host/dir", Map.of()));
  }
}
