/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.fuse.FakeBackend;
import io.curvine.fuse.vfs.Backend;
import io.curvine.fuse.vfs.BackendWriter;
import io.curvine.fuse.vfs.Caller;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CachingBackendTest {
  private static final Caller ROOT = Caller.ROOT;
  private static final int STEPS = 20_000;

  private final FakeBackend behind = new FakeBackend();
  private final MetadataCache cache = new MetadataCache();
  private Currency currency;
  private Backend backend;

  @BeforeEach
  void believe() {
    currency = Currency.start(new EmptyJournal(), TimeUnit.HOURS.toNanos(1));
    while (!currency.holds()) {
      Thread.onSpinWait();
    }
    backend = new CachingBackend(behind, cache, currency);
  }

  @AfterEach
  void close() {
    currency.close();
  }

  private record EmptyJournal() implements Currency.Journal {
    @Override
    public long end() {
      return 0;
    }

    @Override
    public boolean isQuiet(long from, long to) {
      return true;
    }
  }

  private static ByteString name(int number) {
    return ByteString.copyFromUtf8("n" + number);
  }

  @Test
  void whatIsKnownIsNotAskedForAgain() throws IOException {
    Inode made = backend.makeDirectory(ROOT, 1, name(1), 0755);
    assertThat(backend.lookup(ROOT, 1, name(1))).isEqualTo(made);
    int asked = behind.stats.get();
    assertThat(backend.lookup(ROOT, 1, name(1))).isEqualTo(made);
    assertThat(backend.attributes(ROOT, made.getId())).isEqualTo(made);
    assertThat(behind.stats.get()).isEqualTo(asked);
    cache.forget(made.getId());
    assertThat(backend.attributes(ROOT, made.getId())).isEqualTo(made);
    assertThat(behind.stats.get()).isEqualTo(asked + 1);
  }

  /** Whatever is changed through it, it says what the backend behind it says. */
  @Test
  void saysWhatIsBehindItAfterEachOfRandomChanges() {
    long seed = Long.getLong("curvine.seed", System.nanoTime());
    System.out.println("CachingBackendTest: -Dcurvine.seed=" + seed);
    Random random = new Random(seed);
    List<Long> directories = new ArrayList<>(List.of(1L));
    List<Long> files = new ArrayList<>();
    for (int step = 0; step < STEPS; step++) {
      long from = directories.get(random.nextInt(directories.size()));
      long to = directories.get(random.nextInt(directories.size()));
      try {
        change(random, from, to, directories, files);
      } catch (IOException e) {
        // Refused, by the backend: then nothing has changed.
      }
      assertSame(
          () -> backend.lookup(ROOT, from, name(0)), () -> behind.lookup(ROOT, from, name(0)));
      for (int i = 0; i < 6; i++) {
        ByteString each = name(i);
        assertSame(() -> backend.lookup(ROOT, to, each), () -> behind.lookup(ROOT, to, each));
      }
      long any = files.isEmpty() ? 1 : files.get(random.nextInt(files.size()));
      assertSame(() -> backend.attributes(ROOT, any), () -> behind.attributes(ROOT, any));
      assertSame(() -> backend.attributes(ROOT, from), () -> behind.attributes(ROOT, from));
    }
    assertThat(files.size()).isGreaterThan(100);
  }

  private void change(Random random, long from, long to, List<Long> directories, List<Long> files)
      throws IOException {
    ByteString first = name(random.nextInt(6));
    ByteString second = name(random.nextInt(6));
    long file = files.isEmpty() ? 1 : files.get(random.nextInt(files.size()));
    switch (random.nextInt(9)) {
      case 0 -> directories.add(backend.makeDirectory(ROOT, from, first, 0755).getId());
      case 1 -> {
        BackendWriter made = backend.create(ROOT, from, first, 0644);
        files.add(made.inode().getId());
        made.write(0, ByteBuffer.wrap(new byte[random.nextInt(100)]));
        made.close();
      }
      case 2 -> backend.rename(ROOT, from, first, to, second, random.nextBoolean());
      case 3 -> backend.delete(ROOT, from, first, InodeType.FILE);
      case 4 -> backend.delete(ROOT, from, first, InodeType.DIRECTORY);
      case 5 -> backend.link(ROOT, file, from, first);
      case 6 -> {
        int mode = random.nextInt(0777);
        backend.setAttributes(ROOT, file, SetAttributes.newBuilder().setMode(mode).build());
      }
      case 7 -> backend.truncate(ROOT, file, random.nextInt(100));
      default -> {
        try (WriterToClose writer = new WriterToClose(backend.openForWrite(ROOT, file, false))) {
          writer.writer.write(random.nextInt(50), ByteBuffer.wrap(new byte[10]));
          writer.writer.flush();
        }
      }
    }
  }

  private record WriterToClose(BackendWriter writer) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  private interface Look {
    Inode inode() throws IOException;
  }

  private static Inode orNull(Look look) {
    try {
      return look.inode();
    } catch (IOException e) {
      return null;
    }
  }

  private static void assertSame(Look cached, Look real) {
    Inode expected = orNull(real);
    Inode seen = orNull(cached);
    if (!Objects.equals(seen, expected)) {
      assertThat(seen).isEqualTo(expected);
    }
  }
}
