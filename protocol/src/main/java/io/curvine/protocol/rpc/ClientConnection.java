/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.collection.LongObjectHashMap;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One connection to a master, from the attempt to make it until it breaks, with the calls that wait
 * on it. Calls gather and go out together, with one flush a run of the event loop; one sweep looks
 * for those whose time is over. All state belongs to the event loop, whose thread also ends the
 * calls. Thread-safe.
 */
final class ClientConnection extends FrameReader {
  /** How late a call's end may be noticed. */
  private static final long SWEEP_MILLIS = 20;

  private final HostPort master;
  private final EventLoop loop;
  private final Consumer<ClientConnection> whenBroken;
  private final HandOver<Call> handedOver = new HandOver<>();
  private final LongObjectHashMap<Call> waiting = new LongObjectHashMap<>();
  private final Queue<Call> unsent = new ArrayDeque<>();
  private long lastCallId;
  private Channel channel;

  /** Null until connected. */
  private FrameWriter writer;

  private boolean sweeping;

  /** Why it cannot be used any more; null: it can. */
  private IOException broken;

  /**
   * Begins to connect.
   *
   * @param whenBroken is called once, on the event loop, before the waiting calls end
   */
  ClientConnection(
      HostPort master,
      int connectTimeoutMillis,
      EventLoop loop,
      Consumer<ClientConnection> whenBroken) {
    this.master = master;
    this.loop = loop;
    this.whenBroken = whenBroken;
    new Bootstrap()
        .group(loop)
        .channel(NettyLoops.channel())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectTimeoutMillis)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast(ClientConnection.this);
              }
            })
        .connect(master.resolve())
        .addListener((ChannelFuture done) -> connected(done));
  }

  /** Sends the request; ends as {@link RpcClient} says. */
  CompletableFuture<MasterResponse> call(MasterRequest request, Duration timeout) {
    Call call = new Call(request, timeout);
    boolean first = handedOver.add(call);
    boolean soon = loop.inEventLoop() && reading();
    if (first && !soon) {
      onLoop(this::takeCalls);
    }
    return call.answer;
  }

  /** Ends every call, and the connection. */
  void close(IOException why) {
    onLoop(() -> fail(why));
  }

  /** Where the loop has ended, what is waiting ends here. */
  private void onLoop(Runnable task) {
    try {
      loop.execute(task);
    } catch (RejectedExecutionException e) {
      for (Call call = handedOver.takeAll(); call != null; call = call.next()) {
        call.fail(new NotSentException("the client is closed", e));
      }
    }
  }

  // --- on the event loop ---

  private void connected(ChannelFuture done) {
    if (!done.isSuccess()) {
      fail(
          new NotSentException(
              "cannot connect to master " + master + ": " + done.cause().getMessage(),
              done.cause()));
    } else if (broken != null) {
      done.channel().close();
    } else {
      channel = done.channel();
      writer = new FrameWriter(channel);
      for (Call call = unsent.poll(); call != null; call = unsent.poll()) {
        if (!call.answer.isDone()) {
          writer.add(call.id, call.request);
        }
      }
      writer.flush();
    }
  }

  private void takeCalls() {
    Call call = handedOver.takeAll();
    if (call == null) {
      return;
    }
    for (; call != null; call = call.next()) {
      take(call);
    }
    if (broken == null && writer != null) {
      writer.flush();
    }
    if (!sweeping && !waiting.isEmpty()) {
      sweeping = true;
      sweepLater();
    }
  }

  private void take(Call call) {
    if (broken != null) {
      call.fail(new NotSentException(broken.getMessage(), broken));
      return;
    }
    call.id = ++lastCallId;
    waiting.put(call.id, call);
    if (writer == null) {
      unsent.add(call);
    } else {
      writer.add(call.id, call.request);
    }
  }

  @Override
  protected boolean ready(ChannelHandlerContext ctx) {
    return true; // an answer frees memory
  }

  @Override
  protected void frame(ChannelHandlerContext ctx, long callId, ByteBuf in, int size)
      throws IOException {
    Call call = waiting.remove(callId);
    if (call == null) {
      in.skipBytes(size); // came too late
    } else {
      answer(call, in, size);
    }
  }

  private static void answer(Call call, ByteBuf in, int size) throws IOException {
    MasterResponse response;
    try {
      response = RpcFrames.read(in, size, MasterResponse.parser());
    } catch (IOException e) {
      call.fail(new IOException("an answer that cannot be read", e));
      throw e;
    }
    call.answer.complete(response);
  }

  @Override
  protected void readComplete(ChannelHandlerContext ctx) {
    takeCalls();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(new IOException("connection to master " + master + " was closed"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(new IOException("connection to master " + master + " broke: " + cause, cause));
  }

  private void fail(IOException why) {
    if (broken != null) {
      return;
    }
    broken = why;
    whenBroken.accept(this);
    if (channel != null) {
      channel.close();
    }
    IOException told = writer == null ? new NotSentException(why.getMessage(), why) : why;
    List<Call> ended = new ArrayList<>(waiting.values());
    waiting.clear();
    unsent.clear();
    ended.forEach(call -> call.fail(told));
    takeCalls();
  }

  // --- time-outs ---

  private void sweepLater() {
    loop.schedule(this::sweep, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    long now = System.nanoTime();
    List<Call> late = new ArrayList<>();
    for (Call call : waiting.values()) {
      if (now - call.deadlineNanos >= 0) {
        late.add(call);
      }
    }
    for (Call call : late) {
      waiting.remove(call.id);
      call.fail(
          new IOException(
              "no answer from master "
                  + master
                  + " in "
                  + TimeUnit.NANOSECONDS.toMillis(call.timeoutNanos)
                  + " ms"));
    }
    sweeping = !waiting.isEmpty();
    if (sweeping) {
      sweepLater();
    }
  }

  /** A request, and its answer when it comes. */
  private static final class Call extends HandOver.Item<Call> {
    private final MasterRequest request;
    private final long timeoutNanos;
    private final long deadlineNanos;
    private final CompletableFuture<MasterResponse> answer = new CompletableFuture<>();
    private long id;

    Call(MasterRequest request, Duration timeout) {
      this.request = request;
      this.timeoutNanos = timeout.toNanos();
      this.deadlineNanos = System.nanoTime() + timeoutNanos;
    }

    void fail(IOException why) {
      answer.completeExceptionally(why);
    }
  }
}
