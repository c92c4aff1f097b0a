/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.change;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Opens change sources of one kind. Found by {@link java.util.ServiceLoader}; stateless. Option
 * keys begin with the kind and a dot, so that they cannot meet those of another.
 */
public interface ChangeSourceProvider {
  /** What {@code curvine mount --source} calls it: lower case, {@code kafka} for example. */
  String kind();

  /** Schemes of the locations that it can tell about; empty: any. */
  Set<String> schemes();

  /** Option keys that it knows, each with a sentence on meaning and default. */
  Map<String, String> options();

  /** Those of {@link #options()} whose values are never shown. */
  Set<String> secretOptions();

  /**
   * Opens a source. Does not call anything remote: the first poll does.
   *
   * @param location of the mount, as {@link io.curvine.ufs.UfsRegistry#normalise} spells it
   * @param options of the mount: those of its store, of this source and of others
   * @param cursor where to go on; empty: from now. Where the source has lost what comes after the
   *     cursor, the first batch has a gap
   * @throws io.curvine.protocol.CurvineException INVALID_ARGUMENT where an option is missing or not
   *     acceptable
   */
  ChangeSource open(URI location, Map<String, String> options, Optional<String> cursor)
      throws IOException;
}
