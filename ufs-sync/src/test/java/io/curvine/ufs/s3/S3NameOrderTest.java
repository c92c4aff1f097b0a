/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.UfsStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class S3NameOrderTest {
  private final List<UfsStatus> given = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> hidden = new ArrayList<>();
  private final Set<String> directories = new HashSet<>();

  private S3NameOrder order() {
    return new S3NameOrder(
        name -> {
          asked.add(name);
          return directories.contains(name);
        },
        hidden::add,
        given::add);
  }

  /** Keys as S3 lists them: those with a slash at the end are common prefixes. */
  private void list(S3NameOrder order, Iterable<String> keys) throws CurvineException {
    for (String key : keys) {
      if (key.endsWith("/")) {
        order.directory(S3Statuses.directory(key.substring(0, key.length() - 1)));
      } else {
        order.file(S3Statuses.file(key, "v", 1, null));
      }
    }
    order.finish();
  }

  private List<String> names() {
    return given.stream().map(UfsStatus::name).toList();
  }

  @Test
  void aDirectoryComesBeforeTheNamesThatItBegins() throws CurvineException {
    list(order(), List.of("a!/", "a-b", "a-b-c/", "a/", "b"));
    assertThat(names()).containsExactly("a", "a!", "a-b", "a-b-c", "b");
    assertThat(asked).isEmpty();
  }

  @Test
  void anObjectHidesADirectoryOfItsName() throws CurvineException {
    list(order(), List.of("a", "a-b", "a/", "b"));
    assertThat(names()).containsExactly("a", "a-b", "b");
    assertThat(hidden).containsExactly("a");
  }

  @Test
  void theStoreIsAskedOnceWhereManyNamesWait() throws CurvineException {
    directories.add("part");
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      keys.add("part-%05d".formatted(i));
    }
    keys.add("part/");
    list(order(), keys);
    assertThat(names()).hasSize(10_001).isSorted().startsWith("part", "part-00000");
    assertThat(asked).containsExactly("part");
  }

  @Test
  void endingsOfFilesAskNothing() throws CurvineException {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      keys.add("%05d.jpg".formatted(i));
    }
    list(order(), keys);
    assertThat(names()).isEqualTo(keys);
    assertThat(asked).isEmpty();
  }

  @Test
  void ofAServerWithoutOrderAllIsGiven() throws CurvineException {
    list(order(), List.of("z-1", "b/", "a-b", "c"));
    assertThat(names()).containsExactlyInAnyOrder("z-1", "b", "a-b", "c");
  }

  @Test
  void anyNamesComeInOrder() throws CurvineException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int run = 0; run < 2_000; run++) {
      given.clear();
      TreeSet<String> keys = new TreeSet<>();
      TreeSet<String> names = new TreeSet<>();
      for (int i = random.nextInt(40); i > 0; i--) {
        StringBuilder name = new StringBuilder("a");
        for (int length = random.nextInt(5); length > 0; length--) {
          name.append("!-.a0".charAt(random.nextInt(5)));
        }
        keys.add(random.nextBoolean() ? name + "/" : name.toString());
        names.add(name.toString());
      }
      list(order(), keys);
      assertThat(names()).as("seed %d", seed).isEqualTo(List.copyOf(names));
    }
  }
}
