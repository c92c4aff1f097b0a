/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.ufs.testing.UnderFileSystemContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is closed while it is used is closed when it is not. */
final class DrainingUnderFileSystemTest extends UnderFileSystemContract {
  @TempDir private Path directory;
  private final AtomicInteger closes = new AtomicInteger();

  @Override
  protected UnderFileSystem openEmpty() throws IOException {
    UfsRegistry registry = UfsRegistry.load();
    UnderFileSystem store = registry.open(registry.normalise(directory.toString()), Map.of());
    return new DrainingUnderFileSystem(
        (UnderFileSystem)
            Proxy.newProxyInstance(
                UnderFileSystem.class.getClassLoader(),
                new Class<?>[] {UnderFileSystem.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("close")) {
                    closes.incrementAndGet();
                  }
                  try {
                    return method.invoke(store, arguments);
                  } catch (java.lang.reflect.InvocationTargetException e) {
                    throw e.getCause();
                  }
                }));
  }

  private void writeF() throws IOException {
    var unused =
        ufs.write("f", 3, new ByteArrayInputStream("abc".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void anIdleStoreIsClosedAtOnceAndOnce() {
    ufs.close();
    assertThat(closes).hasValue(1);
    ufs.close();
    assertThat(closes).hasValue(1);
    assertThatThrownBy(() -> ufs.status("f"))
        .hasMessage("the mount of this UFS was taken away or changed; try again");
    assertThatThrownBy(() -> ufs.list("", status -> {})).hasMessageContaining("taken away");
    assertThatThrownBy(() -> ufs.open("f", "", 0, 1)).hasMessageContaining("taken away");
  }

  @Test
  void aStreamThatIsOpenKeepsItOpen() throws IOException {
    writeF();
    String version = ufs.status("f").orElseThrow().version();
    UfsStream stream = ufs.open("f", version, 0, 3);
    ufs.close();
    assertThat(closes).hasValue(0);
    assertThat(stream.readAllBytes()).isEqualTo("abc".getBytes(StandardCharsets.US_ASCII));
    stream.close();
    assertThat(closes).hasValue(1);
    stream.close();
    assertThat(closes).hasValue(1);
  }

  @Test
  void aCallThatIsUnderWayKeepsItOpenAndAFailedOneDoesNot() throws IOException {
    writeF();
    ufs.list(
        "",
        status -> {
          ufs.close();
          assertThat(closes).hasValue(0);
        });
    assertThat(closes).hasValue(1);
    UnderFileSystem other = openEmpty();
    assertThatThrownBy(() -> other.open("missing", "v", 0, 1)).isInstanceOf(IOException.class);
    other.close();
    assertThat(closes).hasValue(2);
  }

  /** One that is left to its default would hide what a store can do. */
  @Test
  void whatWrapsAStorePassesEveryCallOn() {
    for (Method method : UnderFileSystem.class.getDeclaredMethods()) {
      if (!method.isSynthetic() && !Modifier.isStatic(method.getModifiers())) {
        for (Class<?> wrapper :
            List.of(DrainingUnderFileSystem.class, LimitedUnderFileSystem.class)) {
          assertThatCode(
                  () -> wrapper.getDeclaredMethod(method.getName(), method.getParameterTypes()))
              .doesNotThrowAnyException();
        }
      }
    }
  }
}
