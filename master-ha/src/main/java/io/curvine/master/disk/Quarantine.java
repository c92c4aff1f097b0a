/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where broken files are put: {@code quarantine/<time>-<what>}. Nothing of it is ever removed by a
 * master; an operator looks at it and does. Thread-safe.
 */
public final class Quarantine {
  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);

  private final Path directory;
  private final Clock clock;

  public Quarantine(Path directory, Clock clock) {
    this.directory = directory;
    this.clock = clock;
  }

  /**
   * Moves a file or a directory here, at once.
   *
   * @param what a word for its name
   * @param why for the log
   * @return where it is now
   */
  public Path put(Path broken, String what, String why) throws IOException {
    Path place = place(what);
    Files.move(broken, place, StandardCopyOption.ATOMIC_MOVE);
    sync(directory);
    sync(broken.getParent());
    LOG.error("{} is broken and was put into {}: {}", broken, place, why);
    return place;
  }

  /**
   * Makes a directory for several files that broke together.
   *
   * @param what a word for its name
   * @param why for the log
   */
  public Path place(String what, String why) throws IOException {
    Path place = Files.createDirectories(place(what));
    sync(directory);
    LOG.error("what is broken is put into {}: {}", place, why);
    return place;
  }

  private Path place(String what) throws IOException {
    Files.createDirectories(directory);
    String name = TIME.format(clock.instant()) + "-" + what;
    Path place = directory.resolve(name);
    for (int more = 2; Files.exists(place); more++) {
      place = directory.resolve(name + "-" + more);
    }
    return place;
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
