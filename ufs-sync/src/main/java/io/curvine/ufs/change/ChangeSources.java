/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.change;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/**
 * Opens change sources by their kind. Immutable, hence thread-safe. What cannot be opened as asked
 * is a {@link CurvineException} with INVALID_ARGUMENT.
 */
public final class ChangeSources {
  private final Map<String, ChangeSourceProvider> byKind;

  private ChangeSources(Map<String, ChangeSourceProvider> byKind) {
    this.byKind = byKind;
  }

  /** The providers on the class path. */
  public static ChangeSources load() {
    return of(
        ServiceLoader.load(
            ChangeSourceProvider.class, ChangeSourceProvider.class.getClassLoader()));
  }

  /**
   * Exactly these providers.
   *
   * @throws IllegalStateException where two are of one kind
   */
  public static ChangeSources of(Iterable<? extends ChangeSourceProvider> providers) {
    Map<String, ChangeSourceProvider> byKind = new TreeMap<>();
    for (ChangeSourceProvider provider : providers) {
      ChangeSourceProvider other = byKind.put(provider.kind(), provider);
      if (other != null) {
        throw new IllegalStateException(
            "change source " + provider.kind() + " is " + other + " and " + provider);
      }
    }
    return new ChangeSources(byKind);
  }

  /** All of them, by kind. */
  public Collection<ChangeSourceProvider> providers() {
    return List.copyOf(byKind.values());
  }

  /** Whether {@link #open} would take these; nothing remote is called. */
  public void check(URI location, Collection<String> kinds, Map<String, String> options)
      throws IOException {
    Set<String> once = new HashSet<>();
    for (String kind : kinds) {
      if (!once.add(kind)) {
        throw invalid("change source " + kind + " is named twice; allowed: once");
      }
      open(kind, location, options, Optional.empty()).close();
    }
    for (ChangeSourceProvider provider : byKind.values()) {
      String prefix = provider.kind() + ".";
      for (String key : options.keySet()) {
        // Options of a store may begin with the same word.
        boolean ofSource = provider.options().containsKey(key) && key.startsWith(prefix);
        boolean ofStore = provider.kind().equals(location.getScheme());
        if (ofSource && !ofStore && !kinds.contains(provider.kind())) {
          throw invalid(
              "option "
                  + key
                  + " is for the change source "
                  + provider.kind()
                  + ", which the mount does not have; add --source "
                  + provider.kind());
        }
      }
    }
  }

  /**
   * Opens a source. Nothing remote is called: the first poll does. The caller closes what it gets.
   *
   * @param location of the mount
   * @param options of the mount, all of them
   * @param cursor where to go on; empty: from now
   */
  public ChangeSource open(
      String kind, URI location, Map<String, String> options, Optional<String> cursor)
      throws IOException {
    ChangeSourceProvider provider = byKind.get(kind);
    if (provider == null) {
      throw invalid(
          "change source is " + kind + "; allowed: " + String.join(", ", byKind.keySet()));
    }
    Set<String> schemes = provider.schemes();
    if (!schemes.isEmpty() && !schemes.contains(location.getScheme())) {
      throw invalid(
          "change source "
              + kind
              + " cannot tell about "
              + location.getScheme()
              + " locations;"
              + " allowed: "
              + String.join(", ", schemes.stream().sorted().toList()));
    }
    return provider.open(location, Map.copyOf(options), cursor);
  }

  private static CurvineException invalid(String message) {
    return new CurvineException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
