/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.JobTarget;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.PathResolver.Place;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.LinkedName;
import io.curvine.protocol.proto.Mount;
import java.util.ArrayList;
import java.util.List;

/** Jobs that carry a mutation to the UFS. */
final class Exports {
  private static final int LINKS_MAX = 65_000;

  private Exports() {}

  /** Uploads the content at its present version, to each name of the file. */
  static void exportIfNewer(Inode file, Context context) {
    if (file.getExportedVersion() < file.getVersion()) {
      export(file, file.getVersion(), context);
    }
  }

  /** Uploads the content at a version, to each name of the file. */
  static void export(Inode file, long version, Context context) {
    Mount mount = context.mounts().exporting(file.getMountId());
    if (mount == null) {
      return;
    }
    List<NamespaceView.Name> names = new ArrayList<>();
    names.add(new NamespaceView.Name(file.getParent(), file.getName()));
    names.addAll(context.namespace().otherNames(file.getId(), LINKS_MAX));
    for (NamespaceView.Name name : names) {
      // The UFS loses a tree that was deleted; a name in it is not brought back.
      if (!context.isDetached(name.parent())) {
        Inode parent = context.namespace().require(name.parent());
        ByteString path = context.mounts().ufsPath(mount, parent, name.name());
        exportTo(path, file.getId(), version, mount, context);
      }
    }
  }

  /** Uploads the content at a version to one path. */
  static void exportTo(ByteString path, long inode, long version, Mount mount, Context context) {
    context.emitJob(
        mount,
        Job.newBuilder()
            .setKind(JobKind.EXPORT_FILE)
            .setInode(inode)
            .setVersion(version)
            .setUfsPath(path));
  }

  /**
   * Deletes what the UFS has at a path, or will have when the jobs before are done.
   *
   * @param gone what was there; where that is a file, another object than its own stays
   */
  static void delete(Mount mount, ByteString path, boolean tree, Place gone, Context context) {
    Job.Builder job = Job.newBuilder().setKind(JobKind.UFS_DELETE).setUfsPath(path).setTree(tree);
    expect(gone, job, context);
    context.emitJob(mount, job);
  }

  /** Deletes an object of which the version is known; another one stays. */
  static void deleteKnown(ByteString path, String version, Mount mount, Context context) {
    context.emitJob(
        mount,
        Job.newBuilder()
            .setKind(JobKind.UFS_DELETE)
            .setUfsPath(path)
            .setChecked(true)
            .setKnownVersion(version));
  }

  /**
   * Moves what the UFS has of a name that goes to the next name of its file.
   *
   * @param heir of {@link #heir}
   */
  static void moveToHeir(
      Mount mount, ByteString path, Inode file, NamespaceView.Name heir, Context context) {
    Inode parent = context.namespace().require(heir.parent());
    context.emitJob(
        mount,
        Job.newBuilder()
            .setKind(JobKind.UFS_RENAME)
            .setHeir(true)
            .setInode(file.getId())
            .setUfsPath(path)
            .setUfsTargetPath(context.mounts().ufsPath(mount, parent, heir.name()))
            .setChecked(true)
            .setKnownVersion(JobTarget.versionAt(file, heir, context.namespace())));
  }

  /**
   * The name that a file has as its primary one when that goes, where its object does not have the
   * content: it may be nowhere else than in the object of the name that goes. Otherwise null.
   *
   * @param gone before it goes
   */
  static NamespaceView.Name heir(Place gone, Context context) {
    Inode file = gone.inode();
    boolean primary =
        NamespaceView.isFile(file)
            && file.getNlink() > 1
            && file.getParent() == gone.parent().getId()
            && file.getName().equals(gone.name());
    Mount mount = primary ? context.mounts().exporting(file.getMountId()) : null;
    if (mount == null
        || !reachesUfs(
            mount, gone, context.mounts().ufsPath(mount, gone.parent(), gone.name()), context)) {
      return null;
    }
    NamespaceView.Name heir = context.namespace().otherNames(file.getId(), 1).get(0);
    LinkedName object = context.namespace().linked(file.getId(), heir);
    boolean has = NamespaceView.hasNewest(object, file);
    return has || context.isDetached(heir.parent()) ? null : heir;
  }

  /**
   * Has the job delete or replace nothing but the object of the file at a place, or nothing where
   * none is.
   */
  static void expect(Place replaced, Job.Builder job, Context context) {
    Inode file = replaced.inode();
    if (file == null || NamespaceView.isSpecial(file)) {
      job.setChecked(true);
    } else if (NamespaceView.isFile(file)) {
      NamespaceView.Name name = new NamespaceView.Name(replaced.parent().getId(), replaced.name());
      job.setChecked(true).setKnownVersion(JobTarget.versionAt(file, name, context.namespace()));
    }
  }

  /**
   * Whether the UFS has the entry of a name, or will have when the jobs before are done. A special
   * file it never gets.
   */
  static boolean reachesUfs(Mount mount, Place place, ByteString path, Context context) {
    return !NamespaceView.isSpecial(place.inode())
        && (place.inode().hasUfs()
            || hasObject(place, context)
            || context.jobs().overlaps(mount.getId(), path));
  }

  /** A further name may have one before the primary one has. */
  private static boolean hasObject(Place place, Context context) {
    NamespaceView.Name name = new NamespaceView.Name(place.parent().getId(), place.name());
    return NamespaceView.isFile(place.inode())
        && !JobTarget.versionAt(place.inode(), name, context.namespace()).isEmpty();
  }
}
