/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import org.junit.jupiter.api.Test;

class MetadataCacheTest {
  private static final ByteString NAME = ByteString.copyFromUtf8("a");
  private final MetadataCache cache = new MetadataCache();

  private static Inode file(long id, int links) {
    return Inode.newBuilder()
        .setId(id)
        .setType(InodeType.FILE)
        .setNlink(links)
        .setParent(1)
        .setName(NAME)
        .build();
  }

  @Test
  void whatWasSeenIsFoundByNameAndByNumberUntilItIsForgotten() {
    cache.keep(file(7, 1), cache.now());
    assertThat(cache.find(1, NAME).inode()).isEqualTo(file(7, 1));
    assertThat(cache.find(7).inode()).isEqualTo(file(7, 1));
    cache.forget(7);
    assertThat(cache.find(1, NAME)).isNull();
    assertThat(cache.find(7)).isNull();
  }

  @Test
  void aChangeOfTheNameForgetsWhatIsThere() {
    cache.keep(file(7, 1), cache.now());
    cache.forget(1, NAME);
    assertThat(cache.find(7)).isNull();
    cache.keep(file(8, 1), cache.now());
    assertThat(cache.find(1, NAME).inode().getId()).isEqualTo(8);
    assertThat(cache.find(7)).isNull();
  }

  @Test
  void whatMayHaveChangedSinceItWasAskedForIsNotKept() {
    long before = cache.now();
    cache.forget(7);
    cache.keep(file(7, 1), before);
    assertThat(cache.find(7)).isNull();

    before = cache.now();
    cache.forget(1, ByteString.copyFromUtf8("b"));
    cache.keep(file(7, 1), before);
    assertThat(cache.find(7)).isNull();

    before = cache.now();
    cache.forgetAll();
    cache.keep(file(7, 1), before);
    assertThat(cache.size()).isZero();
  }

  @Test
  void aFileOfSeveralNamesIsNotKept() {
    cache.keep(file(7, 2), cache.now());
    assertThat(cache.size()).isZero();
  }

  @Test
  void itIsBounded() {
    for (int i = 0; i < 250_000; i++) {
      Inode each = file(i + 2, 1).toBuilder().setName(ByteString.copyFromUtf8("n" + i)).build();
      cache.keep(each, cache.now());
    }
    assertThat(cache.size()).isBetween(50_000, 100_000);
    assertThat(cache.find(250_001)).isNotNull();
  }
}
