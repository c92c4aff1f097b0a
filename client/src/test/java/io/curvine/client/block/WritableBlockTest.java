/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import static io.curvine.protocol.block.BlockFileFormat.DATA_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.io.FileKeys;
import io.curvine.protocol.proto.LocalBlock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WritableBlockTest {
  private static final LocalBlocks.Name NAME = new LocalBlocks.Name(0xabc, 7, 2);

  @TempDir Path dir;

  private Path file() {
    return dir.resolve("abc-7-2" + BlockFileFormat.SUFFIX);
  }

  private static LocalBlock told(Path file, String key) {
    return LocalBlock.newBuilder().setPath(file.toString()).setFileKey(key).build();
  }

  @Test
  void writesWhereTheBytesOfTheBlockAre() throws IOException {
    Path file = Files.createFile(file());
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3);
    try (WritableBlock block = WritableBlock.open(NAME, told(file, FileKeys.of(file)))) {
      block.write(100, bytes);
    }
    assertThat(bytes.remaining()).isEqualTo(3);
    byte[] all = Files.readAllBytes(file);
    assertThat(Arrays.copyOfRange(all, DATA_AT + 100, all.length)).containsExactly(1, 2, 3);
  }

  @Test
  void refusesWhatIsNotTheFileThatWasToldOf() throws IOException {
    Path file = Files.createFile(file());
    Path other = Files.createFile(dir.resolve("passwd"));
    String key = FileKeys.of(file);
    assertThatThrownBy(() -> WritableBlock.open(NAME, told(other, FileKeys.of(other))))
        .hasMessageContaining("is not the file of block");
    assertThatThrownBy(() -> WritableBlock.open(NAME, told(file, FileKeys.of(other))))
        .hasMessageContaining("is another file here");
    Files.delete(file);
    assertThatThrownBy(() -> WritableBlock.open(NAME, told(file, key)))
        .isInstanceOf(NoSuchFileException.class);
    Files.createSymbolicLink(file, other);
    assertThatThrownBy(() -> WritableBlock.open(NAME, told(file, FileKeys.of(other))))
        .isInstanceOf(IOException.class);
  }
}
