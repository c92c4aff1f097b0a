/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.proto.UfsFinding;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Opens locations of one kind of store. Found by {@link java.util.ServiceLoader}; stateless. */
public interface UfsProvider {
  /** URI schemes that it serves, lower case. */
  Set<String> schemes();

  /** Option keys that it knows, each with a sentence on meaning and default. */
  Map<String, String> options();

  /** Those of {@link #options()} whose values are never shown. */
  Set<String> secretOptions();

  /** What must be granted for this access, in the words of those who run such a store. */
  default String right(UfsFinding.Access access) {
    return "the right to " + access.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Opens a location. Does not call the store: the first operation does.
   *
   * @throws io.curvine.protocol.CurvineException INVALID_ARGUMENT where the URI or an option is not
   *     acceptable
   */
  UnderFileSystem open(URI location, Map<String, String> options) throws IOException;
}
