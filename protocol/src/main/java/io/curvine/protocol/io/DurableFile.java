/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;

/** Small files that are whole, as they were or as they are to be, also after a loss of power. */
public final class DurableFile {
  private static final String DRAFT = ".new";

  private DurableFile() {}

  /**
   * Makes a file, or replaces what it holds; durable when it returns, with its name. For one caller
   * at a time: the draft beside it has the same name with {@code .new} behind.
   *
   * @param attributes that the file is made with
   */
  public static void write(Path file, byte[] content, FileAttribute<?>... attributes)
      throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + DRAFT);
    Files.deleteIfExists(draft); // what an earlier one left, with whatever attributes
    try (FileChannel out =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel names =
        FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}
