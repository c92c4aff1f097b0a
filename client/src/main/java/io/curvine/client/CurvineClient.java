/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.client.block.BlockConnections;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.change.ChangeFilter;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.FirstBlock;
import io.curvine.protocol.proto.GetEntry;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Moment;
import io.curvine.protocol.proto.OpenForWrite;
import io.curvine.protocol.proto.PastState;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * A program's way into a cluster: the tree of names, and the content of files. Thread-safe; one is
 * enough for a process. Nothing is sent before the first call, so the cluster may come up later.
 *
 * <p>Everything throws {@link CurvineException} with its code for a refusal, or another {@link
 * IOException}.
 */
public final class CurvineClient implements Closeable {
  private final ClientConfig config;
  private final MasterCalls masters;
  private final Jobs jobs;
  private final DataPlane data;
  private final Place place;
  private final Namespace namespace;
  private final SmallFiles small;
  private final OtherWriters writers;

  private CurvineClient(ClientConfig config) {
    this.config = config;
    this.place =
        Place.newBuilder().setHost(LocalHost.name(config)).setRack(config.clientRack()).build();
    Principal self = LocalHost.principal(place.getHost());
    this.masters = new MasterCalls(config, self);
    this.jobs = new Jobs(masters, config.jobTimeout());
    this.data =
        new DataPlane(
            config,
            new BlockConnections(
                config.connectTimeout(), config.blockTimeout(), config.localSockets()),
            masters.pauses());
    this.namespace = new Namespace(masters, jobs, self, place, config);
    this.small = new SmallFiles(masters, data);
    this.writers = new OtherWriters(namespace, masters.pauses());
  }

  /** A client of the cluster whose masters the configuration names. */
  public static CurvineClient connect(ClientConfig config) {
    return new CurvineClient(config);
  }

  /** The tree as the user of this process sees it. */
  public Namespace namespace() {
    return namespace;
  }

  /** The tree as another user sees it. */
  public Namespace namespace(Principal principal) {
    Principal here = principal.toBuilder().setHost(place.getHost()).build();
    return new Namespace(masters, jobs, here, place, config);
  }

  public ClientConfig config() {
    return config;
  }

  // --- reading ---

  /** Opens a file for reading; symbolic links are followed. */
  public FileReader open(EntryRef at) throws IOException {
    return open(at, config.reading());
  }

  /** The same in another way than the configuration's. */
  public FileReader open(EntryRef at, ReadOptions options) throws IOException {
    return FileReader.open(at, namespace, data, options);
  }

  /** Opens a file as a stream; {@code path} is absolute. */
  public CurvineInputStream open(String path) throws IOException {
    return openStream(Refs.path(path));
  }

  /** Opens a file as a stream. */
  public CurvineInputStream openStream(EntryRef at) throws IOException {
    return openStream(at, config.reading());
  }

  /** The same in another way than the configuration's. */
  public CurvineInputStream openStream(EntryRef at, ReadOptions options) throws IOException {
    return new CurvineInputStream(open(at, options));
  }

  // --- writing ---

  /** Creates a file, or replaces the content of an existing one by nothing, and opens it. */
  public FileWriter create(EntryRef at, CreateOptions options) throws IOException {
    return create(at, options, namespace);
  }

  /** The same as another user, who will own a new file. */
  public FileWriter create(EntryRef at, CreateOptions options, Principal principal)
      throws IOException {
    return create(at, options, namespace(principal));
  }

  /**
   * Creates a file with a content, or replaces that of an existing one. Up to 1 MiB take one round
   * trip to a worker and one to the masters, where the file is new and not the first of its kind in
   * a while; readers never see such a file without its content.
   *
   * @param content from the position to the limit, which moves there
   */
  public void write(EntryRef at, CreateOptions options, ByteBuffer content) throws IOException {
    CreateFile.Builder wish = wish(at, options, namespace);
    int length = content.remaining();
    if (length > 0 && length <= SmallFiles.BYTES_MAX) {
      Optional<CommandResult> made = small.write(wish, content, namespace);
      if (made.isPresent()) {
        content.position(content.limit());
        namespace.awaitJobs(made.get());
        return;
      }
    }
    CommandResult created =
        namespace.command(Command.newBuilder().setCreateFile(wish.clearContent()));
    if (length <= SmallFiles.BYTES_MAX) {
      small.offer(created, wish.getReplicas());
    }
    FileWriter writer = new FileWriter(created, true, namespace, data);
    boolean taken = false;
    try {
      writer.write(0, content);
      taken = true;
    } finally {
      if (!taken) {
        writer.abort();
        if (options.exclusive()) { // it was made here
          namespace.delete(at, InodeType.FILE, false, true);
        }
      }
    }
    writer.close();
  }

  private FileWriter create(EntryRef at, CreateOptions options, Namespace as) throws IOException {
    CommandResult created = as.command(Command.newBuilder().setCreateFile(wish(at, options, as)));
    return new FileWriter(created, true, as, data);
  }

