/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The running SHA-256 over the journal's events: each link hashes the link before it and the bytes
 * of one event. Two masters that hold the same events up to an offset have the same hash there.
 * Immutable.
 */
public final class ChainHash {
  /** Of one hash. */
  public static final int LENGTH_BYTES = 32;

  /** Before the first event of all. */
  public static final ChainHash EMPTY = new ChainHash(new byte[LENGTH_BYTES]);

  private final byte[] value;

  private ChainHash(byte[] value) {
    this.value = value;
  }

  /**
   * From its bytes.
   *
   * @throws IllegalArgumentException unless they are 32
   */
  public static ChainHash of(byte[] value) {
    if (value.length != LENGTH_BYTES) {
      throw new IllegalArgumentException("a chain hash of " + value.length + " bytes; allowed: 32");
    }
    return new ChainHash(value.clone());
  }

  /**
   * From 64 hexadecimal digits.
   *
   * @throws IllegalArgumentException where they are not
   */
  public static ChainHash parse(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  ChainHash next(byte[] event) {
    Links links = links();
    links.add(UnsafeByteOperations.unsafeWrap(event));
    return links.end();
  }

  /** A copy, 32 of them. */
  public byte[] bytes() {
    return value.clone();
  }

  /** Of the events that follow this hash, with one digest for all of them. */
  public Links links() {
    return new Links(value.clone());
  }

  /** A chain that grows. Not thread-safe. */
  public static final class Links {
    private final MessageDigest digest = sha256();
    private final byte[] end;

    private Links(byte[] start) {
      this.end = start;
    }

    /** The next event. */
    void add(ByteString event) {
      digest.update(end);
      digest.update(event.asReadOnlyByteBuffer());
      finish();
    }

    /** The next event, as a part of an array. */
    public void add(byte[] array, int from, int length) {
      digest.update(end);
      digest.update(array, from, length);
      finish();
    }

    private void finish() {
      try {
        digest.digest(end, 0, LENGTH_BYTES);
      } catch (DigestException e) {
        throw new IllegalStateException("a hash has room for itself", e);
      }
    }

    /** Whether the 32 bytes there are the chain's hash now. */
    public boolean endsWith(byte[] array, int from) {
      return Arrays.equals(end, 0, LENGTH_BYTES, array, from, from + LENGTH_BYTES);
    }

    /** Goes on from the 32 bytes there. */
    public void restart(byte[] array, int from) {
      System.arraycopy(array, from, end, 0, LENGTH_BYTES);
    }

    /** The chain's hash now. */
    public ChainHash end() {
      return of(end);
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
