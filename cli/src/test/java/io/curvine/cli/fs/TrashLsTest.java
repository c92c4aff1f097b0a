/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.client.Trash;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrashLsTest {
  private static final List<Trash.Item> ITEMS =
      List.of(
          new Trash.Item(
              ByteString.copyFromUtf8("/m/.trash/until-2026-11-29-07/a%2Fb/f"),
              ByteString.copyFromUtf8("/m/a/b/f"),
              Inode.newBuilder().setType(InodeType.FILE).setLengthBytes(7).build(),
              Instant.parse("2026-11-29T07:00:00Z")));

  @Test
  void aRowSaysWhereItWasAndUntilWhenItIsKept() {
    List<String> lines =
        TrashLs.text(ITEMS).lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertThat(lines.get(1))
        .isEqualTo("/m/a/b/f file 2026-11-29T07:00:00Z /m/.trash/until-2026-11-29-07/a%2Fb/f");
    assertThat(TrashLs.text(List.of())).isEqualTo("nothing is in the trash\n");
  }

  @Test
  void jsonHasTheSame() {
    assertThat(TrashLs.json(ITEMS).get(0).toString())
        .isEqualTo(
            "{\"origin\":\"/m/a/b/f\",\"type\":\"file\",\"lengthBytes\":7,"
                + "\"keptUntil\":\"2026-11-29T07:00:00Z\","
                + "\"path\":\"/m/.trash/until-2026-11-29-07/a%2Fb/f\"}");
  }
}
