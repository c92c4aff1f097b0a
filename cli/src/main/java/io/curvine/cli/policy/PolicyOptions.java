/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.policy;

import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import picocli.CommandLine.Option;

/**
 * How a directory and what is below it are treated, as it is typed. What is not given stays as it
 * is.
 */
public final class PolicyOptions {
  private static final String INHERIT = "inherit";

  @Option(
      names = "--ttl",
      paramLabel = "DURATION|none",
      description =
          "What is done with a file that has not changed for so long: see --ttl-action."
              + " Default: none.")
  private String ttl;

  @Option(
      names = "--ttl-action",
      paramLabel = "free|delete",
      description =
          "free: its cached bytes go; delete: the file goes, in the UFS too. Default: free.")
  private String ttlAction;

  @Option(
      names = "--pin",
      paramLabel = "yes|no",
      description = "Cached bytes stay, whatever else is read. Default: no.")
  private String pin;

  @Option(
      names = "--tier",
      paramLabel = "mem|ssd|hdd|any",
      description =
          "Where bytes are cached, if it has room. Default: any, which is the fastest that has.")
  private String tier;

  @Option(
      names = "--admission",
      paramLabel = "always|second|never",
      description = "Which reads from the UFS are cached. Default: always.")
  private String admission;

  @Option(
      names = {"--whole-files", "--auto-cache"},
      paramLabel = "yes|no",
      description = "The first read of a file has all of it cached. Default: no.")
  private String wholeFiles;

  @Option(
      names = "--min-replicas",
      paramLabel = "N|none",
      description = "Workers that cached bytes are kept at, up to 16. Default: none.")
  private String minReplicas;

  @Option(
      names = "--max-replicas",
      paramLabel = "N|none",
      description = "Workers that bytes are cached at, at most. Default: none.")
  private String maxReplicas;

  @Option(
      names = "--trash",
      paramLabel = "DURATION|none",
      description = "How long what is deleted is kept in the trash. Default: none.")
  private String trash;

  /**
   * What was typed, with {@code inherit} for what is to be as above.
   *
   * @throws IllegalArgumentException where an option cannot be meant
   */
  public PolicyChange change() {
    PolicyChange.Builder change = PolicyChange.newBuilder();
    for (PolicyField field : PolicyField.values()) {
      String text = typed(field);
      if (INHERIT.equals(text)) {
        change.addUnset(field.field().getNumber());
      } else if (text != null) {
        change.getSetBuilder().setField(field.field(), value(field, text));
      }
    }
    return change.build();
  }

  /**
   * The same for what is new.
   *
   * @throws IllegalArgumentException where an option cannot be meant
   */
  public Policy policy() {
    PolicyChange change = change();
    if (change.getUnsetCount() > 0) {
      throw new IllegalArgumentException(
          "'" + INHERIT + "' is given; allowed: for what is there, where it takes a value away");
    }
    return change.getSet();
  }

  private static Object value(PolicyField field, String text) {
    try {
      return field.value(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new IllegalArgumentException("--" + field.word() + ": " + e.getMessage(), e);
    }
  }

  private String typed(PolicyField field) {
    return switch (field) {
      case PIN -> pin;
      case TTL -> ttl;
      case TTL_ACTION -> ttlAction;
      case TIER -> tier;
      case ADMISSION -> admission;
      case WHOLE_FILES -> wholeFiles;
      case MIN_REPLICAS -> minReplicas;
      case MAX_REPLICAS -> maxReplicas;
      case TRASH -> trash;
    };
  }
}
