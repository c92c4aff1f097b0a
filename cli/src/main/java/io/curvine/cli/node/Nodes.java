/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.node;

import io.curvine.cli.config.Configuration;
import io.curvine.cli.config.EffectiveConfig;
import io.curvine.cli.http.Intake;
import io.curvine.cli.http.Page;
import io.curvine.cli.http.Served;
import io.curvine.cli.node.RunningNode.Part;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.FuseMount;
import io.curvine.fuse.kernel.KernelMount;
import io.curvine.fuse.memory.NullMount;
import io.curvine.journal.mirror.MirrorConfig;
import io.curvine.master.MasterConfig;
import io.curvine.master.MasterNode;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.WorkerConfig;
import io.curvine.worker.WorkerNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Starts each kind of node in this process. Stateless. */
public final class Nodes {
  /** For the leader, where another master was told. */
  private static final Duration NOTIFY_MAX = Duration.ofSeconds(20);

  private Nodes() {}

  /**
   * A master; its HTTP port is the one in its own line of the cluster's peers.
   *
   * @param configuration where {@code config} is from, to be shown
   */
  public static RunningNode master(MasterConfig config, Configuration configuration)
      throws IOException {
    MirrorConfig mirror = configuration.get(MirrorConfig.class);
    return RunningNode.start(
        "master " + config.id(),
        http(config.bind(config.self().httpPort())),
        metrics -> {
          MasterNode node = MasterNode.start(config, mirror, metrics);
          return part(
              () -> node.ready() ? Optional.empty() : Optional.of(node.notReadyReason()),
              List.of(
                  new Page("/feed/bootstrap", "application/x-ndjson", node::writeNamespace),
                  config(configuration)),
              List.of(new Intake("/ufs/notifications", sent -> notified(node, sent))),
              node.terminated(),
              node::close);
        });
  }

  private static CompletableFuture<Void> notified(MasterNode node, Intake.Sent sent) {
    String mount = sent.query().get("mount");
    return mount == null
        ? CompletableFuture.failedFuture(
            new CurvineException(ErrorCode.INVALID_ARGUMENT, "which mount? allowed: ?mount=/path"))
        : node.notifyUfs(mount, sent.token(), sent.body(), NOTIFY_MAX);
  }

  /** A worker, as its configuration says. */
  public static RunningNode worker(Configuration configuration) throws IOException {
    WorkerConfig config = configuration.get(WorkerConfig.class);
    return RunningNode.start(
        "worker on port " + config.dataPort(),
        http(new HostPort(config.bindHost(), config.httpPort())),
        metrics -> {
          WorkerNode node = WorkerNode.start(config, metrics);
          return part(
              () -> node.ready() ? Optional.empty() : Optional.of(node.notReadyReason()),
              List.of(config(configuration)),
              List.of(),
              node.terminated(),
              node::close);
        });
  }

  /** A mount on a directory that {@link MountPoint#prepare} makes ready. */
  public static RunningNode mount(
      Path mountPoint, FuseConfig config, ClientConfig clientConfig, Optional<HostPort> http)
      throws IOException {
    MountPoint.prepare(mountPoint);
    return RunningNode.start(
        "mount " + mountPoint,
        http,
        metrics -> {
          CurvineClient client = CurvineClient.connect(clientConfig);
          FuseMount mount;
          try {
            mount = FuseMount.mount(mountPoint, config, client, metrics);
          } catch (IOException | RuntimeException e) {
            client.close();
            throw e;
          }
          return part(
              () -> Optional.empty(),
              List.of(),
              List.of(),
              unmounted(mount::awaitUnmounted, mountPoint),
              () -> {
                try (client) {
                  mount.close();
                }
              });
        });
  }

  /** A mount of nothing but memory, for measurements; it knows no cluster. */
  public static RunningNode nullMount(Path mountPoint, FuseConfig config, Optional<HostPort> http)
      throws IOException {
    MountPoint.prepare(mountPoint);
    return RunningNode.start(
        "null mount " + mountPoint,
        http,
        metrics -> {
          KernelMount mount = NullMount.start(mountPoint, config, metrics);
          return part(
              () -> Optional.empty(),
              List.of(),
              List.of(),
              unmounted(mount::awaitUnmounted, mountPoint),
              mount::close);
        });
  }

  /** What is in force in this process, whatever its file says by now. */
  private static Page config(Configuration configuration) {
    byte[] text =
        Json.document(EffectiveConfig.json(configuration)).getBytes(StandardCharsets.UTF_8);
    return new Page(EffectiveConfig.PAGE, "application/json", out -> out.write(text));
  }

  /** Port 0 means none. */
  private static Optional<HostPort> http(HostPort address) {
    return Optional.of(address).filter(each -> each.port() > 0);
  }

  /** Ends when nothing is mounted any more, whoever ended it. */
  private static CompletableFuture<Void> unmounted(Waiting mount, Path mountPoint) {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    Thread waiter =
        new Thread(
            () -> {
              try {
                mount.await();
                gone.complete(null);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                gone.cancel(false);
              } catch (RuntimeException e) {
                gone.completeExceptionally(e);
              }
            },
            "await-" + mountPoint);
    waiter.setDaemon(true);
    waiter.start();
    return gone;
  }

  private static Part part(
      Served readiness,
      List<Page> pages,
      List<Intake> intakes,
      CompletableFuture<Void> terminated,
      Closing closing) {
    return new Part() {
      @Override
      public Optional<String> notReadyReason() {
        return readiness.notReadyReason();
      }

      @Override
      public List<Page> pages() {
        return pages;
      }

      @Override
      public List<Intake> intakes() {
        return intakes;
      }

      @Override
      public CompletableFuture<Void> terminated() {
        return terminated;
      }

      @Override
      public void close() throws IOException {
        closing.close();
      }
    };
  }

  private interface Waiting {
    void await() throws InterruptedException;
  }

  private interface Closing {
    void close() throws IOException;
  }
}
