/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.UfsBinding;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ShowTest {
  @Test
  void modesReadAsLsShowsThem() {
    assertThat(mode(InodeType.FILE, 0644)).isEqualTo("-rw-r--r--");
    assertThat(mode(InodeType.DIRECTORY, 01777)).isEqualTo("drwxrwxrwt");
    assertThat(mode(InodeType.FILE, 04755)).isEqualTo("-rwsr-xr-x");
    assertThat(mode(InodeType.FILE, 02644)).isEqualTo("-rw-r-Sr--");
    assertThat(mode(InodeType.SYMLINK, 0777)).isEqualTo("lrwxrwxrwx");
  }

  @Test
  void specialFilesReadAsLsShowsThem() {
    Inode fifo = special(SpecialType.FIFO, 0);
    Inode device = special(SpecialType.BLOCK_DEVICE, 0x11110370);

    assertThat(Show.mode(fifo)).isEqualTo("prw-r-----");
    assertThat(Show.mode(special(SpecialType.SOCKET, 0))).isEqualTo("srw-r-----");
    assertThat(Show.mode(special(SpecialType.CHARACTER_DEVICE, 0x103))).isEqualTo("crw-r-----");
    assertThat(Show.mode(device)).isEqualTo("brw-r-----");
    assertThat(Show.json("/p", fifo).get("type").asText()).isEqualTo("fifo");
    assertThat(Show.json("/p", fifo).has("device")).isFalse();
    assertThat(Show.json("/b", device).get("type").asText()).isEqualTo("block device");
    assertThat(Show.json("/b", device).get("device").asText()).isEqualTo("259:70000");
  }

  private static Inode special(SpecialType type, int device) {
    return Inode.newBuilder()
        .setType(InodeType.SPECIAL)
        .setSpecialType(type.bits())
        .setDevice(device)
        .setMode(0640)
        .build();
  }

  @Test
  void nanosBeforeTheEpochAreTimesToo() {
    assertThat(Show.instant(-1)).isEqualTo(Instant.parse("1969-12-31T23:59:59.999999999Z"));
    assertThat(Show.instant(1_500_000_000L)).isEqualTo(Instant.parse("1970-01-01T00:00:01.5Z"));
  }

  @Test
  void jsonHoldsWhatScriptsNeed() {
    Inode file =
        Inode.newBuilder()
            .setId(7)
            .setType(InodeType.FILE)
            .setMode(0640)
            .setLengthBytes(12)
            .setUfs(UfsBinding.newBuilder().setVersion("etag"))
            .build();

    assertThat(Show.json("/a", file).toString())
        .startsWith(
            "{\"path\":\"/a\",\"type\":\"file\",\"inode\":7,\"length\":12,\"mode\":\"0640\"")
        .contains("\"ufsVersion\":\"etag\"");
  }

  @Test
  void linksShowTheirTarget() {
    Inode link =
        Inode.newBuilder()
            .setType(InodeType.SYMLINK)
            .setSymlinkTarget(ByteString.copyFromUtf8("/x"))
            .build();

    assertThat(Show.target(link)).isEqualTo(" -> /x");
    assertThat(Show.json("/l", link).get("target").asText()).isEqualTo("/x");
  }

  private static String mode(InodeType type, int bits) {
    return Show.mode(Inode.newBuilder().setType(type).setMode(bits).build());
  }
}
