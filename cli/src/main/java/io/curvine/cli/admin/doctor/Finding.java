/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.doctor;

import java.util.Locale;

/**
 * Something that is not as it should be.
 *
 * @param level how bad it is
 * @param subject which part: {@code master m2}
 * @param what is wrong, a sentence
 * @param advice what to do about it, a sentence
 */
record Finding(Level level, String subject, String what, String advice) {
  /** How bad it is. */
  enum Level {
    /** Something does not work, or a copy is missing that the next fault needs. */
    ERROR,
    /** It works; somebody should look. */
    WARNING;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding error(String subject, String what, String advice) {
    return new Finding(Level.ERROR, subject, what, advice);
  }

  static Finding warning(String subject, String what, String advice) {
    return new Finding(Level.WARNING, subject, what, advice);
  }
}
