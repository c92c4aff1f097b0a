/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;

/** A database of a build that had fewer families. */
final class OlderDatabaseTest {
  @TempDir private Path directory;

  @Test
  void aFamilyThatIsNotThereIsEmptyAndTheFirstWriterMakesIt() throws Exception {
    try (StateStore store = StateStore.open(directory, StoreSettings.small(), () -> {})) {
      Overlay changes = new Overlay(store);
      changes.put(ColumnFamily.META, Keys.of("x"), 7L);
      store.write(changes, 1, 1);
    }
    drop(ColumnFamily.GROUP_OFFSETS.storedName());
    try (StateStore store = StateStore.openReadOnly(directory, StoreSettings.small())) {
      assertThat(store.get(ColumnFamily.META, Keys.of("x"))).isEqualTo(7L);
      assertThat(store.view().groups().offset("g", "t", 0)).isNull();
      assertThat(store.view().groups().offsets("g")).isEmpty();
    }
    try (StateStore store = StateStore.open(directory, StoreSettings.small(), () -> {})) {
      assertThat(store.get(ColumnFamily.META, Keys.of("x"))).isEqualTo(7L);
      assertThat(store.view().groups().offsets("g")).isEmpty();
    }
  }

  private void drop(String family) throws Exception {
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    try (Options options = new Options()) {
      for (byte[] name : RocksDB.listColumnFamilies(options, directory.toString())) {
        descriptors.add(new ColumnFamilyDescriptor(name));
      }
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try (DBOptions options = new DBOptions();
        RocksDB db = RocksDB.open(options, directory.toString(), descriptors, handles)) {
      for (ColumnFamilyHandle handle : handles) {
        if (new String(handle.getName(), java.nio.charset.StandardCharsets.UTF_8).equals(family)) {
          db.dropColumnFamily(handle);
        }
        handle.close();
      }
    }
  }
}
