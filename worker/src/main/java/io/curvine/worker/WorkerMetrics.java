/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker;

import io.curvine.protocol.proto.TierUsage;
import io.curvine.worker.cluster.FeedFollower;
import io.curvine.worker.cluster.Lease;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.jobs.JobRunner;
import io.curvine.worker.net.DataServer;
import io.curvine.worker.store.BlockStore;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/** The worker's numbers, under {@code curvine.worker.*}. */
final class WorkerMetrics {
  private WorkerMetrics() {}

  static void register(
      MeterRegistry registry, BlockStore store, DataServer server, PageFiller filler, Lease lease) {
    counter(registry, "corrupt.pages", store, BlockStore::corruptPages);
    counter(registry, "pins.refused", store, BlockStore::keepRefusals);
    counter(registry, "read.bytes", server, DataServer::readBytes);
    counter(registry, "reads.cached", server, DataServer::cachedReads);
    counter(registry, "reads.filled", server, DataServer::filledReads);
    counter(registry, "written.bytes", server, DataServer::writtenBytes);
    counter(registry, "taken.over.bytes", server, DataServer::takenOverBytes);
    counter(registry, "fill.ranges", filler, PageFiller::fetches);
    counter(registry, "fill.bytes", filler, PageFiller::fetchedBytes);
    gauge(registry, "held.reply.bytes", server, DataServer::heldReplyBytes);
    gauge(registry, "failed.directories", store, BlockStore::failedDirs);
    gauge(registry, "used.bytes", store, s -> sum(s, TierUsage::getUsedBytes));
    gauge(registry, "pinned.bytes", store, s -> sum(s, TierUsage::getPinnedBytes));
    gauge(registry, "kept.bytes", store, s -> sum(s, TierUsage::getKeptBytes));
    gauge(registry, "capacity.bytes", store, s -> sum(s, TierUsage::getCapacityBytes));
    gauge(registry, "blocks", store, s -> sum(s, TierUsage::getBlocks));
    gauge(registry, "lease.held", lease, l -> l.held() ? 1 : 0);
  }

  static void registerJobs(MeterRegistry registry, JobRunner jobs, FeedFollower feed) {
    counter(registry, "jobs.succeeded", jobs, JobRunner::succeeded);
    counter(registry, "jobs.failed", jobs, JobRunner::failed);
    gauge(registry, "feed.offset", feed, FeedFollower::cursor);
  }

  private static double sum(BlockStore store, ToDoubleFunction<TierUsage> of) {
    return store.tiers().stream().mapToDouble(of).sum();
  }

  private static <T> void counter(
      MeterRegistry registry, String name, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder("curvine.worker." + name, of, value).register(registry);
  }

  private static <T> void gauge(
      MeterRegistry registry, String name, T of, ToDoubleFunction<T> value) {
    Gauge.builder("curvine.worker." + name, of, value).register(registry);
  }
}
