/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.secrets;

import io.curvine.protocol.io.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The file of {@code master.secrets-key-file}: a key of 32 bytes in base64 a line; the first seals,
 * all open. Empty lines, and those that begin with '#', say nothing. Only its owner may read it.
 * Stateless.
 */
public final class SecretsKeyFile {
  private static final String SETTING = "secrets_key_file";
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private SecretsKeyFile() {}

  /**
   * The keys of the file, in its order.
   *
   * @throws IllegalArgumentException where it is not as it must be; no key is in the message
   */
  static List<SecretsKey> read(Path file) {
    if (!Files.isReadable(file) || !Files.isRegularFile(file)) {
      throw refused(file, "a file that this process can read");
    }
    try {
      requireOwners(file);
      List<SecretsKey> keys = new ArrayList<>();
      int number = 0;
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        number++;
        if (!line.isBlank() && !line.startsWith("#")) {
          keys.add(key(file, number, line.strip()));
        }
      }
      if (keys.isEmpty()) {
        throw refused(file, "a file with a key, 32 random bytes in base64, in its first line");
      }
      return keys;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          SETTING + " is " + file + ", which cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requireOwners(Path file) throws IOException {
    Set<PosixFilePermission> mode = EnumSet.noneOf(PosixFilePermission.class);
    mode.addAll(Files.getPosixFilePermissions(file));
    if (!OWNER.containsAll(mode)) {
      throw refused(
          file,
          "a file of mode 0600 or 0400, since it has "
              + PosixFilePermissions.toString(mode)
              + " and others could read the key");
    }
  }

  private static SecretsKey key(Path file, int number, String line) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException e) {
      // Without the cause: its message quotes the line.
      throw refused(file, "32 bytes in base64 a line, which line " + number + " is not");
    }
    if (bytes.length != SecretsKey.BYTES) {
      throw refused(
          file, "32 bytes in base64 a line; line " + number + " has " + bytes.length + " bytes");
    }
    return new SecretsKey(bytes);
  }

  private static IllegalArgumentException refused(Path file, String allowed) {
    return new IllegalArgumentException(SETTING + " is " + file + "; allowed: " + allowed);
  }

  /** Makes the file with a new key, where there is none; for one process at a time. */
  public static void make(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    byte[] key = new byte[SecretsKey.BYTES];
    new SecureRandom().nextBytes(key);
    String line = Base64.getEncoder().encodeToString(key) + "\n";
    DurableFile.write(
        file,
        line.getBytes(StandardCharsets.US_ASCII),
        PosixFilePermissions.asFileAttribute(OWNER));
  }
}
