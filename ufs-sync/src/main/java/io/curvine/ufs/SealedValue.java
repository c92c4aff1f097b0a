/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Mount;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the value of a secret option looks that a master has sealed: {@code sealed:1:KEYID:BASE64}.
 * Masters open it; a store is never opened with one. Stateless.
 */
public final class SealedValue {
  /** What each begins with, followed by the key's id. */
  public static final String PREFIX = "sealed:1:";

  private SealedValue() {}

  /** Whether a value is sealed. */
  public static boolean is(String value) {
    return value.startsWith(PREFIX);
  }

  /** The id of the key that opens a sealed value, as far as it can be read. */
  public static String keyId(String value) {
    int end = value.indexOf(':', PREFIX.length());
    return value.substring(PREFIX.length(), end < 0 ? value.length() : end);
  }

  /** Whether a mount has an option that nobody has opened. */
  public static boolean isIn(Mount mount) {
    return mount.getOptionsMap().values().stream().anyMatch(SealedValue::is);
  }

  /**
   * Refuses options of which one is sealed still.
   *
   * @throws CurvineException UFS_UNREACHABLE, with the option and the id of the key that is missing
   */
  static void requireOpened(Map<String, String> options) throws CurvineException {
    for (Map.Entry<String, String> option : new TreeMap<>(options).entrySet()) {
      if (is(option.getValue())) {
        throw new CurvineException(
            ErrorCode.UFS_UNREACHABLE,
            "ufs option "
                + option.getKey()
                + " is sealed by the key "
                + keyId(option.getValue())
                + ", which the master that was asked does not have; give every master the key in the"
                + " file of master.secrets-key-file, or give the option anew by 'curvine mount"
                + " --update'");
      }
    }
  }
}
