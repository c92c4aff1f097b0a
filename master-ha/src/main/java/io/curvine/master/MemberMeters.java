/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.members.Member;
import io.curvine.master.members.Membership;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.concurrent.atomic.AtomicLong;

/** The gauges of who the members are. Thread-safe. */
final class MemberMeters {
  private final MultiGauge members;
  private final AtomicLong index;

  MemberMeters(MeterRegistry registry) {
    this.members =
        MultiGauge.builder("curvine.master.member")
            .description("Each master as this one knows them: 1 where it votes, 0 for a listener.")
            .register(registry);
    this.index = registry.gauge("curvine.master.member.index", new AtomicLong(-1));
  }

  void set(Membership now) {
    index.set(now.index());
    members.register(now.members().stream().map(MemberMeters::row).toList(), true);
  }

  private static MultiGauge.Row<Number> row(Member member) {
    Tags tags = Tags.of("id", member.id(), "rpc", member.peer().rpc().toString());
    return MultiGauge.Row.of(tags, member.listener() ? 0 : 1);
  }
}
