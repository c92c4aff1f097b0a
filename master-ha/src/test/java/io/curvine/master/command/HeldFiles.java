/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.protocol.proto.UfsFinding;
import io.curvine.ufs.UfsProvider;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.ufs.file.FileUfsProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Directories as stores, of which one answer about one name can be held back: it is taken, and
 * given when the test says so. Thread-safe.
 */
final class HeldFiles implements UfsProvider {
  private final FileUfsProvider files = new FileUfsProvider();
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch askedAgain = new CountDownLatch(1);
  private volatile String name = "";
  private volatile CompletableFuture<Void> answer;

  /** Holds back the next answer about a name until what is given completes. */
  synchronized CompletableFuture<Void> hold(String path) {
    name = path;
    answer = new CompletableFuture<>();
    return answer;
  }

  /** Waits until an answer is held back. */
  void awaitHeld() throws InterruptedException {
    if (!held.await(30, TimeUnit.SECONDS)) {
      throw new AssertionError("nobody asked for " + name);
    }
  }

  /** Whether the name is asked for once more within that time. */
  boolean awaitAsked(String path, long millis) throws InterruptedException {
    return path.equals(name) && askedAgain.await(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public Set<String> schemes() {
    return files.schemes();
  }

  @Override
  public Map<String, String> options() {
    return files.options();
  }

  @Override
  public Set<String> secretOptions() {
    return files.secretOptions();
  }

  @Override
  public String right(UfsFinding.Access access) {
    return files.right(access);
  }

  @Override
  public UnderFileSystem open(URI location, Map<String, String> options) throws IOException {
    UnderFileSystem store = files.open(location, options);
    return (UnderFileSystem)
        Proxy.newProxyInstance(
            UnderFileSystem.class.getClassLoader(),
            new Class<?>[] {UnderFileSystem.class},
            (proxy, method, arguments) -> call(store, method, arguments));
  }

  private Object call(UnderFileSystem store, Method method, Object... arguments) throws Throwable {
    try {
      boolean concerned = method.getName().equals("status") && name.equals(arguments[0]);
      Object taken = method.invoke(store, arguments);
      if (concerned && held.getCount() == 0) {
        askedAgain.countDown();
      } else if (concerned) {
        held.countDown();
        var unused = answer.join();
      }
      return taken;
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
