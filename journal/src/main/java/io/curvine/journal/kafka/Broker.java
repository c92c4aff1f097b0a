/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

/**
 * A master as Kafka clients see it.
 *
 * @param id the master's number in the cluster
 * @param host as clients reach it
 * @param port of its feed
 * @param leader whether it leads; at most one does
 */
public record Broker(int id, String host, int port, boolean leader) {}
