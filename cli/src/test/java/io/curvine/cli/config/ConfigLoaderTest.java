/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.cli.config.SampleSections.Needy;
import io.curvine.cli.config.SampleSections.Net;
import io.curvine.cli.config.SampleSections.Out;
import io.curvine.cli.config.SampleSections.Policy;
import io.curvine.cli.config.SampleSections.Store;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigLoaderTest {
  @TempDir Path temp;

  private final ConfigLoader loader = new ConfigLoader(SampleSections.ALL);

  @Test
  void everyTypeHasItsDefault() {
    Configuration configuration = load("");

    assertThat(configuration.get(Store.class))
        .isEqualTo(new Store(Path.of("data/store"), 64 << 20, Policy.TINY_LFU, 0.5, true));
    assertThat(configuration.get(Net.class))
        .isEqualTo(
            new Net(HostPort.parseList("127.0.0.1:1,127.0.0.1:2"), Duration.ofSeconds(30), 4, ""));
  }

  @Test
  void fileThenVariableThenFlagWin() throws IOException {
    Path file =
        write(
            """
            [net]
            threads = 5
            request_timeout = "1m"
            peers = ["a:1", "b:2"]
            name = "from the file"
            """);

    Configuration configuration =
        loader.load(
            Optional.of(file),
            Map.of(
                "CURVINE_NET_THREADS",
                "6",
                "CURVINE_NET_REQUEST_TIMEOUT",
                "500ms",
                "CURVINE_BUILD",
                "never"),
            List.of("net.threads=7", "net.peers=c:3,d:4"));

    assertThat(configuration.get(Net.class))
        .isEqualTo(
            new Net(HostPort.parseList("c:3,d:4"), Duration.ofMillis(500), 7, "from the file"));
    Key threads = SampleSections.ALL.get(1).keys().get(2);
    assertThat(configuration.origin(threads)).contains("--set");
  }

  @Test
  void unknownKeyNamesPlaceAndNearest() {
    assertThatThrownBy(() -> load("[net]\n\nthreds = 3\n"))
        .hasMessage(
            temp.resolve("curvine.toml")
                + ":3: unknown key net.threds; nearest known: net.threads");
  }

  @Test
  void unknownSectionNamesPlaceAndKnown() {
    assertThatThrownBy(() -> load("[nett]\n"))
        .hasMessageContaining("curvine.toml:1: unknown section [nett]; known: store, net, net.out");
  }

  @Test
  void aSectionMayLieBelowAnother() throws IOException {
    assertThat(load("[net.out]\nqueue = 9\n").get(Out.class)).isEqualTo(new Out(9));
    assertThat(load("[net]\nthreads = 2\n[net.out]\nqueue = 9\n").get(Net.class).threads())
        .isEqualTo(2);
    assertThat(
            loader
                .load(
                    Optional.of(write("[net.out]\nqueue = 9\n")),
                    Map.of("CURVINE_NET_OUT_QUEUE", "10"),
                    List.of())
                .get(Out.class))
        .isEqualTo(new Out(10));
    assertThat(loader.load(Optional.empty(), Map.of(), List.of("net.out.queue=11")).get(Out.class))
        .isEqualTo(new Out(11));
  }

  @Test
  void whatIsWrongBelowASectionNamesPlaceAndKnown() {
    assertThatThrownBy(() -> load("[net.aut]\n"))
        .hasMessageContaining(
            "curvine.toml:1: unknown section [net.aut]; known: store, net, net.out");
    assertThatThrownBy(() -> load("[net.out]\nqeue = 1\n"))
        .hasMessageContaining(":2: unknown key net.out.qeue; nearest known: net.out.queue");
    assertThatThrownBy(
            () -> loader.load(Optional.empty(), Map.of("CURVINE_NET_OUT_QEUE", "3"), List.of()))
        .hasMessage("unknown variable CURVINE_NET_OUT_QEUE; nearest known: CURVINE_NET_OUT_QUEUE");
    assertThatThrownBy(() -> load("[net.out]\nqueue = \"x\"\n"))
        .hasMessageContaining(":2: net.out.queue is 'x'; allowed: a whole number");
  }

  @Test
  void unknownVariableOfASectionIsRefusedOthersAreNotLookedAt() {
    assertThatThrownBy(
            () -> loader.load(Optional.empty(), Map.of("CURVINE_NET_THREAD", "3"), List.of()))
        .hasMessage("unknown variable CURVINE_NET_THREAD; nearest known: CURVINE_NET_THREADS");
    loader.load(Optional.empty(), Map.of("CURVINE_JAVA_OPTS", "x", "PATH", "y"), List.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "net.threads=many        | net.threads is 'many'; allowed: a whole number",
        "net.threads=            | net.threads is ''; allowed: a whole number",
        "net.request-timeout=5   | net.request-timeout is '5'; allowed: a duration such as",
        "net.peers=a:1,b         | net.peers is 'a:1,b'; allowed: a list, each host:port",
        "store.sync=yes          | store.sync is 'yes'; allowed: true or false",
        "store.policy=fifo       | store.policy is 'fifo'; allowed: one of lru, tiny-lfu",
        "store.block-size-bytes=3Gib | store.block-size-bytes is '3Gib'; allowed: a size such as",
        "store.block-size-bytes=3GiB | --set: store.block-size-bytes is 3221225472; allowed: up to 1GiB",
        "store.fraction=1.5      | --set: store.fraction is 1.5; allowed: 0 to 1",
        "store                   | --set 'store'; allowed: section.key=value",
        "store.=3                | unknown key store.; nearest known: store.sync",
      })
  void wrongValueNamesKeyAndWhatIsAllowed(String assignment, String message) {
    assertThatThrownBy(() -> loader.load(Optional.empty(), Map.of(), List.of(assignment)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  @Test
  void wrongValueInTheFileNamesItsLine() {
    assertThatThrownBy(() -> load("[store]\nsync = true\n\nfraction = 2.0\n"))
        .hasMessage(temp.resolve("curvine.toml") + ":4: store.fraction is 2.0; allowed: 0 to 1");
    assertThatThrownBy(() -> load("[net]\nthreads = [1, 2]\n"))
        .hasMessage(
            temp.resolve("curvine.toml") + ":2: net.threads is '1,2'; allowed: a whole number");
  }

  @Test
  void brokenFileNamesItsLine() {
    assertThatThrownBy(() -> load("[net]\nthreads = = 3\n"))
        .hasMessageContaining("curvine.toml:2: not TOML: ")
        .hasMessageNotContaining("\n");
  }

  @Test
  void missingFileIsAnError() {
    Path none = temp.resolve("none.toml");
    assertThatThrownBy(() -> loader.load(Optional.of(none), Map.of(), List.of()))
        .hasMessage("cannot read the configuration file " + none + ": there is no such file");
  }

  @Test
  void keyWithoutDefaultHasToBeGivenWhereItIsUsed() {
    ConfigLoader needy =
        new ConfigLoader(List.of(new Section("needy", "Wants an address.", Needy.class)));
    Configuration without = needy.load(Optional.empty(), Map.of(), List.of());

    assertThatThrownBy(() -> without.get(Needy.class))
        .hasMessageStartingWith(
            "needy.address is missing; give it in the file, as CURVINE_NEEDY_ADDRESS");
    assertThat(
            needy
                .load(Optional.empty(), Map.of("CURVINE_NEEDY_ADDRESS", "h:1"), List.of())
                .get(Needy.class))
        .isEqualTo(new Needy(new HostPort("h", 1)));
  }

  private Configuration load(String content) {
    try {
      return loader.load(Optional.of(write(content)), Map.of(), List.of());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Path write(String content) throws IOException {
    return Files.writeString(temp.resolve("curvine.toml"), content);
  }
}
