/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsPaths;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Between names as text and names as the bytes of a POSIX file system. Java encodes paths by {@code
 * sun.jnu.encoding}, which follows the locale of the process: a byte sequence that it cannot decode
 * becomes U+FFFD and a text that it cannot encode is an {@link InvalidPathException}. A name is
 * usable only if text and bytes convert to each other as UTF-8. Pure.
 */
public final class PosixNames {
  private static final String ENCODING =
      System.getProperty("sun.jnu.encoding", StandardCharsets.US_ASCII.name());
  private static final boolean UTF_8 =
      Charset.isSupported(ENCODING) && Charset.forName(ENCODING).equals(StandardCharsets.UTF_8);

  private PosixNames() {}

  /**
   * The path of that text.
   *
   * @throws CurvineException INVALID_ARGUMENT where the process's locale cannot express it
   */
  public static Path path(String text) throws CurvineException {
    try {
      if (!UTF_8 && !ascii(text)) {
        throw new InvalidPathException(text, "not ASCII");
      }
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "ufs path '"
              + text
              + "' cannot be written as sun.jnu.encoding "
              + ENCODING
              + "; start the process with LC_ALL=C.UTF-8",
          e);
    }
  }

  /** Whether the namespace can hold that child, and the text leads back to the same bytes. */
  public static boolean nameable(Path child) {
    String text = child.getFileName().toString();
    try {
      return UfsPaths.nameable(text)
          && (UTF_8 || ascii(text))
          && child.resolveSibling(text).equals(child);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  /** Whether the text of a link's target leads back to the same bytes. */
  static boolean faithful(Path target) {
    String text = target.toString();
    try {
      return (UTF_8 || ascii(text)) && Path.of(text).equals(target);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static boolean ascii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
