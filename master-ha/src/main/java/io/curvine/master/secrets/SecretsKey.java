/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.secrets;

import io.curvine.ufs.SealedValue;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals by AES-256-GCM: {@code sealed:1:KEYID:BASE64} of a nonce, the encrypted value and its tag.
 * The option's name is associated data, so that a sealed value is none of another option.
 * Immutable, hence thread-safe.
 */
final class SecretsKey {
  /** Of a key. */
  static final int BYTES = 32;

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int ID_BYTES = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKey key;
  private final String id;

  /**
   * A key.
   *
   * @param bytes {@link #BYTES} of them, random
   */
  SecretsKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "a key is " + bytes.length + " bytes; allowed: " + BYTES + " bytes");
    }
    this.key = new SecretKeySpec(bytes, "AES");
    this.id = HexFormat.of().formatHex(sha256(bytes), 0, ID_BYTES);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Tells keys apart: the first 8 bytes of the key's SHA-256, in hexadecimal digits. */
  String id() {
    return id;
  }

  /** Seals a value, differently each time. */
  String seal(String option, String clear) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, nonce, option)
              .doFinal(clear.getBytes(StandardCharsets.UTF_8));
      byte[] all = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
      System.arraycopy(sealed, 0, all, NONCE_BYTES, sealed.length);
      return SealedValue.PREFIX + id + ":" + Base64.getEncoder().encodeToString(all);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + CIPHER, e);
    }
  }

  /** The value; empty where it was sealed by another key, for another option, or was changed. */
  Optional<String> open(String option, String sealed) {
    String mine = SealedValue.PREFIX + id + ":";
    if (!sealed.startsWith(mine)) {
      return Optional.empty();
    }
    try {
      byte[] all = Base64.getDecoder().decode(sealed.substring(mine.length()));
      if (all.length < NONCE_BYTES) {
        return Optional.empty();
      }
      byte[] clear =
          cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(all, NONCE_BYTES), option)
              .doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
      return Optional.of(new String(clear, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return Optional.empty(); // no base64, or not what was sealed: who asks says so
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String option) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(option.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
