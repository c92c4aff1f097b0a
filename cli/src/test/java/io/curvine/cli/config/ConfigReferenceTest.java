/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.cli.Sections;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigReferenceTest {
  private static final String HOW =
      "stale: run bin/curvine config reference and commit what it writes";

  @TempDir Path temp;

  @Test
  void documentsOfTheCheckoutAreThoseOfTheCode() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();

    assertThat(root.resolve("ops/configuration.md"))
        .as(HOW)
        .hasContent(ConfigReference.page(Sections.ALL));
    assertThat(root.resolve("etc/curvine.toml"))
        .as(HOW)
        .hasContent(ConfigReference.file(Sections.ALL));
  }

  @Test
  void theFileWithEveryCommentTakenAwayGivesTheDefaults() throws IOException {
    String every = ConfigReference.file(SampleSections.ALL).replaceAll("(?m)^#([a-z])", "$1");
    Path file = Files.writeString(temp.resolve("curvine.toml"), every);
    ConfigLoader loader = new ConfigLoader(SampleSections.ALL);

    Configuration written = loader.load(Optional.of(file), Map.of(), List.of());
    Configuration defaults = loader.load(Optional.empty(), Map.of(), List.of());

    for (Section section : SampleSections.ALL) {
      assertThat(written.get(section.type())).isEqualTo(defaults.get(section.type()));
      assertThat(section.keys()).allMatch(key -> written.origin(key).isPresent());
    }
  }

  @Test
  void theProductsFileGivesTheProductsDefaults() throws IOException {
    String every = ConfigReference.file(Sections.ALL).replaceAll("(?m)^#([a-z])", "$1");
    Path file = Files.writeString(temp.resolve("curvine.toml"), every);
    ConfigLoader loader = new ConfigLoader(Sections.ALL);

    Configuration written = loader.load(Optional.of(file), Map.of(), List.of());
    Configuration defaults = loader.load(Optional.empty(), Map.of(), List.of());

    for (Section section : Sections.ALL) {
      assertThat(written.get(section.type())).isEqualTo(defaults.get(section.type()));
    }
  }

  @Test
  void pageShowsKeyDefaultAllowedAndMeaning() {
    assertThat(ConfigReference.page(SampleSections.ALL))
        .contains("| `policy` | `tiny-lfu` | one of lru, tiny-lfu | A choice. |")
        .contains("| `name` | empty | text | A name; empty: none. |")
        .contains("Addresses \\| or names.");
  }
}
