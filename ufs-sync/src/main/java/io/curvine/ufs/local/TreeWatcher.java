/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import io.curvine.ufs.TemporaryNames;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.file.PosixNames;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches all directories of a location, on a thread of its own, and tells a listener what happens
 * there. {@link #close} may be called by any thread, and does not wait.
 *
 * <p>A directory is watched first and listed afterwards, and the hint at all below it comes last:
 * so whatever was made in it before the watch is below that hint, and whatever comes later is an
 * event.
 */
final class TreeWatcher implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TreeWatcher.class);

  private final Path root;
  private final WatchService service;
  private final WatchedDirectories directories;
  private final Listener listener;
  private volatile boolean closed;
  private boolean unreadableLogged;

  /** Called by the watcher's thread. */
  interface Listener {
    /** All directories are watched now. */
    void watching();

    /** Something happened. */
    void changed(List<ChangeHint> hints);

    /** Something may have happened anywhere. */
    void missed(String why);

    /** The watcher ended by this. */
    void failed(IOException failure);
  }

  /**
   * @param registrar makes watches of {@code service}
   * @param service is closed with this
   */
  TreeWatcher(
      Path root, WatchService service, WatchedDirectories.Registrar registrar, Listener listener) {
    this.root = root;
    this.service = service;
    this.directories = new WatchedDirectories(root, registrar);
    this.listener = listener;
  }

  /** For directories on which all kinds of events are watched. */
  static WatchedDirectories.Registrar registrar(WatchService service) {
    return directory -> directory.register(service, ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY);
  }

  @Override
  public void run() {
    try {
      registerRoot();
      listener.watching();
      while (!closed) {
        process(service.take());
      }
    } catch (ClosedWatchServiceException e) {
      if (!closed) {
        listener.failed(new IOException("the watch service was closed", e));
      }
    } catch (InterruptedException e) {
      listener.failed(new IOException("interrupted", e));
    } catch (IOException e) {
      listener.failed(e);
    } catch (RuntimeException e) {
      LOG.error("watching of {} ended by a bug", root, e);
      listener.failed(new IOException(e));
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      service.close();
    } catch (IOException e) {
      LOG.warn("cannot close the watches of {}: {}", root, e.toString());
    }
  }

  private void registerRoot() throws IOException {
    if (!Files.isDirectory(root)) {
      throw new NoSuchFileException(root.toString());
    }
    registerTree("");
  }

  private void registerTree(String path) throws IOException {
    Deque<String> left = new ArrayDeque<>();
    left.push(path);
    while (!left.isEmpty() && !closed) {
      String next = left.pop();
      try {
        directories.register(next);
        list(next, left);
      } catch (FileSystemException e) {
        // Above the location nothing is watched, so nobody else tells that it is gone.
        if (next.isEmpty()) {
          throw e;
        }
        passOver(next, e);
      }
    }
  }

  /** Goes on without a directory that is gone, of which the one above tells, or is not readable. */
  private void passOver(String directory, FileSystemException why) throws FileSystemException {
    if (why instanceof AccessDeniedException) {
      logUnreadable(directory);
    } else if (!(why instanceof NoSuchFileException)
        && Files.isDirectory(root.resolve(directory), NOFOLLOW_LINKS)) {
      throw why;
    }
  }

  private void list(String directory, Deque<String> into) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(root.resolve(directory))) {
      for (Path child : children) {
        if (closed) {
          return;
        }
        if (Files.isDirectory(child, NOFOLLOW_LINKS) && PosixNames.nameable(child)) {
          into.push(below(directory, child.getFileName().toString()));
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** What cannot be listed is not cached either. */
  private void logUnreadable(String directory) {
    if (!unreadableLogged) {
      unreadableLogged = true;
      LOG.warn("'{}' in {} (and others like it) is not watched: no right to", directory, root);
    }
  }

  private void process(WatchKey key) throws IOException {
    List<WatchEvent<?>> events = key.pollEvents();
    Optional<String> directory = directories.path(key);
    if (directory.isEmpty()) {
      return; // given up, after which a hint was given at all that it stood for
    }
    List<ChangeHint> hints = new ArrayList<>();
    for (WatchEvent<?> event : events) {
      if (event.kind().equals(OVERFLOW)) {
        registerAnew(directory.get(), hints);
      } else {
        child(directory.get(), event, hints);
      }
    }
    if (!key.reset() && directories.path(key).isPresent()) {
      directories.ended(key);
      if (directory.get().isEmpty()) {
        throw new NoSuchFileException(root.toString());
      }
    }
    listener.changed(hints);
  }

  /**
   * An overflow of one directory's events loses what happened there; one of inotify's queue comes
   * to all directories, the topmost among them.
   */
  private void registerAnew(String directory, List<ChangeHint> hints) throws IOException {
    directories.unregister(directory);
    registerTree(directory);
    hints.add(ChangeHint.below(directory));
    if (directory.isEmpty()) {
      listener.missed("more happened than inotify could hold");
    }
  }

  private void child(String directory, WatchEvent<?> event, List<ChangeHint> hints)
      throws IOException {
    Path child = root.resolve(directory).resolve((Path) event.context());
    String name = child.getFileName().toString();
    if (TemporaryNames.isTemporary(name) || !PosixNames.nameable(child)) {
      return;
    }
    String path = below(directory, name);
    if (event.kind().equals(ENTRY_CREATE) && Files.isDirectory(child, NOFOLLOW_LINKS)) {
      registerTree(path);
      hints.add(ChangeHint.below(path));
    } else if (event.kind().equals(ENTRY_DELETE) && directories.unregister(path)) {
      hints.add(ChangeHint.below(path));
    } else {
      hints.add(ChangeHint.at(path));
    }
  }

  private static String below(String directory, String name) {
    return directory.isEmpty() ? name : directory + "/" + name;
  }
}
