/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The running SHA-256 over the journal's events: each link hashes the link before it and the bytes
 * of one event. Two masters that hold the same events up to an offset have the same hash there.
 * Immutable.
 */
final class ChainHash {
  static final int LENGTH_BYTES = 32;
  static final ChainHash EMPTY = new ChainHash(new byte[LENGTH_BYTES]);

  private final byte[] value;

  private ChainHash(byte[] value) {
    this.value = value;
  }

  static ChainHash of(byte[] value) {
    if (value.length != LENGTH_BYTES) {
      throw new IllegalArgumentException("a chain hash of " + value.length + " bytes; allowed: 32");
    }
    return new ChainHash(value.clone());
  }

  static ChainHash parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  ChainHash next(byte[] event) {
    Links links = links();
    links.add(UnsafeByteOperations.unsafeWrap(event));
    return links.end();
  }

  byte[] bytes() {
    return value.clone();
  }

  /** Of the events that follow this hash, with one digest for all of them. */
  Links links() {
    return new Links(value.clone());
  }

  /** A chain that grows. Not thread-safe. */
  static final class Links {
    private final MessageDigest digest = sha256();
    private byte[] end;

    private Links(byte[] start) {
      this.end = start;
    }

    void add(ByteString event) {
      digest.update(end);
      digest.update(event.asReadOnlyByteBuffer());
      end = digest.digest();
    }

    void add(byte[] bytes, int from, int length) {
      digest.update(end);
      digest.update(bytes, from, length);
      end = digest.digest();
    }

    ChainHash end() {
      return new ChainHash(end);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChainHash that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  /** Hexadecimal, 64 digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(value);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
