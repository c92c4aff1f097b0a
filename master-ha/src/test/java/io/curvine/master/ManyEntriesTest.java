/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.BatchGetEntry;
import io.curvine.protocol.proto.ChildRef;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.Consistency;
import io.curvine.protocol.proto.ContentSummary;
import io.curvine.protocol.proto.CreateHardLink;
import io.curvine.protocol.proto.CreateSymlink;
import io.curvine.protocol.proto.DirectoryPage;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.EntryOutcome;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetContentSummary;
import io.curvine.protocol.proto.ListDirectory;
import io.curvine.protocol.proto.LookupPath;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.WritePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Queries for many entries at once, on three masters. */
@Timeout(180)
class ManyEntriesTest {
  @TempDir Path directory;

  private Trio trio;
  private long session;
  private long seq;

  private void make(Command.Builder command) {
    seq++;
    MasterResponse made =
        trio.command(command.setSessionId(session).setSeq(seq).setAckedBelow(seq).build());
    assertThat(made.getCode()).as(made.getMessage()).isEqualTo(ErrorCode.OK);
  }

  private void mkdir(String path) {
    make(Trio.mkdir(session, 0, path).toBuilder());
  }

  private void create(String path) {
    make(Trio.create(session, 0, path).toBuilder());
  }

  private void symlink(String path, ByteString target) {
    make(
        Command.newBuilder()
            .setCreateSymlink(CreateSymlink.newBuilder().setAt(Trio.at(path)).setTarget(target)));
  }

  private MasterResponse ask(Query.Builder query) {
    return trio.call(MasterRequest.newBuilder().setQuery(query).build());
  }

  private void open() throws IOException {
    trio = new Trio(directory, config -> config);
    trio.startAll();
    session = trio.openSession();
  }

  private List<EntryOutcome> batch(List<EntryRef> at) {
    MasterResponse found =
        ask(Query.newBuilder().setBatchGetEntry(BatchGetEntry.newBuilder().addAllAt(at)));
    assertThat(found.getCode()).as(found.getMessage()).isEqualTo(ErrorCode.OK);
    return found.getQuery().getEntryBatch().getOutcomesList();
  }

  @Test
  void givesEachEntryOfABatchItsOwnOutcome() throws IOException {
    open();
    try (Trio running = trio) {
      mkdir("/a");
      create("/a/f");
      List<EntryRef> at = new ArrayList<>();
      IntStream.range(0, 997).forEach(i -> at.add(Trio.at("/a/none" + i)));
      at.add(Trio.at("/a/f"));
      at.add(Trio.at("/a/f/below"));
      at.add(EntryRef.newBuilder().setInode(1).build());
      List<EntryOutcome> outcomes = batch(at);
      assertThat(outcomes).hasSize(1_000);
      assertThat(outcomes.subList(0, 997))
          .allMatch(outcome -> outcome.getCode() == ErrorCode.NOT_FOUND);
      assertThat(outcomes.get(12).getMessage()).contains("/a/none12");
      assertThat(outcomes.get(997).getEntry().getName().toStringUtf8()).isEqualTo("f");
      assertThat(outcomes.get(998).getCode()).isEqualTo(ErrorCode.NOT_A_DIRECTORY);
      assertThat(outcomes.get(999).getEntry().getInode().getId()).isEqualTo(1);
      at.add(Trio.at("/a"));
      assertThat(
              ask(Query.newBuilder().setBatchGetEntry(BatchGetEntry.newBuilder().addAllAt(at)))
                  .getMessage())
          .isEqualTo("1001 entries are asked for; allowed: 1 to 1000");
      assertThat(running.leader()).isNotEmpty();
    }
  }

  @Test
  void doesNotLetOneBrokenUfsFailABatch() throws IOException {
    Path good = Files.createDirectories(directory.resolve("ufs/good/sub")).getParent();
    Files.writeString(good.resolve("sub/file"), "content");
    Path bad = Files.createDirectories(directory.resolve("ufs/bad"));
    open();
    try (Trio running = trio) {
      mount("/good", good);
      mount("/bad", bad);
      Files.delete(bad);
      Files.writeString(bad, "not a directory any more");
      List<EntryOutcome> outcomes =
          batch(List.of(Trio.at("/bad/x"), Trio.at("/good/sub/file"), Trio.at("/none")));
      assertThat(outcomes.get(0).getCode())
          .as(outcomes.get(0).getMessage())
          .isNotIn(ErrorCode.OK, ErrorCode.NOT_FOUND, ErrorCode.INTERNAL);
      assertThat(outcomes.get(1).getEntry().getInode().getLengthBytes()).isEqualTo(7);
      assertThat(outcomes.get(2).getCode()).isEqualTo(ErrorCode.NOT_FOUND);
      MasterResponse elsewhere =
          running.ask(
              running.follower(),
              MasterRequest.newBuilder()
                  .setQuery(
                      Query.newBuilder()
                          .setConsistency(Consistency.LINEARIZABLE_ANY)
                          .setBatchGetEntry(BatchGetEntry.newBuilder().addAt(Trio.at("/bad/x"))))
                  .build());
      assertThat(elsewhere.getCode()).as("only the leader loads").isEqualTo(ErrorCode.NOT_LEADER);
    }
  }

