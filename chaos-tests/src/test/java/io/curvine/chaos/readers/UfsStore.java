/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import java.io.IOException;
import java.util.Map;

/** A UFS as those see it who change it behind Curvine's back. Thread-safe. */
public interface UfsStore {
  /** Makes or replaces an object in one step, by the next version that the store gives. */
  void put(String key, byte[] content) throws IOException;

  /**
   * Replaces an object by one that looks as much alike as the store lets it: of the same time,
   * where a time can be set.
   *
   * @param content as long as what it replaces
   */
  void putAlike(String key, byte[] content) throws IOException;

  /** Deletes an object that is there. */
  void delete(String key) throws IOException;

  /** Gives an object another key, in place of what may be there. */
  void rename(String from, String to) throws IOException;

  /** Every object. */
  Map<String, byte[]> all() throws IOException;
}
