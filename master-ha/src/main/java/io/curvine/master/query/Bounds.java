/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import java.util.Map;

/**
 * What an answer has to keep to.
 *
 * @param blocks in a layout, at most
 * @param unloadable directories whose names cannot be loaded, and why; for entries of a batch that
 *     need them, that is the outcome
 * @param partly directories whose names are being loaded, each with the name up to which all are in
 *     the state, itself included: a page of them needs no more than that
 */
public record Bounds(
    int blocks, Map<Long, CurvineException> unloadable, Map<Long, ByteString> partly) {
  public static final Bounds NONE = new Bounds(Integer.MAX_VALUE, Map.of(), Map.of());

  /** An answer of at most so many blocks, for a thread with other things to do. */
  public static Bounds brief(int blocks) {
    return new Bounds(blocks, Map.of(), Map.of());
  }

  /** An answer without what cannot be loaded. */
  public static Bounds without(Map<Long, CurvineException> unloadable) {
    return new Bounds(Integer.MAX_VALUE, unloadable, Map.of());
  }

  /** A page of a directory of which no more is loaded than up to a name; empty: nothing. */
  public static Bounds partly(long directory, ByteString upTo) {
    return upTo.isEmpty() ? NONE : new Bounds(Integer.MAX_VALUE, Map.of(), Map.of(directory, upTo));
  }
}
