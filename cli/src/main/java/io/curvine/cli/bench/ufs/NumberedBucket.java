/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * A bucket of many small objects that speaks as much S3 as a mount for reading needs, keeps nothing
 * but the version of each object, and counts what it is asked: so that a measurement is of Curvine
 * and not of a server that searches its files. Thread-safe.
 *
 * <p>Each object is so many bytes long as its version is, plus a fixed part: whoever knows its
 * length knows its version. ListObjectsV2, HeadObject and GetObject as in the Amazon S3 API
 * reference.
 */
final class NumberedBucket implements AutoCloseable {
  static final String NAME = "numbered";

  /** What all objects are below. */
  static final String TOP = "names/";

  static final int BYTES = 64;

  private static final int KEYS_MAX = 1_000;
  private static final int THREADS = 16;
  private static final int DIRECTORY_DIGITS = 5;
  private static final int OBJECT_DIGITS = 8;
  private static final String MODIFIED_LISTED = "2026-01-01T00:00:00.000Z";
  private static final String MODIFIED_HEADER = "Thu, 01 Jan 2026 00:00:00 GMT";

  static {
    // Else each answer waits for an acknowledgement between its head and its body, 40 ms.
    if (System.getProperty("sun.net.httpserver.nodelay") == null) {
      System.setProperty("sun.net.httpserver.nodelay", "true");
    }
  }

  private final AtomicIntegerArray versions;
  private final int perDirectory;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final LongAdder lists = new LongAdder();
  private final LongAdder heads = new LongAdder();
  private final LongAdder gets = new LongAdder();

  /**
   * Begins to serve on a free port.
   *
   * @param objects how many
   * @param perDirectory of them in each directory
   */
  NumberedBucket(int objects, int perDirectory) throws IOException {
    this.versions = new AtomicIntegerArray(objects);
    this.perDirectory = perDirectory;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** What was asked so far. */
  record Calls(long lists, long heads, long gets) {
    Calls since(Calls before) {
      return new Calls(lists - before.lists, heads - before.heads, gets - before.gets);
    }

    long all() {
      return lists + heads + gets;
    }
  }

  Calls calls() {
    return new Calls(lists.sum(), heads.sum(), gets.sum());
  }

  String location() {
    return "s3://" + NAME;
  }

  /** What a mount of it needs. */
  Map<String, String> options() {
    return Map.of(
        "s3.endpoint",
        "http://127.0.0.1:" + server.getAddress().getPort(),
        "s3.access-key",
        NAME,
        "s3.secret-key",
        NAME);
  }

  int objects() {
    return versions.length();
  }

  /** The key of an object; keys ascend as numbers do. */
  String key(int object) {
    return TOP + directory(object / perDirectory) + padded(object, OBJECT_DIGITS);
  }

  /** Below {@link #TOP}, with a slash at its end. */
  private static String directory(int number) {
    return 'd' + padded(number, DIRECTORY_DIGITS) + '/';
  }

  private static String padded(int number, int digits) {
    String text = Integer.toString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  /** Replaces an object by its next version, and gives that. */
  int change(int object) {
    return versions.incrementAndGet(object);
  }

  String eTag(int object) {
    return object + "-" + versions.get(object);
  }

  /** The length of an object at the version that it has. */
  int length(int object) {
    return BYTES + versions.get(object);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String key = path.length() > NAME.length() + 2 ? path.substring(NAME.length() + 2) : "";
      if (!key.isEmpty()) {
        object(exchange, key);
      } else if (exchange.getRequestMethod().equals("GET")) {
        lists.increment();
        byte[] body = list(query(exchange.getRequestURI().getRawQuery())).getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/xml");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      } else {
        exchange.sendResponseHeaders(200, -1); // the bucket is there
      }
    }
  }

  private static Map<String, String> query(String raw) {
    Map<String, String> values = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    return values;
  }

  private void object(HttpExchange exchange, String key) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    (head ? heads : gets).increment();
    int object = first(key);
    if (object == objects() || !key(object).equals(key)) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    Headers headers = exchange.getResponseHeaders();
    String tag = '"' + eTag(object) + '"';
    headers.set("ETag", tag);
    headers.set("Last-Modified", MODIFIED_HEADER);
    int length = length(object);
    String wanted = exchange.getRequestHeaders().getFirst("If-Match");
    if (wanted != null && !wanted.equals(tag)) {
      exchange.sendResponseHeaders(412, -1);
    } else if (head) {
      headers.set("Content-Length", Integer.toString(length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      send(exchange, length);
    }
  }

  private static void send(HttpExchange exchange, int length) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = 0;
    int to = length - 1;
    if (range != null) {
      String[] ends = range.substring(range.indexOf('=') + 1).split("-");
      from = Integer.parseInt(ends[0]);
      to = ends.length > 1 ? Math.min(to, Integer.parseInt(ends[1])) : to;
      exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + length);
    }
    byte[] body = new byte[to - from + 1];
    Arrays.fill(body, content(length));
    exchange.sendResponseHeaders(range == null ? 200 : 206, body.length);
    exchange.getResponseBody().write(body);
  }

  /** Of which an object of that length consists. */
  static byte content(int length) {
    return (byte) length;
  }

  /** The first object whose key is not before that one; {@link #objects}: there is none. */
  private int first(String key) {
    int low = 0;
    int high = objects();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key(middle).compareTo(key) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private String list(Map<String, String> query) {
    String prefix = query.getOrDefault("prefix", "");
    boolean shallow = query.getOrDefault("delimiter", "").equals("/");
    int max = Math.min(KEYS_MAX, Integer.parseInt(query.getOrDefault("max-keys", "1000")));
    int next = Math.max(first(prefix), next(query));
    StringBuilder found = new StringBuilder();
    int count = 0;
    while (next < objects() && count < max && key(next).startsWith(prefix)) {
      String key = key(next);
      int slash = shallow ? key.indexOf('/', prefix.length()) : -1;
      if (slash < 0) {
        contents(found, next, key);
        next++;
      } else {
        String common = key.substring(0, slash + 1);
        found.append("<CommonPrefixes><Prefix>").append(common).append("</Prefix>");
        found.append("</CommonPrefixes>");
        next = first(common + Character.MAX_VALUE);
      }
      count++;
    }
    boolean more = next < objects() && key(next).startsWith(prefix);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>"
        + NAME
        + "</Name><EncodingType>url</EncodingType><KeyCount>"
        + count
        + "</KeyCount><IsTruncated>"
        + more
        + "</IsTruncated>"
        + (more ? "<NextContinuationToken>" + next + "</NextContinuationToken>" : "")
        + found
        + "</ListBucketResult>";
  }

  /** Where a listing goes on. */
  private int next(Map<String, String> query) {
    String token = query.get("continuation-token");
    if (token != null) {
      return Integer.parseInt(token);
    }
    String after = query.getOrDefault("start-after", "");
    int first = first(after);
    return first < objects() && key(first).equals(after) ? first + 1 : first;
  }

  private void contents(StringBuilder to, int object, String key) {
    to.append("<Contents><Key>").append(key).append("</Key><LastModified>");
    to.append(MODIFIED_LISTED).append("</LastModified><ETag>&quot;").append(eTag(object));
    to.append("&quot;</ETag><Size>").append(length(object)).append("</Size></Contents>");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
