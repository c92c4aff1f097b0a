/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.worker.MemoryUfs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes of open stores, and of secrets, as tables come. */
class MountTableTest {
  private static final String SEALED = "sealed:1:0011223344556677:AAAA";

  private final List<MemoryUfs> opened = new ArrayList<>();
  private final MountTable table = new MountTable(this::open);

  private UnderFileSystem open(String uri, Map<String, String> options) {
    MemoryUfs ufs = new MemoryUfs();
    opened.add(ufs);
    return ufs;
  }

  private static Mount mount(int id, String secret) {
    return Mount.newBuilder()
        .setId(id)
        .setUri("s3://b" + id)
        .putOptions("s3.access-key", "a")
        .putOptions("s3.secret-key", secret)
        .build();
  }

  @Test
  void theStoreOfAMountThatIsGoneIsClosed() throws IOException {
    table.update(1, List.of(mount(1, "s"), mount(2, "s")));
    UnderFileSystem gone = table.of(1);
    UnderFileSystem stays = table.of(2);
    table.update(2, List.of(mount(2, "s")));
    assertThat(opened.get(0).closes()).isOne();
    assertThatThrownBy(() -> gone.status("f")).hasMessageContaining("taken away");
    assertThat(table.of(2)).isSameAs(stays);
    assertThat(opened.get(1).closes()).isZero();
    table.close();
    assertThat(opened.get(1).closes()).isOne();
  }

  @Test
  void aStoreThatIsReplacedIsClosedAtTheChangeAfterTheNext() throws IOException {
    table.update(1, List.of(mount(1, "s")));
    UnderFileSystem before = table.of(1);
    table.update(2, List.of(mount(1, "t")));
    assertThat(table.of(1)).isNotSameAs(before);
    assertThat(before.status("f")).isEmpty();
    table.update(3, List.of(mount(1, "t")));
    assertThat(opened.get(0).closes()).isOne();
    assertThat(opened.get(1).closes()).isZero();
  }

  @Test
  void aTableThatNobodyOpenedIsAskedForAgain() throws IOException {
    table.update(5, List.of(mount(1, SEALED), mount(2, "s")));
    assertThat(table.version()).isZero();
    UnderFileSystem other = table.of(2);
    table.update(5, List.of(mount(1, SEALED), mount(2, "s")));
    assertThat(table.version()).isZero();
    table.update(5, List.of(mount(1, "s"), mount(2, "s")));
    assertThat(table.version()).isEqualTo(5);
    assertThat(table.of(2)).isSameAs(other);
    // Another master has not opened it: what is here is better.
    table.update(5, List.of(mount(1, SEALED), mount(2, "s")));
    assertThat(table.version()).isEqualTo(5);
    table.update(4, List.of());
    assertThat(table.version()).isEqualTo(5);
  }

  @Test
  void noStoreIsOpenedWithASealedSecret() {
    try (MountTable real = new MountTable(UfsRegistry.load()::open)) {
      real.update(1, List.of(mount(1, SEALED)));
      assertThatThrownBy(() -> real.of(1))
          .isInstanceOf(CurvineException.class)
          .hasMessageContaining("ufs option s3.secret-key is sealed by the key 0011223344556677")
          .hasMessageContaining("master.secrets-key-file");
    }
  }
}
