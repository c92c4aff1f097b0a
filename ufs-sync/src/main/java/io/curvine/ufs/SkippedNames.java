/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, once a directory, that a listing left out what the namespace cannot name. Thread-safe. It
 * remembers the latest {@value #REMEMBERED_MAX} directories.
 */
public final class SkippedNames {
  private static final Logger LOG = LoggerFactory.getLogger(SkippedNames.class);
  private static final int REMEMBERED_MAX = 1_000;

  private final String location;
  private final Set<String> logged =
      Collections.newSetFromMap(
          Collections.synchronizedMap(
              new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                  return size() > REMEMBERED_MAX;
                }
              }));

  /** For one location, which the log line names. */
  public SkippedNames(String location) {
    this.location = location;
  }

  /** Says that {@code name} (printable form) is left out of listings of {@code directory}. */
  public void skipped(String directory, String name, String why) {
    if (logged.add(directory)) {
      LOG.warn(
          "listing of '{}' in {} leaves out '{}' (and others like it): {}",
          directory,
          location,
          name,
          why);
    }
  }
}
