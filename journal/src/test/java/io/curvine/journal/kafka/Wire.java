/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/** One connection to a front, spoken to byte by byte in any version. For one thread. */
final class Wire implements AutoCloseable {
  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  Wire(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    in = new DataInputStream(socket.getInputStream());
    out = new DataOutputStream(socket.getOutputStream());
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** -1 where the other side has closed. */
  int read() throws IOException {
    return in.read();
  }

  void send(ApiKeys key, int version, int correlationId, ApiMessage request) throws IOException {
    RequestHeaderData header =
        new RequestHeaderData()
            .setRequestApiKey(key.id)
            .setRequestApiVersion((short) version)
            .setCorrelationId(correlationId)
            .setClientId("test");
    // The header of a version that nobody knows is read by its first fields, which never changed.
    boolean known = key.isVersionSupported((short) version);
    ByteBuffer head =
        MessageUtil.toByteBufferAccessor(
                header, known ? key.requestHeaderVersion((short) version) : 2)
            .buffer();
    ByteBuffer body =
        MessageUtil.toByteBufferAccessor(request, known ? (short) version : key.latestVersion())
            .buffer();
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + head.remaining() + body.remaining());
    frame.putInt(head.remaining() + body.remaining()).put(head).put(body);
    out.write(frame.array());
    out.flush();
  }

  <T extends ApiMessage> T receive(ApiKeys key, int version, int correlationId, T into)
      throws IOException {
    byte[] frame = new byte[in.readInt()];
    in.readFully(frame);
    ByteBufferAccessor reader = new ByteBufferAccessor(ByteBuffer.wrap(frame));
    ResponseHeaderData header =
        new ResponseHeaderData(reader, key.responseHeaderVersion((short) version));
    assertThat(header.correlationId()).isEqualTo(correlationId);
    into.read(reader, (short) version);
    assertThat(reader.remaining()).isZero();
    return into;
  }

  <T extends ApiMessage> T call(ApiKeys key, int version, ApiMessage request, T into)
      throws IOException {
    send(key, version, version, request);
    return receive(key, version, version, into);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
