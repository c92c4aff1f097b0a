/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStream;
import io.curvine.ufs.UfsTreePage;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** As the store sees it that mounts use. */
class NumberedBucketTest {
  private static final int OBJECTS = 2_500;
  private static final int PER_DIRECTORY = 2_001;

  private NumberedBucket bucket;
  private UnderFileSystem store;

  @BeforeEach
  void open() throws IOException {
    bucket = new NumberedBucket(OBJECTS, PER_DIRECTORY);
    store = UfsRegistry.load().open(bucket.location(), bucket.options());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    bucket.close();
  }

  private List<String> names(String directory) throws IOException {
    List<String> names = new ArrayList<>();
    store.list(directory, child -> names.add(child.name()));
    return names;
  }

  @Test
  void directoriesAreListed() throws IOException {
    assertThat(names("")).containsExactly("names");
    assertThat(names("names")).containsExactly("d00000", "d00001");
    assertThat(names("names/d00001")).hasSize(OBJECTS - PER_DIRECTORY).startsWith("00002001");
  }

  @Test
  void aLargeDirectoryTakesOneCallForEachThousand() throws IOException {
    NumberedBucket.Calls before = bucket.calls();
    assertThat(names("names/d00000")).hasSize(PER_DIRECTORY).isSorted();
    assertThat(bucket.calls().since(before)).isEqualTo(new NumberedBucket.Calls(3, 0, 0));
  }

  @Test
  void theTreeIsListedFlat() throws IOException {
    List<String> keys = new ArrayList<>();
    UfsTreePage page;
    do {
      page = store.tree(keys.isEmpty() ? "" : keys.get(keys.size() - 1));
      page.items().forEach(item -> keys.add(item.key()));
    } while (page.more());
    assertThat(keys).hasSize(OBJECTS).isSorted();
    assertThat(keys.get(2_001)).isEqualTo(bucket.key(2_001));
  }

  @Test
  void aChangedObjectIsLongerAndOfAnotherVersion() throws IOException {
    String key = bucket.key(42);
    UfsStatus before = store.status(key).orElseThrow();
    assertThat(before.lengthBytes()).isEqualTo(NumberedBucket.BYTES);
    assertThat(bucket.change(42)).isEqualTo(1);
    UfsStatus after = store.status(key).orElseThrow();
    assertThat(after.lengthBytes()).isEqualTo(NumberedBucket.BYTES + 1);
    assertThat(after.version()).isEqualTo(bucket.eTag(42)).isNotEqualTo(before.version());
    assertThatThrownBy(() -> store.open(key, before.version(), 0, 1))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_CHANGED));
  }

  @Test
  void rangesAreRead() throws IOException {
    String key = bucket.key(1);
    try (UfsStream in = store.open(key, bucket.eTag(1), 10, 20)) {
      assertThat(in.readAllBytes()).hasSize(20).containsOnly(NumberedBucket.content(64));
    }
  }

  @Test
  void whatIsNotThereIsNotFound() throws IOException {
    assertThat(store.status("names/d00000/none")).isEmpty();
    assertThat(store.status("names/d00009")).isEmpty();
  }
}
