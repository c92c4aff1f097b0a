/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.proto.SetAttributes;

/**
 * Attributes to set, those not named stay as they are. Immutable: each method gives a new one.
 *
 * <p>Times are nanoseconds since the epoch.
 */
public final class AttributeChange {
  private static final AttributeChange NONE =
      new AttributeChange(SetAttributes.getDefaultInstance());

  private final SetAttributes change;

  private AttributeChange(SetAttributes change) {
    this.change = change;
  }

  /** Changes nothing; where others begin. */
  public static AttributeChange none() {
    return NONE;
  }

  /** Permission bits, 0 to 07777. */
  public AttributeChange mode(int bits) {
    return new AttributeChange(change.toBuilder().setMode(bits).build());
  }

  public AttributeChange uid(int uid) {
    return new AttributeChange(change.toBuilder().setUid(uid).build());
  }

  public AttributeChange gid(int gid) {
    return new AttributeChange(change.toBuilder().setGid(gid).build());
  }

  public AttributeChange atimeNanos(long nanos) {
    return new AttributeChange(change.toBuilder().setAtimeNanos(nanos).build());
  }

  public AttributeChange mtimeNanos(long nanos) {
    return new AttributeChange(change.toBuilder().setMtimeNanos(nanos).build());
  }

  public boolean isEmpty() {
    return change.equals(SetAttributes.getDefaultInstance());
  }

  SetAttributes toProto() {
    return change;
  }
}
