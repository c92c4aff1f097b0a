/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.CliException;
import io.curvine.cli.bench.fuse.Comparison.Side;
import io.curvine.cli.bench.ufs.Turn;
import io.curvine.cli.local.LocalBed.Mounted;
import io.curvine.protocol.io.FileTrees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** What {@code ls} and {@code git} take. The processor time of these is not counted. */
final class ProgramCases {
  static final String LS = "ls";
  static final String GIT = "git";

  private static final String LISTED = "bench-list";
  private static final int FILES_PER_DIRECTORY = 20;
  private static final int FILE_BYTES = 4 << 10;

  private final FuseBed bed;
  private final FusePlan plan;
  private int clones;

  ProgramCases(FuseBed bed, FusePlan plan) {
    this.bed = bed;
    this.plan = plan;
  }

  List<Comparison> of(FuseCase kind) throws IOException, InterruptedException {
    Mounted mount = bed.mount();
    Map<String, List<Long>> through = bed.rolesOf(mount);
    Map<String, List<Long>> direct = bed.rolesOfLocal();
    if (kind == FuseCase.LIST) {
      int entries = plan.sizes().entries();
      bed.makeFiles(LISTED, entries);
      Path local = FuseBed.makeFiles(bed.local().resolve(LISTED), entries);
      Side mounted = () -> list(mount.directory().resolve(LISTED), through);
      Side compared = () -> list(local, direct);
      String name = String.format(Locale.ROOT, "ls -l of %,d entries, cold", entries);
      return List.of(new Comparison(kind, name, 1, mounted, compared));
    }
    Path repository = repository();
    Side mounted =
        () -> {
          String target = nextClone();
          Turn turn = clone(repository, mount.directory().resolve(target), through);
          bed.deleteDirectory(target);
          return turn;
        };
    Side compared =
        () -> {
          Path target = bed.local().resolve(nextClone());
          Turn turn = clone(repository, target, direct);
          FileTrees.delete(target);
          return turn;
        };
    String name =
        String.format(Locale.ROOT, "git clone of %,d files, git status", plan.sizes().cloned());
    return List.of(new Comparison(kind, name, 1, mounted, compared));
  }

  private String nextClone() {
    return "bench-clone-" + clones++;
  }

  private Turn list(Path directory, Map<String, List<Long>> roles)
      throws IOException, InterruptedException {
    KernelCaches.drop();
    byte[][] said = new byte[1][];
    Turn turn =
        Turn.whole(
            1,
            roles,
            () -> {
              said[0] = Programs.run(List.of(LS, "-l", directory.toString()));
              return 0;
            });
    long lines = new String(said[0], StandardCharsets.UTF_8).lines().count();
    if (lines != plan.sizes().entries() + 1L) { // the first is their total
      throw new CliException(
          "ls -l of " + directory + " has " + (lines - 1) + " of " + plan.sizes().entries());
    }
    return turn;
  }

  /** A repository of this machine, with one commit. */
  private Path repository() throws IOException, InterruptedException {
    Path repository = Files.createDirectory(bed.local().resolve("bench-repository"));
    byte[] bytes = new byte[FILE_BYTES];
    Path directory = repository;
    for (int file = 0; file < plan.sizes().cloned(); file++) {
      if (file % FILES_PER_DIRECTORY == 0) {
        directory = Files.createDirectory(repository.resolve("d" + file / FILES_PER_DIRECTORY));
      }
      ThreadLocalRandom.current().nextBytes(bytes);
      Files.write(directory.resolve("f" + file), bytes);
    }
    git(repository, "init", "-q");
    git(repository, "add", "-A");
    git(
        repository,
        "-c",
        "user.name=bench",
        "-c",
        "user.email=bench@localhost",
        "commit",
        "-q",
        "-m",
        "Files");
    return repository;
  }

  private static byte[] git(Path directory, String... words)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(GIT, "-C", directory.toString()));
    command.addAll(List.of(words));
    return Programs.run(command);
  }

  /** As from another machine: nothing is linked or copied as a file. */
  private static Turn clone(Path repository, Path target, Map<String, List<Long>> roles)
      throws IOException, InterruptedException {
    return Turn.whole(
        1,
        roles,
        () -> {
          var unused =
              Programs.run(
                  List.of(GIT, "clone", "-q", repository.toUri().toString(), target.toString()));
          byte[] changed = git(target, "status", "--porcelain");
          if (changed.length > 0) {
            throw new CliException(
                "git status of a new clone says " + new String(changed, StandardCharsets.UTF_8));
          }
          return 0;
        });
  }
}
