/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.master.apply.JournalApplier;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.proto.JournalEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Another master: it knows nothing but the bytes of the log, and folds every event. */
final class FollowerCore implements AutoCloseable {
  private final StateStore store;
  private final JournalLog journal;
  private final JournalApplier applier;
  private long raftIndex;

  FollowerCore(Path directory) throws IOException {
    journal = JournalLog.open(directory.resolve("journal"), JournalConfig.defaults());
    store = StateStore.open(directory.resolve("db"), StoreSettings.small(), () -> {});
    applier = new JournalApplier(store, journal);
  }

  void apply(SealedEntry entry) {
    try {
      byte[] logged = entry.entry().toByteArray();
      applier.apply(1, ++raftIndex, SealedEntry.fromLog(JournalEntry.parseFrom(logged)));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("the entry cannot be read back", e);
    } catch (IOException e) {
      throw new AssertionError("the entry cannot be applied", e);
    }
  }

  /** Key for key, in the database and as it is read. */
  void compare(StateStore leader, JournalLog leaderJournal, String when) {
    assertThat(journal.chainHash()).as(when).isEqualTo(leaderJournal.chainHash());
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      Map<String, Object> here = content(family, store);
      assertThat(here).as("%s: %s", when, family).isEqualTo(content(family, leader));
    }
  }

  private static <V> Map<String, Object> content(ColumnFamily<V> family, KvReader reader) {
    TreeMap<String, Object> content = new TreeMap<>();
    reader.scan(
        family,
        Keys.EMPTY,
        null,
        (key, value) -> {
          assertThat(reader.get(family, key)).as("what is read of %s", key).isEqualTo(value);
          content.put(key.toString(), value);
          return true;
        });
    return content;
  }

  @Override
  public void close() throws IOException {
    store.close();
    journal.close();
  }
}
