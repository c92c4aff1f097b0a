/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Codec.Member;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.CommandOutcome;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.CountedTree;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.FeedFloor;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.LinkedName;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.PolicyOfInode;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.WorkerRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A kind of keys in the state, with the type of its values. Numbers and names are for ever; a
 * retired one keeps its line.
 */
public final class ColumnFamily<V> {
  /** Where the committed values are when they are read. */
  public enum Kept {
    /** In the database alone. */
    ON_DISK,
    /** In the database, those in use in a cache of bounded size too. */
    CACHED,
    /** All of them in memory too: few, and read by nearly every command. */
    IN_MEMORY
  }

  private static final List<ColumnFamily<?>> ALL = new ArrayList<>();

  /** Counters: name → number. */
  public static final ColumnFamily<Long> META =
      new ColumnFamily<>(0, "default", Kept.IN_MEMORY, Codec.number());

  /** inode(8) → Inode. */
  public static final ColumnFamily<Inode> INODES =
      new ColumnFamily<>(1, "inodes", Kept.CACHED, Codec.message(Inode.parser()));

  /** parent(8) name → inode. */
  public static final ColumnFamily<Long> DENTRIES =
      new ColumnFamily<>(2, "dentries", Kept.CACHED, Codec.number());

  /** inode(8) parent(8) name → LinkedName; the names of an inode besides its primary one. */
  public static final ColumnFamily<LinkedName> LINKS =
      new ColumnFamily<>(3, "links", Kept.ON_DISK, Codec.message(LinkedName.parser()));

  /** inode(8) index(4) → BlockRecord. */
  public static final ColumnFamily<BlockRecord> BLOCKS =
      new ColumnFamily<>(4, "blocks", Kept.ON_DISK, Codec.message(BlockRecord.parser()));

  /** inode(8) name → value. */
  public static final ColumnFamily<ByteString> XATTRS =
      new ColumnFamily<>(5, "xattrs", Kept.ON_DISK, Codec.bytes());

  /** mount(4) → Mount. */
  public static final ColumnFamily<Mount> MOUNTS =
      new ColumnFamily<>(6, "mounts", Kept.IN_MEMORY, Codec.message(Mount.parser()));

  /** session(8) → OpenSession. */
  public static final ColumnFamily<OpenSession> SESSIONS =
      new ColumnFamily<>(7, "sessions", Kept.IN_MEMORY, Codec.message(OpenSession.parser()));

  /**
   * session(8) slot(4) → what a retry gets. A number's slot is its remainder by the session's
   * window, so a later command writes over what its client has seen, and nothing needs deleting.
   */
  public static final ColumnFamily<CommandOutcome> RESULTS =
      new ColumnFamily<>(8, "results", Kept.ON_DISK, Codec.message(CommandOutcome.parser()));

  /** session(8) inode(8); write leases by holder. */
  public static final ColumnFamily<Member> LEASES =
      new ColumnFamily<>(9, "leases", Kept.ON_DISK, Codec.member());

  /** worker(4) → WorkerRecord. */
  public static final ColumnFamily<WorkerRecord> WORKERS =
      new ColumnFamily<>(10, "workers", Kept.IN_MEMORY, Codec.message(WorkerRecord.parser()));

  /** uuid → worker. */
  public static final ColumnFamily<Integer> WORKER_UUIDS =
      new ColumnFamily<>(11, "worker_uuids", Kept.IN_MEMORY, Codec.smallNumber());

  /** job(8) → Job; unfinished. */
  public static final ColumnFamily<Job> JOBS =
      new ColumnFamily<>(12, "jobs", Kept.ON_DISK, Codec.message(Job.parser()));

  /** mount(4) path NUL job(8); the paths that unfinished jobs touch. */
  public static final ColumnFamily<Member> JOB_PATHS =
      new ColumnFamily<>(13, "job_paths", Kept.ON_DISK, Codec.member());

  /** job(8) → Job; those that failed for good and wait for somebody. */
  public static final ColumnFamily<Job> FAILED_JOBS =
      new ColumnFamily<>(14, "failed_jobs", Kept.ON_DISK, Codec.message(Job.parser()));

