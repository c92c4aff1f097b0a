/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.bench.MasterProcesses.MasterProcess;
import io.curvine.cli.output.Json;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The processor time of one row. Immutable.
 *
 * @param micros by process id; a process that could not be looked at is missing
 * @param masters those on this machine
 */
record CpuUse(Map<Long, Double> micros, Map<Long, MasterProcess> masters, List<Long> clients) {
  static final CpuUse NONE = new CpuUse(Map.of(), Map.of(), List.of());

  /** Of the masters that are seen; empty where none is. */
  OptionalDouble leader() {
    return sum(masters.keySet().stream().filter(pid -> masters.get(pid).leads()).toList());
  }

  OptionalDouble followers() {
    return sum(masters.keySet().stream().filter(pid -> !masters.get(pid).leads()).toList());
  }

  OptionalDouble ofClients() {
    return sum(clients);
  }

  /** Of all; empty where a part of it is not known. */
  OptionalDouble total() {
    return leader().isPresent() && followers().isPresent() && ofClients().isPresent()
        ? OptionalDouble.of(micros.values().stream().mapToDouble(Double::doubleValue).sum())
        : OptionalDouble.empty();
  }

  private OptionalDouble sum(List<Long> pids) {
    return pids.isEmpty() || !micros.keySet().containsAll(pids)
        ? OptionalDouble.empty()
        : OptionalDouble.of(pids.stream().mapToDouble(micros::get).sum());
  }

  ObjectNode toJson(long operations) {
    ObjectNode json = Json.object();
    micros.forEach(
        (pid, used) ->
            json.putObject(Long.toString(pid))
                .put("role", masters.containsKey(pid) ? masters.get(pid).role() : "client")
                .put("micros", used)
                .put("microsPerOperation", operations == 0 ? 0 : used / operations));
    return json;
  }
}
