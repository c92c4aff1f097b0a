/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** A fake master, fake workers and a real client. */
final class FakeCluster implements AutoCloseable {
  final Map<Integer, FakeWorker> workers = new ConcurrentSkipListMap<>();
  final FakeMaster master;
  private final List<CurvineClient> clients = new ArrayList<>();

  FakeCluster(int workerCount) throws IOException {
    for (int id = 1; id <= workerCount; id++) {
      new FakeWorker(id, workers);
    }
    master = new FakeMaster(workers);
  }

  FakeWorker worker(int id) {
    return workers.get(id);
  }

  CurvineClient client() {
    return client(config(List.of(master.address())));
  }

  CurvineClient client(ClientConfig config) {
    CurvineClient client = CurvineClient.connect(config);
    clients.add(client);
    return client;
  }

  /** Short patience, small windows. */
  static ClientConfig config(List<HostPort> masters) {
    ClientConfig d = ClientConfig.defaults();
    return new ClientConfig(
        masters,
        Duration.ofSeconds(10),
        d.connectTimeout(),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10),
        4 << 20,
        1 << 20,
        64 << 20,
        0,
        0,
        d.writeAck(),
        "test",
        "localhost",
        "",
        true,
        true,
        true,
        d.readFrom(),
        d.maxStaleness(),
        d.cache());
  }

  @Override
  public void close() {
    clients.forEach(CurvineClient::close);
    master.close();
    workers.values().forEach(FakeWorker::close);
  }
}
