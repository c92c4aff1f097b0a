/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.secrets;

import io.curvine.master.command.MountChanges;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.ufs.SealedValue;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Seals the secret options of mounts before they are decided, and opens them for calls of the UFS.
 * With no key it seals nothing: a new secret is refused, one that is kept in clear stays as it is.
 * Immutable, hence thread-safe.
 */
public final class MountSealer {
  private final List<SecretsKey> keys;
  private final Predicate<String> secretOption;

  private MountSealer(List<SecretsKey> keys, Predicate<String> secretOption) {
    this.keys = List.copyOf(keys);
    this.secretOption = secretOption;
  }

  /**
   * A sealer with the keys of a file.
   *
   * @param keyFile empty: none
   * @param secretOption tells the options that are sealed
   * @throws IllegalArgumentException where the file is not as it must be
   */
  public static MountSealer of(String keyFile, Predicate<String> secretOption) {
    return new MountSealer(
        keyFile.isEmpty() ? List.of() : SecretsKeyFile.read(Path.of(keyFile)), secretOption);
  }

  /** The ids of the keys, the one that seals first. */
  public List<String> keyIds() {
    return keys.stream().map(SecretsKey::id).toList();
  }

  /** The mount as its UFS is called. What no key here opens stays sealed: no store takes it. */
  public Mount opened(Mount stored) {
    if (!SealedValue.isIn(stored)) {
      return stored;
    }
    Mount.Builder opened = stored.toBuilder();
    stored
        .getOptionsMap()
        .forEach(
            (option, value) -> open(option, value).ifPresent(it -> opened.putOptions(option, it)));
    return opened.build();
  }

  private Optional<String> open(String option, String value) {
    return SealedValue.is(value)
        ? keys.stream().flatMap(key -> key.open(option, value).stream()).findFirst()
        : Optional.empty();
  }

  /**
   * A new mount as it is stored.
   *
   * @throws CurvineException where it has a secret and no key is set
   */
  public Mount sealed(Mount wish) throws CurvineException {
    requireClear(wish.getOptionsMap());
    Mount.Builder sealed = wish.toBuilder();
    for (Map.Entry<String, String> option : wish.getOptionsMap().entrySet()) {
      if (secretOption.test(option.getKey())) {
        sealed.putOptions(option.getKey(), seal(option.getKey(), option.getValue()));
      }
    }
    return sealed.build();
  }

  /**
   * A change as it is stored, which has all secrets that the mount keeps sealed by the first key.
   *
   * @param stored the mount before, as it is stored
   * @throws CurvineException where it gives a secret and no key is set
   */
  public MountChange sealed(Mount stored, MountChange change) throws CurvineException {
    requireClear(change.getOptionsMap());
    MountChange.Builder sealed = change.toBuilder();
    Mount now = MountChanges.applied(opened(stored), change);
    for (Map.Entry<String, String> option : now.getOptionsMap().entrySet()) {
      String name = option.getKey();
      boolean given = change.containsOptions(name);
      if (!secretOption.test(name)
          || SealedValue.is(option.getValue())
          || (keys.isEmpty() && !given)) {
        continue;
      }
      String before = stored.getOptionsOrDefault(name, "");
      boolean same =
          !keys.isEmpty() && keys.get(0).open(name, before).equals(Optional.of(option.getValue()));
      if (!same || given) {
        sealed.putOptions(name, same ? before : seal(name, option.getValue()));
      }
    }
    return sealed.build();
  }

  private String seal(String option, String clear) throws CurvineException {
    if (keys.isEmpty()) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "ufs option "
              + option
              + " is a secret, and master.secrets-key-file is not set on the master that leads;"
              + " allowed: no secrets, or a file with a key on every master, by which they are"
              + " sealed");
    }
    return keys.get(0).seal(option, clear);
  }

  private static void requireClear(Map<String, String> options) throws CurvineException {
    for (Map.Entry<String, String> option : new TreeMap<>(options).entrySet()) {
      if (SealedValue.is(option.getValue())) {
        throw new CurvineException(
            ErrorCode.INVALID_ARGUMENT,
            "ufs option "
                + option.getKey()
                + " begins with "
                + SealedValue.PREFIX
                + "; allowed: a value that is not sealed");
      }
    }
  }

  /** Whether a mount, as it is stored, has a secret in clear. */
  public boolean hasClear(Mount stored) {
    return stored.getOptionsMap().entrySet().stream()
        .anyMatch(
            option -> secretOption.test(option.getKey()) && !SealedValue.is(option.getValue()));
  }

  /** Whether a mount, as it is stored, has a secret that no key here opens. */
  public boolean hasUnopened(Mount stored) {
    return SealedValue.isIn(opened(stored));
  }
}
