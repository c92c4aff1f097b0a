/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.StateFinding;
import java.util.Comparator;

/** Makes findings. Stateless. */
public final class Findings {
  /**
   * The order in which they are told and mended. The last numbers that were given come first: a
   * repair takes new ones.
   */
  public static final Comparator<StateFinding> ORDER =
      Comparator.comparing((StateFinding finding) -> !Counters.isOfLastNumber(finding))
          .thenComparing(StateFinding::getKind)
          .thenComparing(StateFinding::getFamily)
          .thenComparing(StateFinding::getKey, ByteString.unsignedLexicographicalComparator());

  private Findings() {}

  /**
   * A finding.
   *
   * @param inode 0: about none
   * @param repair what a repair does; empty: nothing mends it
   */
  public static StateFinding.Builder of(
      FindingKind kind, ColumnFamily<?> family, Key key, long inode, String text, String repair) {
    return StateFinding.newBuilder()
        .setKind(kind)
        .setFamily(family.number())
        .setKey(ByteString.copyFrom(key.bytes()))
        .setInode(inode)
        .setText(text)
        .setRepair(repair);
  }

  /** Whether a finding is about the same as another, whatever else has become of it. */
  public static boolean same(StateFinding one, StateFinding other) {
    return one.getKind() == other.getKind()
        && one.getFamily() == other.getFamily()
        && one.getKey().equals(other.getKey());
  }
}
