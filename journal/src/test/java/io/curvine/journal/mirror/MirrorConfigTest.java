/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MirrorConfigTest {
  private static final List<HostPort> BROKERS = HostPort.parseList("127.0.0.1:9092");

  @TempDir Path dir;

  @Test
  void everyComponentIsASetting() {
    for (RecordComponent component : MirrorConfig.class.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      assertThat(setting).as(component.getName()).isNotNull();
      assertThat(setting.doc()).as(component.getName()).isNotBlank();
    }
  }

  @Test
  void aCopyHasAnOwnNameOrThePrefixAndTheTopics() {
    MirrorConfig config =
        config(
            List.of("curvine.journal", "curvine.changes = fs.events"), "prod.", Duration.ZERO, 0);

    assertThat(config.copies())
        .containsExactly(
            Map.entry("curvine.journal", "prod.curvine.journal"),
            Map.entry("curvine.changes", "fs.events"));
    assertThat(config.enabled()).isTrue();
    assertThat(MirrorConfig.off().enabled()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "curvine.jurnal                       | topics is curvine.jurnal; allowed: one of curvine.journal,",
        "curvine.journal=                     | topics is curvine.journal=; allowed: TOPIC=COPY with",
        "curvine.journal=..                   | allowed: TOPIC=COPY with",
        "curvine.journal=a/b                  | allowed: TOPIC=COPY with",
        "curvine.journal=a,curvine.journal=b  | allowed: each topic and each copy once",
        "curvine.journal=a,curvine.changes=a  | allowed: each topic and each copy once",
      })
  void refusesTopicsThatAreNone(String topics, String message) {
    assertThatThrownBy(() -> config(List.of(topics.split(",")), "", Duration.ZERO, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesWhatIsOutOfRange() {
    List<String> topics = List.of("curvine.journal");
    assertThatThrownBy(() -> config(List.of(), "", Duration.ZERO, 0))
        .hasMessageStartingWith("topics is []; allowed: at least one of curvine.journal");
    assertThatThrownBy(() -> config(topics, "a b", Duration.ZERO, 0))
        .hasMessageStartingWith("topic_prefix is 'a b'; allowed: up to 100 letters");
    assertThatThrownBy(() -> config(topics, "", Duration.ofSeconds(11), 0))
        .hasMessage("linger is PT11S; allowed: PT0S to PT10S");
    assertThatThrownBy(() -> config(topics, "", Duration.ZERO, 5))
        .hasMessageStartingWith("rate is 5; allowed: 0 (no limit), or 65536 to");
  }

  @Test
  void refusesPropertiesThatWouldMakeTheCopyInexact() throws IOException {
    Path file = dir.resolve("client.properties");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("feed.mirror.properties-file is " + file + ": cannot read it");
    Files.writeString(file, "security.protocol = SSL\nacks = 0\nisolation.level = x\n");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("which has [acks, isolation.level]; allowed: all but");
    Files.writeString(file, "security.protocol = SSL\n");
    open(file);
  }

  private static void open(Path file) throws IOException {
    MirrorConfig plain = MirrorConfig.to(BROKERS, List.of("curvine.journal"));
    MirrorClients.open(
        new MirrorConfig(
            BROKERS,
            plain.topics(),
            "",
            "",
            plain.batchBytes(),
            plain.linger(),
            0,
            plain.onGap(),
            file.toString()));
  }

  private static MirrorConfig config(
      List<String> topics, String prefix, Duration linger, long rate) {
    return new MirrorConfig(
        BROKERS, topics, prefix, "", 1 << 20, linger, rate, MirrorConfig.OnGap.STOP, "");
  }
}
