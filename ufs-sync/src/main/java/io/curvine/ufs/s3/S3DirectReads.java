/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.UfsStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Reads ranges of objects with nothing between the socket and the reader's buffer. It knows the
 * answer that is hoped for and no other: whatever else comes, the same request is the SDK's, with
 * its attempts, pauses, redirects and errors. After a failure all requests are the SDK's for a
 * while. Thread-safe.
 */
final class S3DirectReads implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(S3DirectReads.class);
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** For a store that answers in a way of its own. */
  private static final long LONG_PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final long NO_PAUSE = Long.MIN_VALUE;

  /** Of a bucket that can be part of a host name. */
  private static final Pattern HOST_PART = Pattern.compile("[a-z0-9][a-z0-9-]{1,61}[a-z0-9]");

  private static final Pattern NUMERIC_HOST = Pattern.compile("[0-9.]+|\\[.*");

  /** Buckets whose names make another host name, or another protocol, of an address at AWS. */
  private static final Pattern OWN_RULES = Pattern.compile(".*(\\.|--x-s3|--ol-s3|-s3alias).*");

  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;
  private static final int OUT_OF_RANGE = 416;

  /**
   * Where a bucket is.
   *
   * @param server scheme, host and port
   * @param path escaped, before the slash of a key
   */
  record Address(URI server, String path) {
    /** Of a bucket at an endpoint. */
    static Address of(URI endpoint, String bucket, boolean pathStyle) {
      String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
      path = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
      return pathStyle
          ? new Address(server(endpoint, endpoint.getHost()), path + "/" + bucket)
          : new Address(server(endpoint, bucket + "." + endpoint.getHost()), path);
    }

    /** Of a bucket at AWS. */
    static Address of(S3AsyncClient client, String bucket) {
      URI one =
          URI.create(client.utilities().getUrl(get -> get.bucket(bucket).key("-")).toString());
      String path = one.getRawPath();
      return new Address(server(one, one.getHost()), path.substring(0, path.length() - 2));
    }

    private static URI server(URI of, String host) {
      return URI.create(
          of.getScheme() + "://" + host + (of.getPort() < 0 ? "" : ":" + of.getPort()));
    }

    private String host() {
      return server.getPort() < 0 ? server.getHost() : server.getHost() + ":" + server.getPort();
    }
  }

  private final Address address;
  private final S3Keys keys;
  private final Optional<AwsCredentialsProvider> credentials;
  private final S3Signature signature;
  private final S3Connections connections;
  private final Clock clock = Clock.systemUTC();

  /** Until when requests are the SDK's; then one is tried. */
  private final AtomicLong pausedUntilNanos = new AtomicLong(NO_PAUSE);

  /**
   * @param credentials empty: requests are not signed
   */
  S3DirectReads(
      Address address, S3Keys keys, Optional<AwsCredentialsProvider> credentials, S3Options options)
      throws CurvineException {
    this.address = address;
    this.keys = keys;
    this.credentials = credentials;
    this.signature = new S3Signature(options.region());
    S3Network network = options.network();
    SSLSocketFactory tls = tls(network);
    Duration timeout = network.connectTimeout();
    this.connections =
        new S3Connections(
            () -> S3Connection.to(address.server(), tls, timeout),
            network.requestTimeout(),
            network.maxConnections(),
            timeout.multipliedBy(2));
  }

  private static SSLSocketFactory tls(S3Network network) throws CurvineException {
    if (network.caCertificates().isEmpty()) {
      return (SSLSocketFactory) SSLSocketFactory.getDefault();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, S3Trust.with(network.caCertificates().get()), null);
      return context.getSocketFactory();
    } catch (KeyManagementException e) {
      throw new IllegalStateException("no keys are given", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each Java has TLS", e);
    }
  }

  /**
   * Reads of a bucket; empty where only the SDK knows the way: by a proxy, and to buckets of AWS
   * with rules of their own.
   */
  static Optional<S3DirectReads> of(
      S3Options options, S3Keys keys, AwsCredentialsProvider credentials, S3AsyncClient client)
      throws CurvineException {
    Optional<URI> endpoint = options.endpoint();
    boolean ownRules = endpoint.isEmpty() && OWN_RULES.matcher(keys.bucket()).matches();
    // As the SDK does it.
    boolean pathStyle =
        options.pathStyle()
            || (endpoint.isPresent() && NUMERIC_HOST.matcher(endpoint.get().getHost()).matches());
    if (ownRules || !(pathStyle || HOST_PART.matcher(keys.bucket()).matches())) {
      return Optional.empty();
    }
    Address address =
        endpoint.isEmpty()
            ? Address.of(client, keys.bucket())
            : Address.of(endpoint.get(), keys.bucket(), pathStyle);
    // The SDK takes the one for http by default, whatever the scheme.
    boolean proxied =
        options.network().proxy().isPresent()
            || ProxyConfiguration.builder().build().host() != null
            || ProxyConfiguration.builder().scheme(address.server().getScheme()).build().host()
                != null;
    return proxied
        ? Optional.empty()
        : Optional.of(
            new S3DirectReads(
                address,
                keys,
                options.credentials().anonymous() ? Optional.empty() : Optional.of(credentials),
                options));
  }

  /**
   * A range of an object of that version.
   *
   * @return empty: it is to be asked of the SDK
   */
  Optional<UfsStream> open(String key, String version, long offset, long length) {
    long until = pausedUntilNanos.get();
    if (until != NO_PAUSE && !mayTry(until)) {
      return Optional.empty();
    }
    try {
      Optional<UfsStream> body =
          connections.await()
              ? askAndRelease(new Wanted(key, version, offset, length))
              : Optional.empty();
      if (until != NO_PAUSE && body.isPresent()) {
        pausedUntilNanos.set(NO_PAUSE);
      }
      return body;
    } catch (IOException | RuntimeException e) { // providers of credentials throw what they like
      if (!Thread.currentThread().isInterrupted()) {
        pause(PAUSE_NANOS, keys.name(key), e.toString());
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** For one caller when the pause is over: the others wait for what comes of it. */
  private boolean mayTry(long until) {
    long now = System.nanoTime();
    return now - until >= 0 && pausedUntilNanos.compareAndSet(until, now + PAUSE_NANOS);
  }

  private Optional<UfsStream> askAndRelease(Wanted wanted) throws IOException {
    Optional<UfsStream> body = Optional.empty();
    try {
      body = ask(wanted);
    } finally {
      if (body.isEmpty()) {
        connections.done();
      }
    }
    return body;
  }

  private record Wanted(String key, String version, long offset, long length) {
    boolean isVersionOf(S3AnswerHead head) {
      return S3Statuses.version(head.eTag()).equals(version);
    }

    boolean isAnsweredBy(S3AnswerHead head) {
      // Some stores heed neither If-Match nor Range.
      boolean ranged = head.status() == PARTIAL || (head.status() == OK && offset == 0);
      return ranged && head.lengthBytes().orElse(-1) == length && isVersionOf(head);
    }
  }

  private Optional<UfsStream> ask(Wanted wanted) throws IOException {
    byte[] request = request(wanted);
    Optional<S3Connection> used = connections.used();
    if (used.isPresent()) {
      try {
        return answer(wanted, used.get(), request);
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        LOG.debug("{}: the store has closed an idle connection", keys.name(wanted.key()), e);
      }
    }
    return answer(wanted, connections.connect(), request);
  }

  private Optional<UfsStream> answer(Wanted wanted, S3Connection connection, byte[] request)
      throws IOException {
    boolean good = false;
    try {
      S3AnswerHead head = connection.ask(request);
      good = wanted.isAnsweredBy(head);
      if (good) {
        return Optional.of(
            new S3DirectStream(
                keys.name(wanted.key()),
                connections,
                connection,
                wanted.length(),
                head.persistent()));
      }
      switch (head.status()) {
        case OK, PARTIAL -> {
          if (wanted.isVersionOf(head)) {
            pause(LONG_PAUSE_NANOS, keys.name(wanted.key()), "an answer that is not understood");
          }
        }
        case FORBIDDEN, NOT_FOUND, PRECONDITION_FAILED, OUT_OF_RANGE -> {} // of this object
        default -> pause(PAUSE_NANOS, keys.name(wanted.key()), "HTTP " + head.status());
      }
      return Optional.empty();
    } finally {
      if (!good) {
        connections.drop(connection);
      }
    }
  }

  private byte[] request(Wanted wanted) {
    String path = address.path() + "/" + S3Signature.escaped(wanted.key());
    SortedMap<String, String> headers = new TreeMap<>();
    headers.put("host", address.host());
    headers.put("if-match", S3Statuses.quoted(wanted.version()));
    headers.put(
        "range", "bytes=" + wanted.offset() + "-" + (wanted.offset() + wanted.length() - 1));
    Map<String, String> all = headers;
    if (credentials.isPresent()) {
      AwsCredentials now = credentials.get().resolveCredentials();
      all = signature.sign(path, headers, now, clock.instant());
    }
    StringBuilder request = new StringBuilder(1 << 10);
    request.append("GET ").append(path).append(" HTTP/1.1\r\n");
    all.forEach((name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
    request.append("user-agent: curvine\r\n\r\n");
    return request.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void pause(long nanos, String what, String why) {
    LOG.debug("{}: {}; requests are the SDK's for a while", what, why);
    pausedUntilNanos.set(System.nanoTime() + nanos);
  }

  /** Ends what is being read. */
  @Override
  public void close() {
    connections.close();
  }
}
