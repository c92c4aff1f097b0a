/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.db;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.store.FrozenState;
import io.curvine.master.tool.StateKeys;
import io.curvine.master.tool.StateValues;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin db get}. */
@Command(
    name = "get",
    description = "Print the value of a key. Exit code 1 where there is none.",
    mixinStandardHelpOptions = true)
public final class DbGet extends Action {
  @Mixin private DbPlace place;

  @Parameters(index = "0", paramLabel = "FAMILY")
  private String family;

  @Parameters(
      index = "1",
      paramLabel = "KEY",
      description = "Numbers and names as 'db scan' shows them, 1:name, or 0x and hexadecimal.")
  private String key;

  @Override
  protected void run() throws IOException {
    place.look(this::get);
  }

  private void get(FrozenState state) throws CliException {
    ColumnFamily<?> wanted = StateKeys.family(family);
    Key parsed = StateKeys.parse(wanted, key);
    byte[][] found = new byte[1][];
    state.scanStored(
        wanted,
        parsed,
        Keys.successor(parsed),
        (bytes, value) -> {
          found[0] = value;
          return false;
        });
    if (found[0] == null) {
      throw new CliException("there is no " + StateKeys.text(wanted, parsed) + " in " + family);
    }
    print(DbJson.row(wanted, parsed, found[0]), StateValues.text(wanted, found[0]) + "\n");
  }
}
