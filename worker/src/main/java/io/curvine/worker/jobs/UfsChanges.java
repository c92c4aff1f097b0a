/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.JobOrder;
import io.curvine.ufs.UfsExpected;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Changes of single files at a UFS that leave alone what another than Curvine put there: it stays,
 * and the change fails with UFS_CONFLICT, or it is moved aside first where the job says so. An
 * object with the same content is no other: an earlier attempt may have made it. Stateless.
 */
final class UfsChanges {
  private static final int COMPARED_BYTES = 256 << 10;

  private UfsChanges() {}

  /** The content of a file from its first byte, as often as it is asked for. */
  interface Content {
    long lengthBytes();

    InputStream open() throws IOException;
  }

  /** Uploads the content to the job's path. */
  static Outcome export(UnderFileSystem ufs, JobOrder order, Content content) throws IOException {
    Job job = order.getJob();
    String path = job.getUfsPath().toStringUtf8();
    UfsExpected expected = expected(order.getChecked(), order.getKnownVersion());
    try {
      return Outcome.done(upload(ufs, path, content, expected));
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.UFS_CONFLICT) {
        throw e;
      }
      Optional<UfsStatus> found = ufs.status(path);
      if (found.isPresent() && holds(ufs, path, found.get(), content)) {
        return Outcome.done(found.get());
      }
      moveAside(ufs, path, job, e);
      return Outcome.done(upload(ufs, path, content, UfsExpected.NOTHING)).noting(kept(job));
    }
  }

  private static UfsStatus upload(
      UnderFileSystem ufs, String path, Content content, UfsExpected expected) throws IOException {
    try (InputStream stream = content.open()) {
      return ufs.write(path, content.lengthBytes(), stream, expected);
    }
  }

  /** Deletes what is at the job's path. */
  static Outcome delete(UnderFileSystem ufs, Job job) throws IOException {
    String path = job.getUfsPath().toStringUtf8();
    try {
      if (job.getChecked()) {
        ufs.delete(path, expected(true, job.getKnownVersion()));
      } else {
        ufs.delete(path, job.getTree());
      }
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.UFS_CONFLICT) {
        moveAside(ufs, path, job, e);
        return Outcome.done().noting(kept(job));
      }
      if (e.code() != ErrorCode.NOT_FOUND) {
        throw e;
      }
    }
    return Outcome.done();
  }

  /**
   * Moves what is at the job's path. Where the source is gone and the target is there, an earlier
   * attempt had done it.
   */
  static Outcome rename(UnderFileSystem ufs, JobOrder order) throws IOException {
    Job job = order.getJob();
    String from = job.getUfsPath().toStringUtf8();
    String target = job.getUfsTargetPath().toStringUtf8();
    Optional<UfsStatus> source = ufs.status(from);
    if (source.isEmpty()) {
      UfsStatus found =
          ufs.status(target)
              .filter(there -> !isToBeReplaced(there, order))
              .orElseThrow(
                  () ->
                      new CurvineException(
                          ErrorCode.NOT_FOUND, from + ": no such object or directory"));
      boolean known =
          !order.getChecked() || found.kind() != Kind.FILE || found.isOf(order.getKnownVersion());
      return known ? Outcome.done(found) : Outcome.done(found).ofAnother();
    }
    boolean other =
        !expected(order.getChecked(), order.getKnownVersion()).allows(source)
            && source.get().kind() == Kind.FILE;
    boolean aside = job.getChecked() && makeRoom(ufs, from, source.get(), job);
    Outcome done = Outcome.done(ufs.rename(from, target));
    Outcome told = other ? done.ofAnother() : done;
    return aside ? told.noting(kept(job)) : told;
  }

  /** Whether what is at the target was there before the rename. */
  private static boolean isToBeReplaced(UfsStatus target, JobOrder order) {
    Job job = order.getJob();
    boolean moved = order.getChecked() && target.isOf(order.getKnownVersion());
    return job.getChecked() && !moved && target.isOf(job.getKnownVersion());
  }

  /** Whether another object was moved aside. */
  private static boolean makeRoom(UnderFileSystem ufs, String from, UfsStatus source, Job job)
      throws IOException {
    String target = job.getUfsTargetPath().toStringUtf8();
    UfsExpected expected = expected(true, job.getKnownVersion());
    Optional<UfsStatus> found = ufs.status(target);
    if (expected.allows(found) || found.get().kind() == Kind.DIRECTORY) {
      return false; // A directory is refused by the rename itself.
    }
    // In a store that copies, an earlier attempt may have come half the way.
    boolean copy = holds(ufs, target, found.get(), contentOf(ufs, from, source));
    if (!copy) {
      String version = found.get().version();
      moveAside(ufs, target, job, expected.conflict(target, found.get().kind() + " " + version));
    }
    return !copy;
  }

  private static UfsExpected expected(boolean checked, String version) {
    return checked ? UfsExpected.version(version) : UfsExpected.ANY;
  }

  private static String kept(Job job) {
    return ErrorCode.UFS_CONFLICT
        + ": another object was at "
        + changed(job)
        + " at the UFS than the one known here; it is kept there as "
        + job.getAside().toStringUtf8();
  }

  private static String changed(Job job) {
    boolean rename = job.getKind() == JobKind.UFS_RENAME;
    return (rename ? job.getUfsTargetPath() : job.getUfsPath()).toStringUtf8();
  }

  /**
   * Keeps what is at the path under another name.
   *
   * @param conflict is thrown where the job does not say which, or there is something already
   */
  private static void moveAside(
      UnderFileSystem ufs, String path, Job job, CurvineException conflict) throws IOException {
    String aside = job.getAside().toStringUtf8();
    if (aside.isEmpty() || ufs.status(aside).isPresent()) {
      throw conflict;
    }
    Optional<UfsStatus> found = ufs.status(path);
    if (found.isPresent() && found.get().kind() == Kind.DIRECTORY) {
      throw new CurvineException(ErrorCode.IS_A_DIRECTORY, path + ": is a directory");
    }
    if (found.isPresent()) {
      var unused = ufs.rename(path, aside);
    }
  }

  private static Content contentOf(UnderFileSystem ufs, String path, UfsStatus file) {
    return new Content() {
      @Override
      public long lengthBytes() {
        return file.lengthBytes();
      }

      @Override
      public InputStream open() throws IOException {
        return ufs.open(path, file.version(), 0, file.lengthBytes());
      }
    };
  }

  /** Whether the object has that content, byte for byte. */
  private static boolean holds(UnderFileSystem ufs, String path, UfsStatus found, Content content)
      throws IOException {
    if (found.kind() != Kind.FILE || found.lengthBytes() != content.lengthBytes()) {
      return false;
    }
    try (InputStream theirs = contentOf(ufs, path, found).open();
        InputStream ours = content.open()) {
      for (long left = content.lengthBytes(); left > 0; left -= COMPARED_BYTES) {
        int count = (int) Math.min(COMPARED_BYTES, left);
        if (!Arrays.equals(theirs.readNBytes(count), ours.readNBytes(count))) {
          return false;
        }
      }
      return true;
    }
  }
}
