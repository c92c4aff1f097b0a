/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.mirror.Mirror;
import io.curvine.journal.mirror.MirrorProgress;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;

/** The gauges of the mirror, one row a topic; NaN where this master does not know. */
final class MirrorMeters {
  private static final double NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  private final MeterRegistry registry;

  MirrorMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void register(Mirror mirror) {
    for (MirrorProgress each : mirror.progress()) {
      String topic = each.topic();
      gauge(mirror, topic, "offset", "Next offset to be copied.", now -> known(now.nextOffset()));
      gauge(
          mirror,
          topic,
          "lag.events",
          "Offsets of the journal that the copy has not reached.",
          now -> known(now.lagEvents()));
      gauge(
          mirror,
          topic,
          "lag.seconds",
          "Age of the oldest event that the copy lacks.",
          now -> now.lagEvents().isEmpty() ? Double.NaN : now.lag().toNanos() / NANOS_PER_SECOND);
      gauge(
          mirror,
          topic,
          "skipped",
          "Offsets that were lost to the copy since this master leads.",
          MirrorProgress::skipped);
      for (MirrorProgress.State state : MirrorProgress.State.values()) {
        Gauge.builder(
                "curvine.master.mirror.state",
                mirror,
                from -> now(from, topic).state() == state ? 1 : 0)
            .description("1 for what the copy is at.")
            .tag("topic", topic)
            .tag("state", state.word())
            .register(registry);
      }
    }
  }

  private void gauge(
      Mirror mirror,
      String topic,
      String name,
      String description,
      ToDoubleFunction<MirrorProgress> value) {
    Gauge.builder(
            "curvine.master.mirror." + name, mirror, from -> value.applyAsDouble(now(from, topic)))
        .description(description)
        .tag("topic", topic)
        .register(registry);
  }

  private static MirrorProgress now(Mirror mirror, String topic) {
    return mirror.progress().stream()
        .filter(each -> each.topic().equals(topic))
        .findFirst()
        .orElseThrow();
  }

  private static double known(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : Double.NaN;
  }
}
