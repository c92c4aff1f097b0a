/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.cli.admin.CurvineAdmin;
import io.curvine.cli.output.Json;
import io.curvine.journal.JournalLog;
import io.curvine.journal.LogSlice;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JournalBytes;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.ReadJournal;
import io.curvine.protocol.rpc.RpcResponder;
import io.curvine.protocol.rpc.RpcServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Against masters that have one journal between them. */
@Timeout(90)
class LiveJournalTest {
  private static final int EVENTS = 50;

  @TempDir Path temp;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private JournalLog log;
  private Master one;
  private Master two;

  /** Answers what the commands ask; the first one that runs leads. */
  private final class Master implements AutoCloseable {
    private final String id;
    private final RpcServer server;
    private volatile boolean closed;

    Master(String id) throws IOException {
      this.id = id;
      this.server = RpcServer.start(new HostPort("127.0.0.1", 0), 1, this::handle);
    }

    String address() {
      return "127.0.0.1:" + server.port();
    }

    MasterStatus status(boolean leads) {
      return MasterStatus.newBuilder()
          .setNodeId(id)
          .setRpc(address())
          .setPid(closed ? 0 : 1)
          .setRole(leads ? "leader" : "follower")
          .build();
    }

    private void handle(MasterRequest request, RpcResponder responder) {
      AdminRequest admin = request.getAdmin();
      if (admin.hasListMasters()) {
        responder.respond(
            answer(
                AdminReply.newBuilder()
                    .setMasterList(
                        MasterList.newBuilder()
                            .addMasters(one.status(!one.closed))
                            .addMasters(two.status(one.closed)))));
        return;
      }
      ReadJournal read = admin.getReadJournal();
      if (read.getFromOffset() == log.nextOffset() && read.getWaitMs() > 0) {
        log.onAppend(read.getFromOffset())
            .completeOnTimeout(null, read.getWaitMs(), TimeUnit.MILLISECONDS)
            .thenRun(() -> responder.respond(bytes(read)));
      } else {
        responder.respond(bytes(read));
      }
    }

    private MasterResponse bytes(ReadJournal read) {
      JournalBytes.Builder bytes =
          JournalBytes.newBuilder()
              .setFirstOffset(log.startOffset())
              .setNextOffset(log.nextOffset());
      if (read.getFromOffset() >= 0) {
        // Little at a time, so that there is much to ask.
        try (LogSlice slice = log.sliceFor(read.getFromOffset(), 600)) {
          ByteBuffer buffer = ByteBuffer.allocate(slice.lengthBytes());
          slice.read(buffer);
          bytes.setBytes(ByteString.copyFrom(buffer.flip()));
        } catch (io.curvine.protocol.CurvineException e) {
          return MasterResponse.newBuilder().setCode(e.code()).setMessage(e.getMessage()).build();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return answer(AdminReply.newBuilder().setJournalBytes(bytes));
    }

    private MasterResponse answer(AdminReply.Builder reply) {
      return MasterResponse.newBuilder().setCode(ErrorCode.OK).setAdmin(reply).build();
    }

    @Override
    public void close() {
      closed = true;
      server.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    log = JournalLog.open(temp.resolve("journal"), SampleJournal.CONFIG);
    SampleJournal.append(log, EVENTS);
    one = new Master("m1");
    two = new Master("m2");
  }

  @AfterEach
  void stop() throws IOException {
    one.close();
    two.close();
    log.close();
  }

  private int run(Writer to, String... arguments) {
    CommandLine line =
        new CurvineAdmin(new ByteArrayOutputStream())
            .commandLine()
            .setOut(new PrintWriter(to))
            .setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--masters", one.address() + "," + two.address()));
    return line.execute(all.toArray(String[]::new));
  }

  @Test
  void theLeadersJournalIsShownAndChecked() throws IOException {
    assertThat(run(out, "journal", "dump", "--from", "20")).as("%s", err).isZero();
    assertThat(out.toString()).hasLineCount(EVENTS - 20);
    out.getBuffer().setLength(0);
    assertThat(run(out, "journal", "verify", "--json")).as("%s%s", out, err).isZero();
    assertThat(Json.parse(out.toString()).at("/sources/0/chainHash").asText())
        .isEqualTo(log.chainHash());
    out.getBuffer().setLength(0);
    assertThat(run(out, "journal", "diff", "m1", temp.resolve("journal").toString())).isZero();
    assertThat(out.toString()).contains("equal until there");
    assertThat(run(out, "journal", "dump", "--master", "m7")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no master m7; the masters are [m1, m2]");
  }

  @Test
  void followingGoesOnAtAnotherMasterWithoutGapOrDouble() {
    List<String> lines = new ArrayList<>();
    Writer reader =
        new Writer() {
          private final StringBuilder line = new StringBuilder();

          @Override
          public void write(char[] text, int from, int length) throws IOException {
            line.append(text, from, length);
            if (line.indexOf("\n") >= 0) {
              lines.add(line.toString().strip());
              line.setLength(0);
              react(lines.size());
            }
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    assertThat(run(reader, "journal", "tail", "-f", "-n", "5")).isZero();
    assertThat(err.toString()).isEmpty();
    List<Long> offsets = new ArrayList<>();
    for (String line : lines) {
      offsets.add(Long.parseLong(line.split(" ", 2)[0]));
    }
    assertThat(offsets).hasSize(45).isSorted().doesNotHaveDuplicates().startsWith(45L);
    assertThat(offsets.get(44)).isEqualTo(89);
  }

  /** The journal grows as it is read; a master goes; at last the reader does. */
  private void react(int lines) throws IOException {
    if (lines == 5) {
      SampleJournal.append(log, 20);
    } else if (lines == 12) {
      one.close();
    } else if (lines == 25) {
      SampleJournal.append(log, 40);
    } else if (lines == 45) {
      throw new IOException("Broken pipe");
    }
  }
}
