/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.protocol.proto.Mount;

/**
 * Where an entry is in a UFS.
 *
 * @param mount with its secrets
 * @param path relative to the mount's root, without a leading slash
 */
public record UfsLocation(Mount mount, String path) {}
