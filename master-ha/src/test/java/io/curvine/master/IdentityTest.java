/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentityTest {
  private static final String PEER = "m1=127.0.0.1:1:2:3:0";

  @TempDir Path directory;

  private Identity take() throws IOException {
    return Identity.take(MasterConfig.defaults().withMember("m1", List.of(PEER), directory));
  }

  @Test
  void isThatOfARestoredStateUntilRaftKnowsItsMembers() throws IOException {
    RestoredIdentity.end(directory);
    try (Identity identity = take()) {
      identity.confirm("cluster");
      identity.begins(false);
      assertThat(identity.restored()).isTrue();
    }
    try (Identity identity = take()) {
      assertThat(identity.restored()).as("Raft may not have begun").isTrue();
      identity.members(List.of(PEER));
    }
    try (Identity identity = take()) {
      assertThat(identity.restored()).isFalse();
      assertThat(identity.members()).containsExactly(PEER);
    }
  }

  @Test
  void staysWhatItWasBesideARestoreThatBegan() throws IOException {
    try (Identity identity = take()) {
      identity.confirm("cluster");
    }
    Path file = directory.resolve("identity");
    String before = Files.readString(file);
    assertThat(RestoredIdentity.begin(directory)).isTrue();
    assertThat(RestoredIdentity.begin(directory)).isFalse();
    assertThatThrownBy(this::take).hasMessageContaining("was being restored");
    Path aside = Files.createDirectory(directory.resolve("aside"));
    RestoredIdentity.keepFormer(directory, aside);
    assertThat(aside.resolve("identity")).hasContent(before);
    RestoredIdentity.withdraw(directory);
    assertThat(file).hasContent(before);
  }
}
