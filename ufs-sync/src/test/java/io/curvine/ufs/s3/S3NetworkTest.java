/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsRegistry;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How requests reach a store, with one that only says what it was asked for. */
class S3NetworkTest {
  private static final String PAGE =
      "<ListBucketResult><Name>bucket</Name><IsTruncated>false</IsTruncated>"
          + "<Contents><Key>d/a</Key><ETag>1</ETag><Size>1</Size></Contents>"
          + "<Contents><Key>d/b</Key><ETag>2</ETag><Size>1</Size></Contents></ListBucketResult>";

  @TempDir Path temp;

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<AutoCloseable> opened = new ArrayList<>();
  private int statusOfList = 200;
  private int statusOfHead = 404;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void aStoreThatCannotDeleteManyDeletesThemSingly() throws Exception {
    int port = start(HttpServer.create());
    try (UnderFileSystem ufs = open("gs://bucket", "http://127.0.0.1:" + port, Map.of())) {
      ufs.delete("d", true);
      assertThat(deletes())
          .containsExactlyInAnyOrder("POST /bucket", "DELETE /bucket/d/a", "DELETE /bucket/d/b");
      asked.clear();
      ufs.delete("d", true);
      assertThat(deletes()).containsExactlyInAnyOrder("DELETE /bucket/d/a", "DELETE /bucket/d/b");
    }
  }

  @Test
  void attemptsAreAsMany() throws Exception {
    statusOfList = 503;
    int port = start(HttpServer.create());
    String endpoint = "http://127.0.0.1:" + port;
    try (UnderFileSystem ufs = open("minio://bucket", endpoint, Map.of("s3.max-attempts", "2"))) {
      assertThatThrownBy(() -> ufs.list("", child -> {}))
          .hasMessageContaining("minio://bucket/")
          .isInstanceOfSatisfying(
              CurvineException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_UNREACHABLE));
    }
    assertThat(asked).hasSize(2);
  }

  @Test
  void anAnswerWithoutWordsIsPutIntoWords() throws Exception {
    statusOfHead = 403;
    String endpoint = "http://127.0.0.1:" + start(HttpServer.create());
    try (UnderFileSystem ufs = open("s3://bucket", endpoint, Map.of())) {
      assertThatThrownBy(() -> ufs.status("a"))
          .hasMessage("s3://bucket/a: access denied, or the key is not known: HTTP 403")
          .isInstanceOfSatisfying(
              CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_DENIED));
    }
  }

  @Test
  void anAuthorityOfItsOwnIsTrustedWhereItIsGiven() throws Exception {
    KeyStore keys = selfSigned();
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "secret".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    String endpoint = "https://127.0.0.1:" + start(server);
    Path pem = temp.resolve("ca.pem");
    Files.writeString(
        pem,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("key").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    Map<String, String> trusting = Map.of("s3.ca-certificates", pem.toString());
    try (UnderFileSystem ufs = open("s3://bucket", endpoint, trusting)) {
      assertThat(names(ufs)).containsExactly("a", "b");
    }
    try (UnderFileSystem ufs = open("s3://bucket", endpoint, Map.of("s3.max-attempts", "1"))) {
      assertThatThrownBy(() -> names(ufs)).hasMessageContaining("cannot be reached");
    }
    Path empty = Files.createFile(temp.resolve("empty.pem"));
    assertThatThrownBy(
            () ->
                open("s3://bucket", endpoint, Map.of("s3.ca-certificates", empty.toString()))
                    .close())
        .hasMessageContaining("allowed: a file with certificates");
  }

  @Test
  void aProxyIsGoneThrough() throws Exception {
    int port = start(HttpServer.create());
    try (ServerSocket proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      List<String> tunnels = Collections.synchronizedList(new ArrayList<>());
      Thread server = new Thread(() -> tunnel(proxy, port, tunnels));
      server.setDaemon(true);
      server.start();
      Map<String, String> through =
          Map.of("s3.proxy", "http://me:pass@127.0.0.1:" + proxy.getLocalPort());
      try (UnderFileSystem ufs = open("s3://bucket", "http://store.invalid:80", through)) {
        assertThat(names(ufs)).containsExactly("a", "b");
      }
      String credentials =
          Base64.getEncoder().encodeToString("me:pass".getBytes(StandardCharsets.UTF_8));
      assertThat(tunnels.get(0))
          .startsWith("CONNECT store.invalid:80 ")
          .containsIgnoringCase("proxy-authorization: Basic " + credentials);
    }
  }

  /** Takes one connection, notes what it asks for, and passes it on to a port of this machine. */
  private static void tunnel(ServerSocket proxy, int port, List<String> tunnels) {
    try (Socket client = proxy.accept();
        Socket store = new Socket(InetAddress.getLoopbackAddress(), port)) {
      StringBuilder request = new StringBuilder();
      while (request.indexOf("\r\n\r\n") < 0) {
        request.append((char) client.getInputStream().read());
      }
      tunnels.add(request.toString());
      client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      Thread back = new Thread(() -> pass(store, client));
      back.setDaemon(true);
      back.start();
      pass(client, store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      var unused = from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // One of the two was closed: nothing more is to be passed on.
    }
  }

  private UnderFileSystem open(String uri, String endpoint, Map<String, String> more)
      throws IOException {
    Map<String, String> options = new HashMap<>(more);
    options.put("s3.endpoint", endpoint);
    options.put("s3.anonymous", "true");
    options.put("s3.path-style", "true");
    return UfsRegistry.load().open(uri, options);
  }

  private static List<String> names(UnderFileSystem ufs) throws IOException {
    List<String> names = new ArrayList<>();
    ufs.list("d", child -> names.add(child.name()));
    return names;
  }

  private List<String> deletes() {
    return asked.stream()
        .filter(each -> !each.startsWith("GET") && !each.startsWith("HEAD"))
        .toList();
  }

  private int start(HttpServer server) throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    opened.add(() -> server.stop(0));
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String method = exchange.getRequestMethod();
    asked.add(method + " " + exchange.getRequestURI().getPath());
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      body.readAllBytes();
      int status =
          switch (method) {
            case "GET" -> statusOfList;
            case "DELETE" -> 204;
            case "HEAD" -> statusOfHead;
            default -> 501;
          };
      byte[] content = status == 200 ? PAGE.getBytes(StandardCharsets.UTF_8) : new byte[0];
      exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
      exchange.getResponseBody().write(content);
    }
  }

  private KeyStore selfSigned() throws Exception {
    Path file = temp.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-dname",
                "CN=store",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "secret",
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    return KeyStore.getInstance(file.toFile(), "secret".toCharArray());
  }
}
