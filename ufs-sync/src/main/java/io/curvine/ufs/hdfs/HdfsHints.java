/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.ufs.TemporaryNames;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.change.ChangeHint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.hdfs.inotify.Event;

/** Makes hints of the events of HDFS. Pure. */
final class HdfsHints {
  private final HdfsPaths paths;

  HdfsHints(HdfsPaths paths) {
    this.paths = paths;
  }

  /** None for what is outside the location, and for temporary files of our own writes. */
  List<ChangeHint> of(Event event) {
    return switch (event.getEventType()) {
      case CREATE -> at(((Event.CreateEvent) event).getPath()).toList();
      case CLOSE -> at(((Event.CloseEvent) event).getPath()).toList();
      case APPEND -> at(((Event.AppendEvent) event).getPath()).toList();
      case METADATA -> at(((Event.MetadataUpdateEvent) event).getPath()).toList();
      case TRUNCATE -> at(((Event.TruncateEvent) event).getPath()).toList();
      case UNLINK -> below(((Event.UnlinkEvent) event).getPath()).toList();
      case RENAME -> renamed((Event.RenameEvent) event);
    };
  }

  /** When it happened, in milliseconds since the epoch; 0: the event does not say. */
  static long millis(Event event) {
    return switch (event.getEventType()) {
      case CREATE -> ((Event.CreateEvent) event).getCtime();
      case CLOSE -> ((Event.CloseEvent) event).getTimestamp();
      case RENAME -> ((Event.RenameEvent) event).getTimestamp();
      case UNLINK -> ((Event.UnlinkEvent) event).getTimestamp();
      case APPEND, METADATA, TRUNCATE -> 0;
    };
  }

  private List<ChangeHint> renamed(Event.RenameEvent event) {
    String from = event.getSrcPath();
    String to = event.getDstPath();
    // What was a temporary file is a file, and has nothing below it.
    Stream<ChangeHint> arrived =
        TemporaryNames.isTemporary(UfsPaths.name(from)) ? at(to) : below(to);
    return Stream.concat(below(from), arrived).toList();
  }

  private Stream<ChangeHint> at(String path) {
    return inside(path).map(ChangeHint::at).stream();
  }

  private Stream<ChangeHint> below(String path) {
    return paths.isBelow(path)
        ? Stream.of(ChangeHint.below(""))
        : inside(path).map(ChangeHint::below).stream();
  }

  private Optional<String> inside(String path) {
    return paths
        .relative(path)
        .filter(relative -> !TemporaryNames.isTemporary(UfsPaths.name(relative)));
  }
}