  private void mount(String path, Path ufs) {
    make(
        Command.newBuilder()
            .setMountUfs(
                MountUfs.newBuilder()
                    .setMount(
                        Mount.newBuilder()
                            .setPath(path)
                            .setUri("file://" + ufs)
                            .setMode(MountMode.CACHE)
                            .setWritePolicy(WritePolicy.NEVER))));
  }

  private List<String> lookup(EntryRef at, boolean follow) {
    MasterResponse found =
        ask(Query.newBuilder().setLookupPath(LookupPath.newBuilder().setAt(at).setFollow(follow)));
    assertThat(found.getCode()).as(found.getMessage()).isEqualTo(ErrorCode.OK);
    List<Entry> entries = found.getQuery().getPathEntries().getEntriesList();
    for (int i = 1; i < entries.size() - 1; i++) {
      assertThat(entries.get(i).getInode().getParent())
          .isEqualTo(entries.get(i - 1).getInode().getId());
    }
    return entries.stream().map(entry -> entry.getName().toStringUtf8()).toList();
  }

  @Test
  void looksUpAPathWithAllAboveIt() throws IOException {
    open();
    try (Trio running = trio) {
      mkdir("/a");
      mkdir("/a/b");
      create("/a/b/f");
      mkdir("/other");
      symlink("/other/link", ByteString.copyFromUtf8("../a/b"));
      make(
          Command.newBuilder()
              .setCreateHardLink(
                  CreateHardLink.newBuilder()
                      .setExisting(Trio.at("/a/b/f"))
                      .setAt(Trio.at("/other/second"))));
      assertThat(lookup(Trio.at("/"), false)).containsExactly("");
      assertThat(lookup(Trio.at("/a/b/f"), false)).containsExactly("", "a", "b", "f");
      assertThat(lookup(Trio.at("/other/link/f"), false)).containsExactly("", "a", "b", "f");
      assertThat(lookup(Trio.at("/other/link"), false)).containsExactly("", "other", "link");
      assertThat(lookup(Trio.at("/other/link"), true)).containsExactly("", "a", "b");
      assertThat(lookup(Trio.at("/other/second"), true)).containsExactly("", "other", "second");
      long other = running.get("/other").getQuery().getEntry().getInode().getId();
      EntryRef child =
          EntryRef.newBuilder()
              .setChild(
                  ChildRef.newBuilder().setParent(other).setName(ByteString.copyFromUtf8("second")))
              .build();
      assertThat(lookup(child, false)).containsExactly("", "other", "second");
      assertThat(
              ask(Query.newBuilder()
                      .setLookupPath(LookupPath.newBuilder().setAt(Trio.at("/a/none/x"))))
                  .getCode())
          .isEqualTo(ErrorCode.NOT_FOUND);
    }
  }

  @Test
  void endsAPageBeforeItGrowsTooLargeAndCountsWithoutHoldingAll() throws IOException {
    open();
    try (Trio running = trio) {
      mkdir("/big");
      ByteString target = ByteString.copyFromUtf8("x".repeat(Limits.SYMLINK_TARGET_MAX_BYTES));
      int links = 2_300;
      for (int first = 0; first < links; first += 50) {
        symlinks(first, first + 50, target);
      }
      List<Integer> pages = new ArrayList<>();
      List<ByteString> names = new ArrayList<>();
      boolean more = true;
      while (more) {
        DirectoryPage page = page(names.isEmpty() ? ByteString.EMPTY : names.get(names.size() - 1));
        assertThat(page.getSerializedSize())
            .isLessThan(Limits.LIST_PAGE_MAX_BYTES + 2 * Limits.SYMLINK_TARGET_MAX_BYTES);
        page.getEntriesList().forEach(entry -> names.add(entry.getName()));
        pages.add(page.getEntriesCount());
        more = page.getMore();
      }
      assertThat(names).hasSize(links).doesNotHaveDuplicates();
      assertThat(pages).hasSizeBetween(3, 4);

      mkdir("/big/below");
      create("/big/below/f");
      ContentSummary sum =
          ask(Query.newBuilder()
                  .setGetContentSummary(GetContentSummary.newBuilder().setAt(Trio.at("/big"))))
              .getQuery()
              .getContentSummary();
      assertThat(sum.getSymlinks()).isEqualTo(links);
      assertThat(sum.getDirectories()).isEqualTo(2);
      assertThat(sum.getFiles()).isEqualTo(1);
    }
  }

  /** Makes them all at once. */
  private void symlinks(int from, int to, ByteString target) {
    String leader = trio.leader();
    List<CompletableFuture<MasterResponse>> made = new ArrayList<>();
    for (int i = from; i < to; i++) {
      seq++;
      Command.Builder command =
          Command.newBuilder()
              .setSessionId(session)
              .setSeq(seq)
              .setCreateSymlink(
                  CreateSymlink.newBuilder().setAt(Trio.at("/big/" + i)).setTarget(target));
      made.add(trio.send(leader, MasterRequest.newBuilder().setCommand(command).build()));
    }
    made.forEach(one -> assertThat(one.join().getCode()).isEqualTo(ErrorCode.OK));
  }

  private DirectoryPage page(ByteString after) {
    return ask(Query.newBuilder()
            .setListDirectory(
                ListDirectory.newBuilder()
                    .setAt(Trio.at("/big"))
                    .setAfter(after)
                    .setLimit(Limits.LIST_PAGE_MAX_ENTRIES)))
        .getQuery()
        .getDirectoryPage();
  }
}
