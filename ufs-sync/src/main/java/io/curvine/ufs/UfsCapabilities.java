/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

/**
 * What a store can do.
 *
 * @param atomicRename rename is one step for whoever looks on
 * @param symlinks it keeps symbolic links
 * @param attributes its entries have a mode and an owner
 * @param ordered {@link UnderFileSystem#list} gives names ascending by their unsigned bytes in
 *     UTF-8, as far as the server keeps to that: whoever relies on it checks it
 * @param trees {@link UnderFileSystem#tree} works
 */
public record UfsCapabilities(
    boolean atomicRename, boolean symlinks, boolean attributes, boolean ordered, boolean trees) {}
