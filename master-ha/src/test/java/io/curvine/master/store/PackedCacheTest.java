/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.protocol.proto.Inode;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PackedCacheTest {
  private static final long MIB = 1 << 20;

  private final PackedCache<Long> names = new PackedCache<>(ColumnFamily.DENTRIES, MIB, 0);

  private static Key name(long number) {
    return Keys.of(number % 7, ByteString.copyFromUtf8("name-" + number));
  }

  private static byte[] stored(long value) {
    return ColumnFamily.DENTRIES.toBytes(value);
  }

  @Test
  void knowsWhatWasPutAndWhatIsAbsentAndNothingElse() {
    names.put(name(1), stored(17));
    names.put(name(2), null);

    assertThat(names.get(name(1))).isEqualTo(17L);
    assertThat(names.get(name(2))).isSameAs(PackedCache.ABSENT);
    assertThat(names.get(name(3))).isNull();
  }

  @Test
  void namesOfEveryLengthAreTold() {
    for (int length = 1; length <= 255; length++) {
      Key key = Keys.of(9, ByteString.copyFromUtf8("x".repeat(length)));
      names.put(key, stored(length));
      assertThat(names.get(key)).isEqualTo((long) length);
    }
  }

  @Test
  void aParsedValueIsThatOfTheNewestEntry() {
    PackedCache<Inode> inodes = new PackedCache<>(ColumnFamily.INODES, MIB, 4);
    Key key = Keys.of(5);
    for (int mode = 0; mode < 100; mode++) {
      Inode inode = Inode.newBuilder().setId(5).setMode(mode).build();
      inodes.put(key, inode.toByteArray());
      assertThat(inodes.get(key)).isEqualTo(inode);
      assertThat(inodes.get(key)).isSameAs(inodes.get(key));
    }
  }

  @Test
  void keepsToItsBytesAndWhatIsReadOften() {
    Key often = name(0);
    names.put(often, stored(0));
    for (long i = 1; i < 200_000; i++) {
      names.put(name(i), stored(i));
      assertThat(names.get(often)).as("after %s others", i).isEqualTo(0L);
    }
    assertThat(names.capacityBytes()).isLessThanOrEqualTo(MIB);
    long kept = LongStream.range(0, 200_000).filter(i -> names.get(name(i)) != null).count();
    assertThat(kept).isBetween(MIB / 2 / 40, MIB / 30);
  }

  @Test
  void anythingItAnswersIsWhatWasLastPut() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    PackedCache<Long> small = new PackedCache<>(ColumnFamily.DENTRIES, MIB / 2, 0);
    Map<Key, Object> model = new HashMap<>();
    int known = 0;
    for (int i = 0; i < 300_000; i++) {
      Key key = name(random.nextInt(30_000));
      if (random.nextInt(3) == 0) {
        boolean absent = random.nextInt(4) == 0;
        long value = random.nextLong();
        small.put(key, absent ? null : stored(value));
        model.put(key, absent ? PackedCache.ABSENT : value);
      } else {
        Object found = small.get(key);
        if (found != null) {
          known++;
          assertThat(found).as("seed %s, step %s", seed, i).isEqualTo(model.get(key));
        }
      }
    }
    assertThat(known).as("seed %s", seed).isGreaterThan(1_000);
  }

  /** One thread changes a stand-in of the database and then the cache; others read and fill. */
  @Test
  void whatWasReadBeforeAChangeIsNotKeptAfterIt() throws InterruptedException {
    // So long that four times as many as there is room for are few enough to meet.
    Key[] keys = new Key[1_000];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = Keys.of(i, ByteString.copyFromUtf8("x".repeat(2_000)));
    }
    AtomicLongArray database = new AtomicLongArray(keys.length);
    AtomicLongArray cachedAtLeast = new AtomicLongArray(keys.length);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong stale = new AtomicLong();
    AtomicLong filled = new AtomicLong();
    PackedCache<Long> small = new PackedCache<>(ColumnFamily.DENTRIES, 0, 0);
    Runnable reader =
        () -> {
          Random random = new Random();
          while (!stop.get()) {
            int number = random.nextInt(keys.length);
            Key key = keys[number];
            long least = cachedAtLeast.get(number);
            Object found = small.get(key);
            if (found == null) {
              int ticket = small.ticket(key);
              byte[] value = stored(database.get(number));
              LockSupport.parkNanos(1_000); // A database takes its time.
              small.fill(key, value, ticket);
              filled.incrementAndGet();
            } else if ((long) found < least) {
              stale.incrementAndGet();
            }
          }
        };
    Thread[] readers = {new Thread(reader), new Thread(reader), new Thread(reader)};
    for (Thread each : readers) {
      each.start();
    }
    Random random = new Random();
    for (long value = 1; value < 500_000 && stale.get() == 0; value++) {
      int number = random.nextInt(keys.length);
      database.set(number, value);
      small.put(keys[number], stored(value));
      cachedAtLeast.set(number, value);
    }
    stop.set(true);
    for (Thread each : readers) {
      each.join();
    }
    assertThat(stale).hasValue(0);
    assertThat(filled.get()).isPositive();
  }
}
