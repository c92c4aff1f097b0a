/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.snapshot.SnapshotFiles;
import java.io.IOException;
import java.nio.file.Path;

/** What a restore writes beside the state, for the master that starts on it. Stateless. */
public final class RestoredIdentity {
  private RestoredIdentity() {}

  /**
   * Has no master start on a directory from now on, durably.
   *
   * @return whether one could have before
   */
  public static boolean begin(Path dataDirectory) throws IOException {
    boolean news = Identity.beginRestore(dataDirectory);
    SnapshotFiles.syncDirectory(dataDirectory);
    return news;
  }

  /** Takes back {@link #begin}: the directory is as it was. */
  public static void withdraw(Path dataDirectory) throws IOException {
    Identity.withdrawRestore(dataDirectory);
    SnapshotFiles.syncDirectory(dataDirectory);
  }

  /** Writes the identity that a directory had before {@link #begin} into another, durably. */
  public static void keepFormer(Path dataDirectory, Path into) throws IOException {
    Identity.keepFormer(dataDirectory, into);
    SnapshotFiles.syncDirectory(into);
  }

  /** Lets a master start that forms a cluster alone, durably. */
  public static void end(Path dataDirectory) throws IOException {
    Identity.endRestore(dataDirectory);
    SnapshotFiles.syncDirectory(dataDirectory);
  }
}
