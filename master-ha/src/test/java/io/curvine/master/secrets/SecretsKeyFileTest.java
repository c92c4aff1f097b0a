/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files of keys are taken, and what is said of the others. */
class SecretsKeyFileTest {
  @TempDir Path temp;

  private Path file(String mode, String... lines) throws IOException {
    Path file = Files.write(temp.resolve("keys"), List.of(lines));
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static String line(int fill) {
    return Base64.getEncoder().encodeToString(SecretsKeyTest.bytes(fill));
  }

  private void refused(Path file, String... words) {
    assertThatThrownBy(() -> SecretsKeyFile.read(file))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("secrets_key_file is " + file)
        .hasMessageContainingAll(words);
  }

  @Test
  void keysAreInTheOrderOfTheirLines() throws IOException {
    Path file = file("rw-------", "# of March", line(1), "", " " + line(2) + " ");
    assertThat(SecretsKeyFile.read(file))
        .extracting(SecretsKey::id)
        .containsExactly(SecretsKeyTest.key(1).id(), SecretsKeyTest.key(2).id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rwx------", "r---w----"})
  void othersMayNotReadIt(String mode) throws IOException {
    refused(file(mode, line(1)), "; allowed: a file of mode 0600 or 0400", mode);
  }

  @Test
  void readOnlyWillDo() throws IOException {
    assertThat(SecretsKeyFile.read(file("r--------", line(1)))).hasSize(1);
  }

  @Test
  void whatIsNoKeyIsSaidWithoutQuotingIt() throws IOException {
    refused(temp.resolve("missing"), "; allowed: a file that this process can read");
    refused(temp, "; allowed: a file that this process can read");
    refused(file("rw-------"), "; allowed: a file with a key");
    refused(file("rw-------", line(1), "c2hvcnQ="), "line 2 has 5 bytes");
    Path file = file("rw-------", "hunter2!");
    refused(file, "line 1 is not");
    assertThatThrownBy(() -> SecretsKeyFile.read(file))
        .hasNoCause()
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aNewFileHasAKeyAndIsMadeOnce() throws IOException {
    Path file = temp.resolve("new");
    SecretsKeyFile.make(file);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    String id = SecretsKeyFile.read(file).get(0).id();
    SecretsKeyFile.make(file);
    assertThat(SecretsKeyFile.read(file)).extracting(SecretsKey::id).containsExactly(id);
    Path other = temp.resolve("other");
    SecretsKeyFile.make(other);
    assertThat(SecretsKeyFile.read(other).get(0).id()).isNotEqualTo(id);
  }
}
