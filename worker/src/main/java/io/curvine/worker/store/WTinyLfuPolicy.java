/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Window-TinyLFU (Einziger, Friedman, Manes: "TinyLFU: a highly efficient cache admission policy"):
 * a block that is new stays in a small window, then is a candidate. A candidate goes before a block
 * of the main part unless it is used more often than that one; a block that is used again is
 * protected. So a scan pushes out itself.
 */
final class WTinyLfuPolicy implements EvictionPolicy {
  private static final int WINDOW_PERCENT = 1;
  private static final int PROTECTED_PERCENT = 80;

  private final FrequencySketch heat;
  private final Map<BlockKey, Place> places = new HashMap<>();
  private final Part window;
  private final Part candidates = new Part(Long.MAX_VALUE);
  private final Part probation = new Part(Long.MAX_VALUE);
  private final Part protectedOnes;

  /**
   * @param heat how often blocks are used, counted by others
   */
  WTinyLfuPolicy(long capacityBytes, FrequencySketch heat) {
    this.heat = heat;
    this.window = new Part(capacityBytes / 100 * WINDOW_PERCENT);
    this.protectedOnes = new Part(capacityBytes / 100 * PROTECTED_PERCENT);
  }

  /** Where a block is. */
  private static final class Place {
    private final Block block;
    private Part part;
    private long bytes;

    Place(Block block) {
      this.block = block;
    }
  }

  /** Blocks in the order of their use. */
  private static final class Part {
    private final long maxBytes;
    private final LinkedHashMap<BlockKey, Place> byUse = new LinkedHashMap<>();
    private long bytes;

    Part(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    void add(Place place) {
      byUse.put(place.block.key(), place);
      bytes += place.bytes;
      place.part = this;
    }

    void take(Place place) {
      byUse.remove(place.block.key());
      bytes -= place.bytes;
      place.part = null;
    }

    /** Too full, with more than one block in it. */
    boolean overflows() {
      return bytes > maxBytes && byUse.size() > 1;
    }

    Place eldest() {
      return byUse.values().iterator().next();
    }
  }

  @Override
  public void put(Block block, long bytes) {
    Place place = places.get(block.key());
    if (place == null || place.block != block) {
      remove(block.key(), place);
      place = new Place(block);
      places.put(block.key(), place);
      window.add(place);
    }
    place.part.bytes += bytes - place.bytes;
    place.bytes = bytes;
    overflow(window, candidates);
    overflow(protectedOnes, probation);
  }

  @Override
  public void touch(Block block) {
    Place place = places.get(block.key());
    if (place == null) {
      return;
    }
    Part next = place.part == window ? window : protectedOnes;
    place.part.take(place);
    next.add(place);
    overflow(protectedOnes, probation);
  }

  private static void overflow(Part full, Part into) {
    while (full.overflows()) {
      Place eldest = full.eldest();
      full.take(eldest);
      into.add(eldest);
    }
  }

  @Override
  public void remove(Block block) {
    Place place = places.get(block.key());
    if (place != null && place.block == block) {
      remove(block.key(), place);
    }
  }

  private void remove(BlockKey key, Place place) {
    if (place != null) {
      place.part.take(place);
      places.remove(key);
    }
  }

  @Override
  public List<Block> inOrder() {
    List<Block> order = new ArrayList<>(places.size());
    Iterator<Place> newcomers = leastUsedFirst(candidates).iterator();
    Iterator<Place> residents = probation.byUse.values().iterator();
    Place newcomer = next(newcomers);
    Place resident = next(residents);
    while (newcomer != null && resident != null) {
      if (frequency(newcomer) > frequency(resident)) {
        order.add(resident.block);
        resident = next(residents);
      } else {
        order.add(newcomer.block);
        newcomer = next(newcomers);
      }
    }
    addRest(newcomer, newcomers, order);
    addRest(resident, residents, order);
    addRest(null, protectedOnes.byUse.values().iterator(), order);
    addRest(null, window.byUse.values().iterator(), order);
    return order;
  }

  /** Of those used alike, the eldest first. */
  private List<Place> leastUsedFirst(Part part) {
    List<List<Place>> byFrequency = new ArrayList<>();
    for (int i = 0; i <= FrequencySketch.COUNT_MAX; i++) {
      byFrequency.add(new ArrayList<>());
    }
    part.byUse.values().forEach(place -> byFrequency.get(frequency(place)).add(place));
    List<Place> order = new ArrayList<>(part.byUse.size());
    byFrequency.forEach(order::addAll);
    return order;
  }

  private int frequency(Place place) {
    return heat.frequency(place.block.key());
  }

  private static Place next(Iterator<Place> places) {
    return places.hasNext() ? places.next() : null;
  }

  private static void addRest(Place first, Iterator<Place> rest, List<Block> into) {
    if (first != null) {
      into.add(first.block);
    }
    rest.forEachRemaining(place -> into.add(place.block));
  }
}