  private CreateFile.Builder wish(EntryRef at, CreateOptions options, Namespace as)
      throws CurvineException {
    Checks.newEntry("file", at);
    Checks.mode(options.mode());
    Checks.parents(at, options.parents());
    Checks.blockSize(options.blockSizeBytes());
    Checks.range("replicas", options.replicas(), 0, io.curvine.protocol.Limits.REPLICAS_MAX);
    long blockSize = options.blockSizeBytes() != 0 ? options.blockSizeBytes() : config.blockSize();
    int replicas = options.replicas() != 0 ? options.replicas() : config.replicas();
    return CreateFile.newBuilder()
        .setAt(at)
        .setMode(options.mode())
        .setExclusive(options.exclusive())
        .setParents(options.parents())
        .setBlockSizeBytes((int) blockSize)
        .setReplicas(replicas)
        .setFirstBlock(FirstBlock.newBuilder().setClient(as.place()));
  }

  /** Creates a file and opens it as a stream; {@code path} is absolute. */
  public CurvineOutputStream create(String path, CreateOptions options) throws IOException {
    return createStream(Refs.path(path), options);
  }

  /** Creates a file and opens it as a stream. */
  public CurvineOutputStream createStream(EntryRef at, CreateOptions options) throws IOException {
    return new CurvineOutputStream(create(at, options));
  }

  /**
   * Opens an existing file for writing; FILE_BUSY while another client has it open so.
   *
   * @param truncate replace its content by nothing
   */
  public FileWriter openForWrite(EntryRef at, boolean truncate) throws IOException {
    Checks.entry("file", at);
    CommandResult opened =
        namespace.command(
            Command.newBuilder()
                .setOpenForWrite(OpenForWrite.newBuilder().setAt(at).setTruncate(truncate)));
    return new FileWriter(opened, truncate, namespace, data);
  }

  /**
   * The same; waits while another client has it open, which is asked to give way. A mount does so
   * as soon as it hears of it, a client whose process is gone does when its session ends, and a
   * program that has a {@link FileWriter} does not before it closes it.
   *
   * @param patience how long; FILE_BUSY afterwards
   */
  public FileWriter openForWrite(EntryRef at, boolean truncate, Duration patience)
      throws IOException {
    return writers.await(at, patience, () -> openForWrite(at, truncate));
  }

  /**
   * Asks the client that writes a file to give way, and waits for some milliseconds. What asks
   * again and again is {@link #openForWrite(EntryRef, boolean, Duration)}.
   */
  public void askToGiveWay(EntryRef at) throws IOException {
    writers.ask(at);
  }

  /**
   * Makes durable what is published of a file, whoever wrote it and however safe that was to be.
   * What a {@link FileWriter} has open is made durable by {@link FileWriter#sync}.
   *
   * @throws IOException where some of it has no holder that could do so, in the time that a request
   *     may take
   */
  public void sync(EntryRef at) throws IOException {
    BlockForce.force(at, namespace, data);
  }

  // --- cache ---

  /** Drops what workers have cached of a file, pinned or not; what the UFS does not have stays. */
  public void free(EntryRef at) throws IOException {
    FileLayout layout = namespace.layout(at, 0, 0);
    BlockFree.free(layout, data);
  }

  // --- following ---

  /**
   * Every change from an offset on; 0 is the first event of the cluster, where it is kept.
   *
   * @throws IllegalArgumentException where the offset is negative
   */
  public ChangeFeed changes(long fromOffset, ChangeFilter filter) {
    return new ChangeFeed(masters.feed(), fromOffset, filter);
  }

  /** Every change that is not yet acknowledged to its client now. */
  public ChangeFeed changesFromNow(ChangeFilter filter) throws IOException {
    return changes(journalEnd(), filter);
  }

  /**
   * Where the leader's journal ends now: every change that was acknowledged to its client before is
   * at a smaller offset.
   */
  public long journalEnd() throws IOException {
    Query anything =
        Query.newBuilder().setGetEntry(GetEntry.newBuilder().setAt(Refs.path("/"))).build();
    return masters.query(anything).getOffset();
  }

  /** Whether it came from a command of this client, in the session that it has now. */
  public boolean isOwn(Change change) {
    return change.getSession() != 0 && change.getSession() == masters.sessionId();
  }

  // --- looking back ---

  /**
   * The cluster as it was at a moment. Opened by the leader, which may take long; the listener
   * hears how long.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE where the masters have nothing that leads there,
   *     saying what is allowed; NO_SPACE where the leader has no room for it
   */
  public PastView past(Moment at, PastListener listener) throws IOException {
    LookBackCalls calls = lookBack();
    PastState plan = calls.plan(at);
    listener.planned(plan);
    PastState open = calls.open(plan.getOffset(), listener);
    return PastView.of(open, namespace, data, calls, listener);
  }

  /**
   * What happened to the entry of a path, or to the last one that was called so.
   *
   * @param path absolute
   * @param from the first event or time that is wanted; empty: from the oldest
   * @param to the last event or time that is wanted; empty: to now
   * @param limit of a page, 1 to 10000
   */
  public History history(ByteString path, Optional<Moment> from, Optional<Moment> to, int limit)
      throws IOException {
    Checks.path("path", path);
    Checks.range("limit", limit, 1, 10_000);
    return new History(lookBack(), path, from, to, limit);
  }

  /**
   * What is different in two states.
   *
   * @param path only what is or was there or below; empty: all
   */
  public Differences compare(PastView from, PastView to, ByteString path, PastListener listener) {
    return new Differences(lookBack(), from.offset(), to.offset(), path, listener);
  }

  private LookBackCalls lookBack() {
    return new LookBackCalls(masters, namespace.principal());
  }

  /** Ends the session, as far as a master can be told, and closes every connection. */
  @Override
  public void close() {
    masters.close();
    data.close();
  }
}
