/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.db;

import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.store.FrozenState;
import io.curvine.master.tool.StateKeys;
import io.curvine.master.tool.StateValues;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin db scan}. */
@Command(
    name = "scan",
    description = "Print keys and values of a family in order, with --json one object a line.",
    mixinStandardHelpOptions = true)
public final class DbScan extends Action {
  @Mixin private DbPlace place;

  @Parameters(paramLabel = "FAMILY")
  private String family;

  @Option(names = "--from", paramLabel = "KEY", description = "The first key.")
  private String from;

  @Option(names = "--to", paramLabel = "KEY", description = "The first key that is not shown.")
  private String to;

  @Option(
      names = "--prefix",
      paramLabel = "KEY",
      description = "All keys that begin so: 'dentries --prefix 1' is the names of the root.")
  private String prefix;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "So many at most; 0: all. Default: ${DEFAULT-VALUE}.")
  private long limit;

  @Override
  protected void run() throws IOException {
    if (prefix != null && (from != null || to != null)) {
      throw usage("--prefix goes without --from and --to");
    }
    if (limit < 0) {
      throw usage("--limit is " + limit + "; allowed: 0 (all) or more");
    }
    place.look(this::scan);
  }

  private void scan(FrozenState state) {
    ColumnFamily<?> wanted = StateKeys.family(family);
    Key begin = Keys.EMPTY;
    Key end = null;
    if (prefix != null) {
      begin = StateKeys.parse(wanted, prefix);
      end = Keys.after(begin);
    }
    if (from != null) {
      begin = StateKeys.parse(wanted, from);
    }
    if (to != null) {
      end = StateKeys.parse(wanted, to);
    }
    long[] shown = {0};
    state.scanStored(
        wanted,
        begin,
        end,
        (key, value) -> {
          show(wanted, Key.of(key), value);
          return ++shown[0] != limit;
        });
  }

  private void show(ColumnFamily<?> wanted, Key key, byte[] value) {
    if (global().json()) {
      out().println(Json.line(DbJson.row(wanted, key, value)));
    } else {
      String text = StateValues.text(wanted, value);
      out().println(StateKeys.text(wanted, key) + (text.isEmpty() ? "" : "  " + text));
    }
  }
}
