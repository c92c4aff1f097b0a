/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.UfsProvider;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Stores of mounts are kept for the next use, and closed when nobody can use them any more. */
class UfsPoolTest {
  /** The locations that were closed, in order. */
  private final List<String> closed = new ArrayList<>();

  private final UfsPool pool = new UfsPool(UfsRegistry.of(List.of(new Stores())));

  /** Stores that hold nothing and tell that they were closed. */
  private final class Stores implements UfsProvider {
    @Override
    public Set<String> schemes() {
      return Set.of("test");
    }

    @Override
    public Map<String, String> options() {
      return Map.of("a", "any");
    }

    @Override
    public Set<String> secretOptions() {
      return Set.of();
    }

    @Override
    public UnderFileSystem open(URI location, Map<String, String> options) {
      String name = location.getAuthority() + options;
      return (UnderFileSystem)
          Proxy.newProxyInstance(
              UnderFileSystem.class.getClassLoader(),
              new Class<?>[] {UnderFileSystem.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("close")) {
                  closed.add(name);
                }
                return method.getReturnType() == Optional.class ? Optional.empty() : null;
              });
    }
  }

  private static Mount mount(int id, String option) {
    Mount.Builder mount = Mount.newBuilder().setId(id).setUri("test://m" + id);
    return option.isEmpty() ? mount.build() : mount.putOptions("a", option).build();
  }

  @Test
  void aMountHasOneStore() throws IOException {
    UnderFileSystem store = pool.get(mount(1, ""));
    assertThat(pool.get(mount(1, ""))).isSameAs(store);
    assertThat(pool.get(mount(2, ""))).isNotSameAs(store);
    assertThat(closed).isEmpty();
  }

  @Test
  void theStoreOfAMountThatIsGoneIsClosedAndNoOther() throws IOException {
    UnderFileSystem gone = pool.get(mount(1, ""));
    UnderFileSystem stays = pool.get(mount(2, ""));
    pool.retain(Set.of(1, 2));
    assertThat(closed).isEmpty();
    pool.retain(Set.of(2));
    assertThat(closed).containsExactly("m1{}");
    assertThatThrownBy(() -> gone.status("")).hasMessageContaining("taken away");
    assertThat(stays.status("")).isEmpty();
    assertThat(pool.get(mount(2, ""))).isSameAs(stays);
  }

  @Test
  void aStoreThatIsReplacedIsUsedUntilTheNextChange() throws IOException {
    UnderFileSystem before = pool.get(mount(1, ""));
    var unused = pool.get(mount(1, "b"));
    pool.retain(Set.of(1));
    assertThat(before.status("")).isEmpty();
    unused = pool.get(mount(1, "c"));
    assertThat(closed).containsExactly("m1{}");
    pool.retain(Set.of());
    assertThat(closed).containsExactlyInAnyOrder("m1{}", "m1{a=b}", "m1{a=c}");
  }

  @Test
  void afterItsCloseItGivesNone() throws IOException {
    var unused = pool.get(mount(1, ""));
    pool.close();
    assertThat(closed).containsExactly("m1{}");
    assertThatThrownBy(() -> pool.get(mount(1, ""))).hasMessage("the master is closing");
  }
}
