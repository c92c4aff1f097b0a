/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.ENTRY_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.dataAt;
import static io.curvine.protocol.block.BlockFileFormat.entryAt;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.block.PageEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a file of three pages: the second is missing, the third is short. */
final class MappedBlockTest {
  private static final int SHORT = 3 * CHUNK_BYTES + 77;
  private static final long THIRD = 2L * PAGE_SIZE_BYTES;

  private final byte[] content = new byte[2 * PAGE_SIZE_BYTES + SHORT];
  private final AtomicLong clock = new AtomicLong();
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    new Random(5).nextBytes(content);
    file = directory.resolve("block");
    put(0, PAGE_SIZE_BYTES);
    put(2, SHORT);
  }

  private void put(int page, int length) throws IOException {
    byte[] bytes =
        Arrays.copyOfRange(content, page * PAGE_SIZE_BYTES, page * PAGE_SIZE_BYTES + length);
    PageEntry entry = new PageEntry();
    entry.setLength(length);
    for (int chunk = 0; chunk < entry.chunks(); chunk++) {
      int from = chunk * CHUNK_BYTES;
      entry.setSum(chunk, Crc32c.of(ByteBuffer.wrap(bytes, from, entry.chunkLength(chunk))));
    }
    write(ByteBuffer.wrap(bytes), dataAt((long) page * PAGE_SIZE_BYTES));
    writeEntry(page, entry);
  }

  private void writeEntry(int page, PageEntry entry) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(ENTRY_BYTES);
    entry.writeTo(page, bytes);
    write(bytes.flip(), entryAt(page));
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes, at + bytes.position());
      }
    }
  }

  private void turnBit(long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 8));
      channel.write(one.flip(), at);
    }
  }

  private MappedBlock open(boolean verify) throws IOException {
    return MappedBlock.open(file, verify, clock::get);
  }

  private void assertReads(MappedBlock block, long offset, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocateDirect(length);
    assertThat(block.read(offset, into)).isTrue();
    assertThat(into.hasRemaining()).isFalse();
    byte[] read = new byte[length];
    into.flip().get(read);
    assertThat(read).isEqualTo(Arrays.copyOfRange(content, (int) offset, (int) offset + length));
  }

  private static void assertRefuses(MappedBlock block, long offset, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length + 10).position(3).limit(3 + length);
    assertThat(block.read(offset, into)).isFalse();
    assertThat(into.position()).isEqualTo(3);
    assertThat(into.remaining()).isEqualTo(length);
  }

  @Test
  void givesWhatIsThereAndRefusesTheRest() throws IOException {
    try (MappedBlock block = open(true)) {
      assertReads(block, 0, PAGE_SIZE_BYTES);
      assertReads(block, CHUNK_BYTES - 5, 10);
      assertReads(block, THIRD, SHORT);
      assertReads(block, THIRD + SHORT - 1, 1);
      assertRefuses(block, PAGE_SIZE_BYTES, 1);
      assertRefuses(block, PAGE_SIZE_BYTES - 1, 2);
      assertRefuses(block, THIRD - 1, 2);
      assertRefuses(block, THIRD + SHORT - 1, 2);
      assertRefuses(block, 1L << 29, 1);
    }
  }

  @Test
  void aWrongByteIsRefusedAndSoIsAWrongChecksum() throws IOException {
    turnBit(dataAt(CHUNK_BYTES + 1));
    turnBit(entryAt(2) + 20);
    try (MappedBlock block = open(true)) {
      assertReads(block, 0, CHUNK_BYTES);
      assertRefuses(block, CHUNK_BYTES, 1);
      assertRefuses(block, 0, PAGE_SIZE_BYTES);
      assertReads(block, 2 * CHUNK_BYTES, CHUNK_BYTES);
      assertRefuses(block, THIRD, 1);
    }
  }

  @Test
  void aByteThatGoesWrongLaterIsFoundAfterAWhile() throws IOException {
    try (MappedBlock block = open(true)) {
      assertReads(block, 0, PAGE_SIZE_BYTES);
      turnBit(dataAt(1));
      clock.addAndGet(TimeUnit.MINUTES.toNanos(2));
      assertRefuses(block, 0, 1);
      assertReads(block, CHUNK_BYTES, 1);
    }
  }

  @Test
  void aPageThatIsBeingWrittenIsRefused() throws IOException {
    PageEntry entry = new PageEntry();
    entry.setLength(PAGE_SIZE_BYTES);
    entry.setOpen(7);
    writeEntry(0, entry);
    try (MappedBlock block = open(true)) {
      assertRefuses(block, 0, 1);
    }
  }

  @Test
  void aPageThatComesLaterIsSeenWithinTheMapping() throws IOException {
    try (MappedBlock block = open(true)) {
      assertRefuses(block, PAGE_SIZE_BYTES, 1);
      put(1, PAGE_SIZE_BYTES);
      assertReads(block, PAGE_SIZE_BYTES - 10, PAGE_SIZE_BYTES + 20);
    }
  }

  @Test
  void withoutVerificationBytesAreGivenAsTheyAre() throws IOException {
    turnBit(dataAt(0));
    content[0] ^= 8;
    try (MappedBlock block = open(false)) {
      assertReads(block, 0, 100);
    }
  }

  @Test
  void itEndsWithItsLastReader() throws IOException {
    MappedBlock block = open(true);
    assertThat(block.retain()).isTrue();
    block.close();
    assertReads(block, 0, 100);
    assertThat(block.retain()).isTrue();
    block.release();
    block.release();
    assertThat(block.retain()).isFalse();
  }

  @Test
  void aFileThatIsCutUnderTheMappingIsRefused() throws IOException {
    try (MappedBlock block = open(true);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      assertReads(block, 0, 100);
      channel.truncate(0);
      assertRefuses(block, 0, 100);
      assertRefuses(block, THIRD, 100);
    }
  }
}