  /** order(8) → inode; detached directories whose content is still to be reaped, a queue. */
  public static final ColumnFamily<Long> REAP =
      new ColumnFamily<>(15, "reap", Kept.ON_DISK, Codec.number());

  /** inode(8); directories whose names were loaded from a UFS, for the scan. */
  public static final ColumnFamily<Member> LOADED =
      new ColumnFamily<>(16, "loaded", Kept.ON_DISK, Codec.member());

  /** session(8) → how far it is. */
  public static final ColumnFamily<Progress> PROGRESS =
      new ColumnFamily<>(17, "progress", Kept.IN_MEMORY, Progress.codec());

  /** One value: the cluster's name. */
  public static final ColumnFamily<String> CLUSTER =
      new ColumnFamily<>(18, "cluster", Kept.IN_MEMORY, Codec.text());

  /** group → ConsumerGroup. */
  public static final ColumnFamily<ConsumerGroup> GROUPS =
      new ColumnFamily<>(19, "groups", Kept.ON_DISK, Codec.message(ConsumerGroup.parser()));

  /** group NUL topic NUL partition(4) → GroupOffset. */
  public static final ColumnFamily<GroupOffset> GROUP_OFFSETS =
      new ColumnFamily<>(20, "group_offsets", Kept.ON_DISK, Codec.message(GroupOffset.parser()));

  /** floor → FeedFloor. */
  public static final ColumnFamily<FeedFloor> FLOORS =
      new ColumnFamily<>(21, "floors", Kept.ON_DISK, Codec.message(FeedFloor.parser()));

  /** mount(4) kind → how far that change source has come. */
  public static final ColumnFamily<FollowedSource> SOURCES =
      new ColumnFamily<>(22, "sources", Kept.ON_DISK, Codec.message(FollowedSource.parser()));

  /** mount(4) path → why that part of a mount is to be compared with its UFS. */
  public static final ColumnFamily<DirtySubtree> DIRTY =
      new ColumnFamily<>(23, "dirty", Kept.ON_DISK, Codec.message(DirtySubtree.parser()));

  /** directory(8) → its quota, with what is used of it. */
  public static final ColumnFamily<Quota> QUOTAS =
      new ColumnFamily<>(24, "quotas", Kept.IN_MEMORY, Codec.message(Quota.parser()));

  /** inode(8) → the quotas in which a deleted tree counts until it is reaped. */
  public static final ColumnFamily<CountedTree> COUNTED_TREES =
      new ColumnFamily<>(25, "counted_trees", Kept.IN_MEMORY, Codec.message(CountedTree.parser()));

  /** job(8) → TreeJob; those that run, and the newest that have ended. */
  public static final ColumnFamily<TreeJob> TREE_JOBS =
      new ColumnFamily<>(26, "tree_jobs", Kept.ON_DISK, Codec.message(TreeJob.parser()));

  /** inode(8) → its own policy. */
  public static final ColumnFamily<PolicyOfInode> POLICIES =
      new ColumnFamily<>(27, "policies", Kept.IN_MEMORY, Codec.message(PolicyOfInode.parser()));

  private final int number;
  private final String storedName;
  private final Kept kept;
  private final Codec<V> codec;

  private ColumnFamily(int number, String storedName, Kept kept, Codec<V> codec) {
    this.number = number;
    this.storedName = storedName;
    this.kept = kept;
    this.codec = codec;
    if (number != ALL.size()) {
      throw new IllegalStateException("column family " + storedName + " is out of order");
    }
    ALL.add(this);
  }

  /** Every family, each at the index that is its number. */
  public static List<ColumnFamily<?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  /** How many there are. */
  public static int count() {
    return ALL.size();
  }

  /** For ever the same; dense from 0. */
  public int number() {
    return number;
  }

  /** As it is named in the database. */
  public String storedName() {
    return storedName;
  }

  public Kept kept() {
    return kept;
  }

  public byte[] toBytes(V value) {
    return codec.toBytes().apply(value);
  }

  public V toValue(byte[] bytes) {
    return toValue(bytes, 0, bytes.length);
  }

  /** The value that a part of an array is; the array is not kept. */
  public V toValue(byte[] bytes, int offset, int length) {
    return codec.toValue().decode(bytes, offset, length);
  }

  @Override
  public String toString() {
    return storedName;
  }
}
