/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.view;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import io.curvine.journal.EventView;
import io.curvine.protocol.change.Changes;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import io.curvine.protocol.proto.Event;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** {@code curvine.changes.pb}: a record's key is the path, its value a {@link Change}. */
public final class ChangeProtoView implements EventView {
  private static final Map<ChangeType, ByteString> NAMES = new EnumMap<>(ChangeType.class);

  static {
    for (ChangeType type : ChangeType.values()) {
      NAMES.put(type, ByteString.copyFrom(type.name(), US_ASCII));
    }
  }

  @Override
  public Optional<Shown> show(long offset, Event event) {
    return Changes.of(offset, event)
        .map(change -> new Shown(change.getPath(), change.toByteString(), name(change.getType())));
  }

  /** As it is written in a header and in JSON. */
  static ByteString name(ChangeType type) {
    return NAMES.get(type);
  }
}
