/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.local;

import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.change.ChangeSourceProvider;
import io.curvine.ufs.file.PosixNames;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens {@code inotify}: a directory of the machine on which the leading master runs. */
public final class InotifySourceProvider implements ChangeSourceProvider {
  @Override
  public String kind() {
    return "inotify";
  }

  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }

  @Override
  public Set<String> secretOptions() {
    return Set.of();
  }

  @Override
  public ChangeSource open(URI location, Map<String, String> options, Optional<String> cursor)
      throws IOException {
    return new InotifySource(
        PosixNames.path(location.getPath()), cursor.isPresent(), TreeWatcher::registrar);
  }
}
