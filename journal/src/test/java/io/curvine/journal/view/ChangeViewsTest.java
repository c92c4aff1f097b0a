/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.journal.EventView.Shown;
import io.curvine.protocol.proto.AttributesSet;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileCommitted;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.JobFinished;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.SessionOpened;
import io.curvine.protocol.proto.Subject;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.WriteOpened;
import io.curvine.protocol.proto.XattrSet;
import org.junit.jupiter.api.Test;

class ChangeViewsTest {
  private static final long TIME = 1_795_707_601_000_000_042L;

  private final ChangeJsonView json = new ChangeJsonView();
  private final ChangeProtoView proto = new ChangeProtoView();

  private static Event.Builder event(ByteString path, InodeType type) {
    return Event.newBuilder()
        .setTimeNanos(TIME)
        .setPrincipal(
            Principal.newBuilder().setUid(1000).setGid(-2).setUser("ann").setHost("node7"))
        .setSessionId(7)
        .setSubject(
            Subject.newBuilder().setPath(path).setType(type).setVersion(9).setLengthBytes(12));
  }

  private static Event.Builder event(String path, InodeType type) {
    return event(ByteString.copyFromUtf8(path), type);
  }

  private String json(Event.Builder event) {
    return json.show(5, event.build()).orElseThrow().value().toStringUtf8();
  }

  @Test
  void aWrittenFile() {
    assertThat(
            json(
                event("/a/b", InodeType.FILE)
                    .setFileCommitted(FileCommitted.newBuilder().setInode(3))))
        .isEqualTo(
            """
            {"offset":5,"time":"2026-11-26T15:40:01.000000042Z","type":"WRITTEN","path":"/a/b",\
            "kind":"file","inode":3,"version":9,"length":12,"user":"ann","uid":1000,\
            "gid":4294967294,"client":"node7","session":7}""");
  }

  @Test
  void aRenamedDirectoryHasNoVersionAndNoLength() {
    Event.Builder renamed =
        event("/new", InodeType.DIRECTORY)
            .setEntryRenamed(EntryRenamed.newBuilder().setInode(4))
            .clearSessionId()
            .setPrincipal(Principal.getDefaultInstance());
    renamed.getSubjectBuilder().setOldPath(ByteString.copyFromUtf8("/old"));
    assertThat(json(renamed))
        .isEqualTo(
            """
            {"offset":5,"time":"2026-11-26T15:40:01.000000042Z","type":"RENAMED","path":"/new",\
            "oldPath":"/old","kind":"directory","inode":4,"uid":0,"gid":0}""");
  }

  @Test
  void whatChangedIsSaid() {
    assertThat(
            json(
                event("/l", InodeType.SYMLINK)
                    .setAttributesSet(
                        AttributesSet.newBuilder().setInode(4).setMode(0640).setUid(8).setGid(0))))
        .endsWith("\"session\":7,\"mode\":\"0640\",\"ownerUid\":8,\"ownerGid\":0}");
    assertThat(
            json(
                event("/l", InodeType.FILE)
                    .setXattrSet(XattrSet.newBuilder().setName(ByteString.copyFromUtf8("user.a")))))
        .endsWith("\"xattr\":\"user.a\"}");
    assertThat(
            json(
                event("/l", InodeType.FILE)
                    .setEntryDeleted(EntryDeleted.newBuilder().setByUfs(true))))
        .contains("\"type\":\"DELETED\"")
        .endsWith("\"byUfs\":true}");
  }

  @Test
  void anyNameIsValidJson() {
    ByteString path =
        ByteString.copyFromUtf8("/q\"u\\o\n\u0001t\u00e9\ud83d\ude00")
            .concat(ByteString.copyFrom(new byte[] {(byte) 0xff}));
    String line =
        json(event(path, InodeType.FILE).setEntryDeleted(EntryDeleted.getDefaultInstance()));
    assertThat(line)
        .contains(
            "\"path\":\"/q\\\"u\\\\o\\u000a\\u0001t\u00e9\ud83d\ude00\ufffd\"",
            "\"pathBase64\":\"L3EidVxvCgF0w6nwn5iA/w==\"");
  }

  @Test
  void theSameAsProtobuf() throws Exception {
    Event event =
        event("/a/b", InodeType.FILE)
            .setFileCommitted(FileCommitted.newBuilder().setInode(3))
            .build();
    Shown shown = proto.show(5, event).orElseThrow();
    assertThat(shown.key().toStringUtf8()).isEqualTo("/a/b");
    assertThat(shown.type().toStringUtf8()).isEqualTo("WRITTEN");
    assertThat(Change.parseFrom(shown.value()))
        .isEqualTo(
            Change.newBuilder()
                .setOffset(5)
                .setTimeNanos(TIME)
                .setType(ChangeType.WRITTEN)
                .setPath(ByteString.copyFromUtf8("/a/b"))
                .setKind(InodeType.FILE)
                .setInode(3)
                .setVersion(9)
                .setLengthBytes(12)
                .setUser("ann")
                .setUid(1000)
                .setGid(-2)
                .setClient("node7")
                .setSession(7)
                .build());
  }

  @Test
  void whatNobodySeesIsNoChange() {
    assertThat(
            json.show(
                1, Event.newBuilder().setSessionOpened(SessionOpened.getDefaultInstance()).build()))
        .isEmpty();
    Event.Builder opened = event("/f", InodeType.FILE).setWriteOpened(WriteOpened.newBuilder());
    assertThat(json.show(1, opened.build())).isEmpty();
    opened.getWriteOpenedBuilder().setTruncated(true);
    assertThat(json(opened)).contains("\"type\":\"TRUNCATED\"");
    Event.Builder job =
        event("/f", InodeType.FILE)
            .setJobFinished(JobFinished.newBuilder().setKind(JobKind.EXPORT_FILE).setVersion(8));
    assertThat(json.show(1, job.build())).isEmpty();
    job.getJobFinishedBuilder().setSucceeded(true).setUfs(UfsBinding.newBuilder().setVersion("e"));
    assertThat(json(job)).contains("\"type\":\"PERSISTED\"", "\"version\":8");
    job.getJobFinishedBuilder().setFurtherParent(1); // the object of another of its names
    assertThat(json.show(1, job.build())).isEmpty();
  }
}
