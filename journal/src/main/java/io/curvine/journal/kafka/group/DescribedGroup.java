/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import org.apache.kafka.common.protocol.Errors;

/** One group as it is described; dead where it is not there. */
public record DescribedGroup(Errors error, Described group) {}
