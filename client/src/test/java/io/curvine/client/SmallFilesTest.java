/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.Command.CommandCase;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SmallFilesTest {
  private static final CommandCase CREATE = CommandCase.CREATE_FILE;
  private static final CommandCase COMMIT = CommandCase.COMMIT_FILE;

  private FakeCluster cluster;
  private CurvineClient client;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(3);
    client = cluster.client();
    write("/first", 1); // its answer says where the next can go
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private static byte[] content(int seed) {
    return FileReaderTest.random(1000 + seed, seed);
  }

  private void write(String path, int seed) throws IOException {
    client.write(Refs.path(path), CreateOptions.defaults(), ByteBuffer.wrap(content(seed)));
  }

  private void assertContent(String path, int seed) throws IOException {
    try (CurvineInputStream in = client.openStream(Refs.path(path))) {
      assertThat(in.readAllBytes()).isEqualTo(content(seed));
    }
  }

  private long inode(String path) throws IOException {
    return client.namespace().get(Refs.path(path), true).getInode().getId();
  }

  /** What the masters were asked since there were so many commands. */
  private List<CommandCase> asked(int before) {
    List<Command> all = cluster.master.commands();
    return all.subList(before, all.size()).stream().map(Command::getCommandCase).toList();
  }

  @Test
  void takesOneCommandAndOneRoundTripToTheWorker() throws IOException {
    int before = cluster.master.commands().size();
    cluster.worker(1).answersAtCommit = true;
    write("/f", 2);
    cluster.worker(1).answersAtCommit = false;
    assertThat(asked(before)).containsExactly(CREATE);
    assertThat(InodeNumbers.isOfCommand(inode("/f"))).isTrue();
    write("/g", 3);
    assertThat(asked(before)).containsExactly(CREATE, CREATE);
    assertThat(inode("/g")).isNotEqualTo(inode("/f"));
    assertContent("/f", 2);
    assertContent("/g", 3);
  }

  @Test
  void oneThatExistsIsReplacedInTheUsualWay() throws IOException {
    int before = cluster.master.commands().size();
    write("/first", 2);
    assertThat(asked(before)).containsExactly(CREATE, CREATE, COMMIT);
    assertThat(cluster.worker(1).count(BlockOp.ABORT)).isEqualTo(1);
    assertContent("/first", 2);
    write("/first", 3); // others of its kind will exist too
    assertThat(asked(before)).containsExactly(CREATE, CREATE, COMMIT, CREATE, COMMIT);
    assertContent("/first", 3);
  }

  @Test
  void whereItMustNotExistItIsRefusedAndNothingIsLeftAtTheWorker() throws IOException {
    assertThatThrownBy(
            () ->
                client.write(
                    Refs.path("/first"),
                    CreateOptions.defaults().withExclusive(true),
                    ByteBuffer.wrap(content(2))))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
    assertThat(cluster.worker(1).count(BlockOp.ABORT)).isEqualTo(1);
    assertContent("/first", 1);
  }

  @Test
  void aWorkerThatRefusesOrASessionThatEndedIsNoFailure() throws IOException {
    cluster.worker(1).refuse =
        header -> header.op() == BlockOp.OPEN_WRITE ? ErrorCode.NO_SPACE : null;
    int before = cluster.master.commands().size();
    write("/f", 2);
    assertContent("/f", 2);
    // The workers that the masters named are not asked for others: the file does not exist yet.
    assertThat(asked(before)).startsWith(CREATE);
    cluster.worker(1).refuse = header -> null;
    before = cluster.master.commands().size();
    write("/g", 3);
    assertThat(asked(before)).containsExactly(CREATE);
    List<Command> all = cluster.master.commands();
    Command last = all.get(all.size() - 1);
    assertThat(last.getAckedBelow()).as("numbers given up").isEqualTo(last.getSeq());
    cluster.master.expireSessions();
    write("/h", 4);
    write("/i", 5);
    assertContent("/g", 3);
    assertContent("/h", 4);
    assertContent("/i", 5);
  }

  @Test
  void anEmptyOneAndALargeOneAreWrittenInTheUsualWay() throws IOException {
    int before = cluster.master.commands().size();
    client.write(Refs.path("/e"), CreateOptions.defaults(), ByteBuffer.allocate(0));
    assertThat(asked(before)).startsWith(CREATE, COMMIT);
    byte[] large = FileReaderTest.random(SmallFiles.BYTES_MAX + 1, 3);
    ByteBuffer from = ByteBuffer.wrap(large);
    client.write(Refs.path("/l"), CreateOptions.defaults(), from);
    assertThat(from.hasRemaining()).isFalse();
    try (CurvineInputStream in = client.openStream(Refs.path("/l"))) {
      assertThat(in.readAllBytes()).isEqualTo(large);
    }
  }
}
