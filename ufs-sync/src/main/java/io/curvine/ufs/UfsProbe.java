/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.protocol.proto.UfsFinding.Access;
import io.curvine.protocol.proto.UfsFinding.Outcome;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Tries what a mount would ask of a location: to list it, to read an object of it, and to write,
 * rename and delete one. The object written is small, has a name of its own and is deleted again.
 * Blocks its caller. For one thread, once.
 */
public final class UfsProbe {
  /** Begins the names of what is written. */
  public static final String NAME_PREFIX = ".curvine-check-";

  private static final int ENTRIES_SEEN_MAX = 1_000;
  private static final int DIRECTORIES_SEARCHED_MAX = 16;
  private static final long READ_MAX_BYTES = 1 << 20;
  private static final int WRITTEN_BYTES = 1_024;

  private final UnderFileSystem ufs;
  private final Function<Access, String> rights;
  private final List<UfsFinding> findings = new ArrayList<>();

  /** An object that can be read whole, with its path. */
  private record Candidate(String path, UfsStatus status) {}

  /** A step; what it returns is told to people, and null that there was nothing to try it on. */
  @FunctionalInterface
  private interface Step {
    String run() throws IOException;
  }

  /** Ends a listing of which enough is known. Carries no stack trace. */
  private static final class EnoughSeen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnoughSeen() {
      super("enough entries were seen", null, false, false);
    }
  }

  /** Entries of one directory, as many as are looked at. */
  private static final class Seen {
    private final List<UfsStatus> entries = new ArrayList<>();
    private boolean more;
  }

  private UfsProbe(UnderFileSystem ufs, Function<Access, String> rights) {
    this.ufs = ufs;
    this.rights = rights;
  }

  /**
   * Tries each access.
   *
   * @param changes whether writing, renaming and deleting are needed; where not, they are not tried
   * @param rights what must be granted for an access, in the words of the store
   * @return a finding for each access, in the order in which they were tried
   */
  public static List<UfsFinding> run(
      UnderFileSystem ufs, boolean changes, Function<Access, String> rights) {
    UfsProbe probe = new UfsProbe(ufs, rights);
    probe.look(changes);
    return List.copyOf(probe.findings);
  }

  private void look(boolean changes) {
    Seen root = new Seen();
    Optional<CurvineException> unlisted =
        attempt(
            Access.LIST,
            () -> {
              list("", root);
              return (root.more ? "more than " : "") + entries(root.entries.size());
            });
    if (unlisted.filter(e -> e.code() == ErrorCode.UFS_UNREACHABLE).isPresent()) {
      // Each further call would take as long to fail.
      skip("the UFS cannot be reached", Access.READ, Access.WRITE, Access.RENAME, Access.DELETE);
      return;
    }
    read(root);
    if (changes) {
      change();
    } else {
      skip("the mount would not change the UFS", Access.WRITE, Access.RENAME, Access.DELETE);
    }
  }

  private static String entries(int count) {
    return count == 1 ? "1 entry" : count + " entries";
  }

  private void list(String directory, Seen seen) throws IOException {
    try {
      ufs.list(
          directory,
          child -> {
            if (seen.entries.size() == ENTRIES_SEEN_MAX) {
              seen.more = true;
              throw new EnoughSeen();
            }
            seen.entries.add(child);
          });
    } catch (EnoughSeen enough) {
      seen.more = true;
    }
  }

  private void read(Seen root) {
    var unused =
        attempt(
            Access.READ,
            () -> {
              Optional<Candidate> found = search(root);
              if (found.isEmpty()) {
                return null;
              }
              byte[] bytes = bytes(found.get().path(), found.get().status());
              return found.get().path() + ", " + bytes.length + " bytes";
            });
  }

  /** The first object that is not too large, in few directories. */
  private Optional<Candidate> search(Seen root) throws IOException {
    Deque<String> directories = new ArrayDeque<>();
    Optional<Candidate> found = pick("", root, directories);
    for (int i = 0; i < DIRECTORIES_SEARCHED_MAX && found.isEmpty(); i++) {
      String next = directories.poll();
      if (next == null) {
        return found;
      }
      Seen below = new Seen();
      list(next, below);
      found = pick(next + "/", below, directories);
    }
    return found;
  }

  private static Optional<Candidate> pick(String above, Seen seen, Deque<String> directories) {
    for (UfsStatus entry : seen.entries) {
      if (entry.kind() == UfsStatus.Kind.DIRECTORY) {
        directories.add(above + entry.name());
      }
    }
    return seen.entries.stream()
        .filter(entry -> entry.kind() == UfsStatus.Kind.FILE)
        .filter(entry -> entry.lengthBytes() > 0 && entry.lengthBytes() <= READ_MAX_BYTES)
        .findFirst()
        .map(entry -> new Candidate(above + entry.name(), entry));
  }

  private byte[] bytes(String path, UfsStatus object) throws IOException {
    try (UfsStream in = ufs.open(path, object.version(), 0, object.lengthBytes())) {
      return in.readAllBytes();
    }
  }

  private void change() {
    String name = NAME_PREFIX + UUID.randomUUID();
    String moved = name + "-moved";
    Optional<CurvineException> unwritten = attempt(Access.WRITE, () -> write(name));
    if (unwritten.filter(e -> e.code() == ErrorCode.UFS_DENIED).isPresent()) {
      skip("nothing could be written", Access.RENAME, Access.DELETE);
      return;
    }
    if (unwritten.isPresent()) {
      skip("nothing could be written", Access.RENAME);
    } else {
      var unused =
          attempt(
              Access.RENAME,
              () -> {
                ufs.rename(name, moved);
                return ufs.capabilities().atomicRename() ? "in one step" : "as a copy and a delete";
              });
    }
    // A write or a rename that failed may have left either.
    var unused = attempt(Access.DELETE, () -> delete(name, moved));
  }

  private String write(String name) throws IOException {
    byte[] content = new byte[WRITTEN_BYTES];
    byte[] unique = name.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < content.length; i++) {
      content[i] = unique[i % unique.length];
    }
    UfsStatus made = ufs.write(name, content.length, new ByteArrayInputStream(content));
    if (!Arrays.equals(bytes(name, made), content)) {
      throw new CurvineException(
          ErrorCode.UFS_ERROR, name + ": what was read back is not what was written");
    }
    return content.length + " bytes, read back";
  }

  private String delete(String... names) throws IOException {
    IOException first = null;
    for (String name : names) {
      try {
        ufs.delete(name, false);
        if (ufs.status(name).isPresent()) {
          throw new CurvineException(ErrorCode.UFS_ERROR, "it is there after it was deleted");
        }
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first == null) {
      return "nothing is left behind";
    }
    throw new CurvineException(
        first instanceof CurvineException known ? known.code() : ErrorCode.UFS_ERROR,
        first.getMessage() + "; " + String.join(" or ", names) + " may be left behind",
        first);
  }

  /** Adds what came of it; gives the failure where it failed. */
  private Optional<CurvineException> attempt(Access access, Step step) {
    long begun = System.nanoTime();
    UfsFinding.Builder finding = UfsFinding.newBuilder().setAccess(access);
    CurvineException failure = null;
    try {
      String seen = step.run();
      if (seen == null) {
        skip("no object of up to 1 MiB was found", access);
        return Optional.empty();
      }
      finding.setOutcome(Outcome.WORKS).setMessage(seen);
    } catch (IOException e) {
      failure =
          e instanceof CurvineException known
              ? known
              : new CurvineException(ErrorCode.UFS_ERROR, e.getMessage(), e);
      finding.setOutcome(Outcome.FAILS).setMessage(missing(access, failure));
    }
    long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    findings.add(finding.setTookMs((int) Math.min(Integer.MAX_VALUE, tookMs)).build());
    return Optional.ofNullable(failure);
  }

  private String missing(Access access, CurvineException failure) {
    if (failure.code() != ErrorCode.UFS_DENIED) {
      return failure.getMessage();
    }
    boolean always = access == Access.LIST || access == Access.READ;
    return "denied; needed"
        + (always ? ": " : " unless the mount is --read-only: ")
        + rights.apply(access)
        + " ("
        + failure.getMessage()
        + ")";
  }

  private void skip(String why, Access... accesses) {
    for (Access access : accesses) {
      findings.add(
          UfsFinding.newBuilder()
              .setAccess(access)
              .setOutcome(Outcome.NOT_TRIED)
              .setMessage(why)
              .build());
    }
  }
}
