/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.testing;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * An S3 server for tests and measurements, s3mock or s3proxy, as a process of its own, on free
 * ports of 127.0.0.1, with its objects in a temporary directory. Thread-safe.
 *
 * <p>Their jars are gathered by the modules chaos-tests/s3-server and s3-proxy.
 */
public final class S3Server implements AutoCloseable {
  private static final String KEY = "test";

  private final ServerProcess process;

  private S3Server(ServerProcess process) {
    this.process = process;
  }

  /**
   * What lies between a store and who asks it.
   *
   * @param latency of each request, before its first byte; in whole milliseconds
   * @param bytesPerSecond of each object that is read, at most; 0: as fast as it goes
   */
  public record Distance(Duration latency, long bytesPerSecond) {
    /** On the same machine. */
    public static final Distance NONE = new Distance(Duration.ZERO, 0);

    private static final String PREFIX = "s3proxy.latency-blobstore.";
    private static final long UNIT_BYTES = 1_000;

    private String properties() {
      String far = PREFIX + "*.latency=" + latency.toMillis() + "\n";
      String slow = PREFIX + "get.speed=" + Math.max(1, bytesPerSecond / UNIT_BYTES);
      return (latency.isZero() ? "" : far) + (bytesPerSecond == 0 ? "" : slow);
    }
  }

  /** Which program serves. */
  private enum Program {
    /** Complete in what it answers, slow with many objects, takes any key. */
    S3MOCK("s3-server", "com.adobe.testing.s3mock.S3MockApplication", "(\\d+) \\(http\\)") {
      @Override
      List<String> arguments(Path root, Distance distance) {
        return List.of(
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--com.adobe.testing.s3mock.httpPort=0",
            "--com.adobe.testing.s3mock.max-payload-size=600MB",
            "--com.adobe.testing.s3mock.store.root=" + root,
            "--com.adobe.testing.s3mock.store.retainFilesOnExit=true");
      }
    },
    /** Checks signatures, and keeps an object a file, so that it takes many. */
    S3PROXY("s3-proxy", "org.gaul.s3proxy.Main", "\\{127.0.0.1:(\\d+)\\}") {
      @Override
      List<String> arguments(Path root, Distance distance) throws IOException {
        Path objects = Files.createDirectory(root.resolve("objects"));
        Path properties =
            Files.writeString(
                root.resolve("s3proxy.properties"),
                String.join(
                    "\n",
                    distance.properties(),
                    "s3proxy.authorization=aws-v2-or-v4",
                    "s3proxy.identity=" + KEY,
                    "s3proxy.credential=" + KEY,
                    "s3proxy.endpoint=http://127.0.0.1:0",
                    "jclouds.provider=filesystem-nio2",
                    "jclouds.identity=none",
                    "jclouds.credential=none",
                    "jclouds.filesystem.basedir=" + objects));
        return List.of("--properties", properties.toString());
      }
    };

    private final String module;
    private final String mainClass;
    private final Pattern started;

    Program(String module, String mainClass, String started) {
      this.module = module;
      this.mainClass = mainClass;
      this.started = Pattern.compile("started.*?" + started, Pattern.CASE_INSENSITIVE);
    }

    abstract List<String> arguments(Path root, Distance distance) throws IOException;
  }

  /** Starts s3mock and returns when it answers; a few seconds. */
  public static S3Server start() throws IOException {
    return start(Program.S3MOCK, Distance.NONE);
  }

  /**
   * Starts s3proxy and returns when it answers; a few seconds. It refuses wrong keys, and takes
   * tens of thousands of objects, where s3mock's time for one grows with their number.
   */
  public static S3Server startLarge() throws IOException {
    return startLarge(Distance.NONE);
  }

  /** The same of a store that is farther away. */
  public static S3Server startLarge(Distance distance) throws IOException {
    return start(Program.S3PROXY, distance);
  }

  private static S3Server start(Program program, Distance distance) throws IOException {
    Path root = Files.createTempDirectory("curvine-s3-");
    return new S3Server(
        ServerProcess.start(
            program.module,
            program.mainClass,
            program.arguments(root, distance),
            root,
            program.started));
  }

  /** Where it listens, for HTTP. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + process.ready());
  }

  /** What a mount of one of its buckets needs. */
  public Map<String, String> options() {
    return Map.of("s3.endpoint", endpoint().toString(), "s3.access-key", KEY, "s3.secret-key", KEY);
  }

  /** The location of a bucket. */
  public String uri(String bucket) {
    return "s3://" + bucket;
  }

  /** Makes a bucket and gives its location. */
  public String createBucket(String bucket) {
    try (S3AsyncClient client = client()) {
      var unused = client.createBucket(create -> create.bucket(bucket)).join();
    }
    return uri(bucket);
  }

  /** A client of its own for what a test does behind Curvine's back. The caller closes it. */
  public S3AsyncClient client() {
    return S3AsyncClient.builder()
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, KEY)))
        .build();
  }

  /** The process, for tests that stop it for a while or kill it. */
  public ProcessHandle process() {
    return process.handle();
  }

  /** Kills the server and deletes its objects. */
  @Override
  public void close() {
    process.close();
  }
}
