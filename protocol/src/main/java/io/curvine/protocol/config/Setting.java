/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Documents one component of a configuration record. The loader maps the component {@code
 * scanInterval} of the record for section {@code worker} to the key {@code worker.scan-interval},
 * the variable {@code CURVINE_WORKER_SCAN_INTERVAL} and the reference page. Types: int, long,
 * boolean, double, String, java.time.Duration ("500ms", "30s", "5m", "2h", "7d"),
 * java.nio.file.Path, an enum (lower case), HostPort, and List of String or of HostPort. A long
 * with {@code bytes} takes "64MiB".
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({
  ElementType.RECORD_COMPONENT,
  ElementType.FIELD,
  ElementType.METHOD,
  ElementType.PARAMETER
})
public @interface Setting {
  /** As it is written in the file; empty: the key must be given. */
  String value();

  /** What it does, its unit and range, in a sentence or two. */
  String doc();

  /** The number is a size in bytes, written with KiB, MiB, GiB or TiB. */
  boolean bytes() default false;
}
