/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.journal.JournalConfig;
import io.curvine.master.store.StoreSettings;

/** How the two parts of the state are opened. */
public record StateSettings(JournalConfig journal, StoreSettings store) {}
