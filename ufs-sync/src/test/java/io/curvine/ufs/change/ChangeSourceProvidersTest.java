/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds of all sources on the class path. */
class ChangeSourceProvidersTest {
  private static final List<ChangeSourceProvider> PROVIDERS =
      ServiceLoader.load(ChangeSourceProvider.class).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  @Test
  void eachKindIsThereOnce() {
    assertThat(PROVIDERS)
        .extracting(ChangeSourceProvider::kind)
        .doesNotHaveDuplicates()
        .contains("kafka", "sqs", "webhook", "inotify");
  }

  @Test
  void optionsBeginWithTheKindAndAreDescribed() {
    Set<String> seen = new HashSet<>();
    for (ChangeSourceProvider provider : PROVIDERS) {
      provider
          .options()
          .forEach(
              (key, meaning) -> {
                assertThat(key).startsWith(provider.kind() + ".");
                assertThat(meaning).endsWith(".");
                assertThat(seen.add(key)).isTrue();
              });
      assertThat(provider.options().keySet()).containsAll(provider.secretOptions());
    }
  }
}
