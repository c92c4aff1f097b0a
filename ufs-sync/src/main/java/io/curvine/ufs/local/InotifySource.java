/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.local;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.change.MergedHints;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Changes of a directory of this machine, by inotify. It hears only of what processes of this
 * machine do: not of what others change in a network file system. Thread-safe.
 *
 * <p>The kernel keeps nothing for one who is not there, so each start is a gap. It is given when
 * all directories are watched: whoever looks after that misses nothing.
 */
final class InotifySource implements ChangeSource {
  /** Paths; with more it is cheaper to look at everything. */
  private static final int PENDING_MAX = 100_000;

  private static final String CURSOR = "";
  private static final Path WATCHES_LIMIT = Path.of("/proc/sys/fs/inotify/max_user_watches");

  private final Path root;
  private final Function<WatchService, WatchedDirectories.Registrar> registrars;
  private final String startGap;

  private final MergedHints pending = new MergedHints();
  private String gap = "";
  private long newestMillis;
  private TreeWatcher watcher;
  private CurvineException failure;
  private boolean closed;

  /**
   * @param watchedBefore a source of this location was open before
   * @param registrars {@link TreeWatcher#registrar}
   */
  InotifySource(
      Path root,
      boolean watchedBefore,
      Function<WatchService, WatchedDirectories.Registrar> registrars) {
    this.root = root;
    this.registrars = registrars;
    this.startGap =
        watchedBefore
            ? "inotify started anew; what happened before is not known"
            : "inotify started; what happened before all directories were watched is not known";
  }

  @Override
  public synchronized ChangeBatch poll(Duration wait)
      throws CurvineException, InterruptedException {
    if (watcher == null && !closed) {
      start();
    }
    long end = System.nanoTime() + wait.toNanos();
    long left = wait.toNanos();
    while (left > 0 && !closed && failure == null && gap.isEmpty() && pending.size() == 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    if (failure != null && !closed) {
      CurvineException thrown = failure;
      failure = null;
      watcher.close();
      watcher = null;
      throw thrown;
    }
    return batch();
  }

  private ChangeBatch batch() {
    List<ChangeHint> hints = pending.take(ChangeBatch.HINTS_MAX);
    ChangeBatch batch =
        new ChangeBatch(
            hints,
            CURSOR,
            hints.isEmpty() ? 0 : newestMillis,
            OptionalLong.of(pending.size()),
            gap);
    gap = "";
    return batch;
  }

  private void start() throws CurvineException {
    WatchService service;
    try {
      service = root.getFileSystem().newWatchService();
    } catch (IOException e) {
      throw error(e);
    }
    Events events = new Events();
    watcher = new TreeWatcher(root, service, registrars.apply(service), events);
    events.from = watcher;
    Thread thread = new Thread(watcher, "inotify-" + root.getFileName());
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    TreeWatcher running;
    synchronized (this) {
      closed = true;
      running = watcher;
      notifyAll();
    }
    if (running != null) {
      running.close();
    }
  }

  private CurvineException error(IOException cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.startsWith("User limit of inotify watches")) {
      return new CurvineException(
          ErrorCode.UFS_ERROR,
          root
              + " has more directories than inotify has watches left"
              + watchesLimit()
              + "; set fs.inotify.max_user_watches higher, or mount less",
          cause);
    }
    if (message.startsWith("User limit of inotify instances")) {
      return new CurvineException(
          ErrorCode.UFS_ERROR,
          root
              + ": "
              + message
              + "; set fs.inotify.max_user_instances or the limit of open files"
              + " higher",
          cause);
    }
    if (cause instanceof NoSuchFileException || cause instanceof NotDirectoryException) {
      return new CurvineException(
          ErrorCode.UFS_UNREACHABLE, root + " is not there, or is no directory", cause);
    }
    ErrorCode code =
        cause instanceof AccessDeniedException ? ErrorCode.UFS_DENIED : ErrorCode.UFS_ERROR;
    return new CurvineException(code, root + " cannot be watched: " + cause, cause);
  }

  private static String watchesLimit() {
    try {
      return " of " + Files.readString(WATCHES_LIMIT).trim();
    } catch (IOException e) {
      return ""; // the number only helps to choose a better one
    }
  }

  /** What one watcher says; nothing any more once another has taken its place. */
  private final class Events implements TreeWatcher.Listener {
    private TreeWatcher from;

    @Override
    public void watching() {
      missed(startGap);
    }

    @Override
    public void changed(List<ChangeHint> hints) {
      synchronized (InotifySource.this) {
        if (hints.isEmpty()) {
          return;
        }
        hints.forEach(pending::add);
        newestMillis = System.currentTimeMillis();
        if (pending.size() > PENDING_MAX) {
          pending.clear();
          missed("more than " + PENDING_MAX + " changed paths waited");
        }
        InotifySource.this.notifyAll();
      }
    }

    @Override
    public void missed(String why) {
      synchronized (InotifySource.this) {
        gap = gap.isEmpty() || gap.equals(why) ? why : gap + "; " + why;
        InotifySource.this.notifyAll();
      }
    }

    @Override
    public void failed(IOException cause) {
      synchronized (InotifySource.this) {
        if (from == watcher) {
          failure = error(cause);
          InotifySource.this.notifyAll();
        }
      }
    }
  }
}
