/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.change.ChangeSourceProvider;
import io.curvine.ufs.change.ChangeSources;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Opens UFS locations by the scheme of their URI. Immutable, hence thread-safe. An unknown scheme,
 * an unknown option and a URI that cannot be read are {@link CurvineException}s with
 * INVALID_ARGUMENT.
 */
public final class UfsRegistry {
  private final Map<String, UfsProvider> byScheme;

  private final ChangeSources sources;

  private UfsRegistry(Map<String, UfsProvider> byScheme, ChangeSources sources) {
    this.byScheme = byScheme;
    this.sources = sources;
  }

  /** The providers on the class path. */
  public static UfsRegistry load() {
    return of(
        ServiceLoader.load(UfsProvider.class, UfsProvider.class.getClassLoader()),
        ChangeSources.load());
  }

  /**
   * Exactly these providers, and no change sources.
   *
   * @throws IllegalStateException where two serve one scheme
   */
  public static UfsRegistry of(Iterable<? extends UfsProvider> providers) {
    return of(providers, ChangeSources.of(List.of()));
  }

  /**
   * Exactly these providers and change sources.
   *
   * @throws IllegalStateException where two serve one scheme
   */
  public static UfsRegistry of(Iterable<? extends UfsProvider> providers, ChangeSources sources) {
    Map<String, UfsProvider> byScheme = new TreeMap<>();
    for (UfsProvider provider : providers) {
      for (String scheme : provider.schemes()) {
        UfsProvider other = byScheme.put(scheme, provider);
        if (other != null) {
          throw new IllegalStateException(
              "scheme " + scheme + " is served by " + other + " and by " + provider);
        }
      }
    }
    return new UfsRegistry(byScheme, sources);
  }

  /** The URI schemes that can be mounted, in alphabetical order. */
  public Set<String> schemes() {
    return Collections.unmodifiableSet(byScheme.keySet());
  }

  /**
   * Opens a location. Does not call the store: the first operation does. The caller closes what it
   * gets. Options that are sealed still are UFS_UNREACHABLE.
   *
   * @param uri as in {@link #normalise}
   */
  public UnderFileSystem open(String uri, Map<String, String> options) throws IOException {
    URI location = parse(uri);
    UfsProvider provider = provider(location);
    checkOptions(location.getScheme(), provider, options);
    SealedValue.requireOpened(options);
    return provider.open(location, Map.copyOf(options));
  }

  /** Whether {@link #open} would take these; the store is not called. */
  public void check(String uri, Map<String, String> options) throws IOException {
    open(uri, options).close();
  }

  /**
   * Whether {@link #openSource} would take these; nothing remote is called.
   *
   * @param kinds of change sources
   */
  public void checkSources(String uri, Collection<String> kinds, Map<String, String> options)
      throws IOException {
    SealedValue.requireOpened(options);
    sources.check(parse(uri), kinds, options);
  }

  /** As {@link ChangeSources#open}, for a location as {@link #open} takes it. */
  public ChangeSource openSource(
      String kind, String uri, Map<String, String> options, Optional<String> cursor)
      throws IOException {
    SealedValue.requireOpened(options);
    return sources.open(kind, parse(uri), options, cursor);
  }

  /** Whether an option's value is never shown. True for a key that nobody knows. */
  public boolean isSecret(String optionKey) {
    boolean known = false;
    for (UfsProvider provider : byScheme.values()) {
      known |= provider.options().containsKey(optionKey);
      if (provider.secretOptions().contains(optionKey)) {
        return true;
      }
    }
    for (ChangeSourceProvider provider : sources.providers()) {
      known |= provider.options().containsKey(optionKey);
      if (provider.secretOptions().contains(optionKey)) {
        return true;
      }
    }
    return !known;
  }

  /** Tells what must be granted at a location for an access, in the words of its kind of store. */
  public Function<UfsFinding.Access, String> rights(String uri) throws CurvineException {
    return provider(parse(uri))::right;
  }

  /**
   * The one spelling of a location: a plain absolute directory becomes {@code file:///…}, the
   * scheme is in lower case, the path has neither dot segments nor doubled or trailing slashes.
   */
  public String normalise(String uri) throws CurvineException {
    URI location = parse(uri);
    var unused = provider(location);
    return location.toString();
  }

  private static URI parse(String uri) throws CurvineException {
    try {
      if (uri.startsWith("/")) {
        return new URI("file", "", tidy(uri) + (tidy(uri).isEmpty() ? "/" : ""), null);
      }
      URI given = new URI(uri);
      if (given.getScheme() == null || given.isOpaque()) {
        throw invalid("ufs uri is " + uri + "; allowed: scheme://authority/path or /directory");
      }
      if (given.getRawQuery() != null || given.getRawFragment() != null) {
        throw invalid("ufs uri is " + uri + "; allowed: no '?' or '#', write %3F or %23");
      }
      String authority = Objects.requireNonNullElse(given.getRawAuthority(), "");
      String path = tidy(given.getRawPath());
      String scheme = given.getScheme().toLowerCase(Locale.ROOT);
      boolean rootOfHost = path.isEmpty() && authority.isEmpty();
      return new URI(scheme + "://" + authority + (rootOfHost ? "/" : path));
    } catch (URISyntaxException e) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "ufs uri is " + uri + "; allowed: a URI with special characters written as %XX",
          e);
    }
  }

  private static String tidy(String path) throws URISyntaxException {
    Deque<String> kept = new ArrayDeque<>();
    for (String part : path.split("/")) {
      if (part.equals("..")) {
        if (kept.pollLast() == null) {
          throw new URISyntaxException(path, "'..' leads above the root");
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        kept.addLast(part);
      }
    }
    return kept.isEmpty() ? "" : "/" + String.join("/", kept);
  }

  private UfsProvider provider(URI location) throws CurvineException {
    UfsProvider provider = byScheme.get(location.getScheme());
    if (provider == null) {
      throw invalid(
          "ufs scheme is "
              + location.getScheme()
              + "; allowed: "
              + String.join(", ", byScheme.keySet()));
    }
    return provider;
  }

  private void checkOptions(String scheme, UfsProvider provider, Map<String, String> options)
      throws CurvineException {
    Set<String> known = new TreeSet<>(provider.options().keySet());
    for (ChangeSourceProvider source : sources.providers()) {
      if (source.schemes().isEmpty() || source.schemes().contains(scheme)) {
        known.addAll(source.options().keySet());
      }
    }
    for (String key : new TreeSet<>(options.keySet())) {
      if (!known.contains(key)) {
        throw invalid(
            "ufs option "
                + key
                + " is not known for "
                + scheme
                + Nearest.of(key, known).map(near -> "; did you mean " + near + "?").orElse(""));
      }
    }
  }

  private static CurvineException invalid(String message) {
    return new CurvineException(ErrorCode.INVALID_ARGUMENT, message);
  }
}
