/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.curvine.fuse.FakeBackend;
import io.curvine.fuse.FuseConfig;
import io.curvine.fuse.vfs.Vfs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real mount of the file system in memory. Needs root and /dev/fuse. */
@Timeout(120)
class KernelMountTest {
  @TempDir Path temporary;
  private final FakeBackend backend = new FakeBackend();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private Path root;
  private KernelMount mount;

  @BeforeEach
  void mount() throws IOException {
    String missing = missing();
    if (missing != null) {
      System.out.println("KernelMountTest is skipped: " + missing);
    }
    assumeTrue(missing == null, missing);
    root = Files.createDirectory(temporary.resolve("mount"));
    mount = start(root, backend);
  }

  private KernelMount start(Path at, FakeBackend of) throws IOException {
    Path spool = Files.createDirectories(temporary.resolve("spool"));
    FuseConfig config = FuseConfig.defaults().withSpoolDir(spool);
    return KernelMount.start(at, config, new Vfs(of, spool), registry);
  }

  private static String missing() {
    if (!Files.exists(Path.of("/dev/fuse"))) {
      return "there is no /dev/fuse";
    }
    return System.getProperty("user.name").equals("root") ? null : "only root can mount";
  }

  @AfterEach
  void unmount() throws Exception {
    if (mount != null) {
      mount.close();
      assertThat(MountTable.at(root)).isEmpty();
    }
  }

  private String sh(String script) throws Exception {
    return Shell.run(script, root, temporary);
  }

  @Test
  void filesAndDirectoriesByJava() throws Exception {
    Path directory = Files.createDirectory(root.resolve("d"));
    Path file = directory.resolve("ä b");
    Files.writeString(file, "hello");
    assertThat(Files.readString(file)).isEqualTo("hello");
    assertThat(Files.size(file)).isEqualTo(5);
    Files.writeString(file, " you", StandardOpenOption.APPEND);
    assertThat(Files.readString(file)).isEqualTo("hello you");
    assertThatThrownBy(() -> Files.createDirectory(directory))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.delete(directory)).isInstanceOf(FileSystemException.class);

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x---"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_234_567_891L));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rwxr-x---");
    assertThat(Files.getLastModifiedTime(file).toMillis()).isEqualTo(1_234_567_891L);

    Path moved = Files.move(file, root.resolve("moved"));
    Files.writeString(root.resolve("other"), "other");
    Files.move(root.resolve("other"), moved, StandardCopyOption.REPLACE_EXISTING);
    assertThat(Files.readString(moved)).isEqualTo("other");
    Path link = Files.createSymbolicLink(root.resolve("link"), Path.of("moved"));
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("moved"));
    assertThat(Files.readString(link)).isEqualTo("other");
    Files.createLink(root.resolve("hard"), moved);
    assertThat(Files.getAttribute(moved, "unix:nlink")).isEqualTo(2);
    assertThat(Files.getAttribute(moved, "unix:ino"))
        .isEqualTo(Files.getAttribute(root.resolve("hard"), "unix:ino"));
    Files.delete(moved);
    assertThat(Files.readString(root.resolve("hard"))).isEqualTo("other");
    Files.delete(directory);
    assertThat(Files.exists(directory)).isFalse();
  }

  @Test
  void theUsualCommands() throws Exception {
    assertThat(sh("mkdir -p a/b/c && echo x > a/b/c/f && cat a/b/c/f")).isEqualTo("x");
    sh("ln a/b/c/f a/h");
    assertThat(sh("ln -s b/../h a/s && readlink a/s && cat a/s")).isEqualTo("b/../h\nx");
    assertThat(sh("stat -c %h a/h && stat -c %h a")).isEqualTo("2\n3");
    assertThat(sh("mv a/b/c/f a/g && ls a/b/c | wc -l && cat a/g")).isEqualTo("0\nx");
    assertThat(sh("mv -T a e && ls e")).isEqualTo("b\ng\nh\ns");
    assertThat(sh("truncate -s 100001 e/g && stat -c %s e/h")).isEqualTo("100001");
    sh("dd if=/dev/urandom of=big bs=1M count=8 status=none conv=fsync && cmp big big");
    sh("chmod 640 big && chown 5:6 big && touch -d '2001-02-03 04:05:06.789' big");
    assertThat(sh("cp -a big copy && cmp big copy && stat -c '%a %u %g %Y' copy"))
        .isEqualTo(sh("stat -c '%a %u %g %Y' big"));
    sh("cp -a e e2 && diff -r e e2 && rm -r e e2");
    assertThat(sh("ls")).isEqualTo("big\ncopy");
    assertThat(sh("(echo 1; echo 2; echo 3) > l; echo 4 >> l; tail -n 2 l")).isEqualTo("3\n4");
    assertThat(sh("sed -i s/3/x/ l && cat l")).isEqualTo("1\n2\nx\n4");
    assertThat(sh("mv -n big copy; ls")).isEqualTo("big\ncopy\nl");
    assertThat(sh("stat -f -c '%S %l' .")).isEqualTo("4096 255");
    assertThat(Long.parseLong(sh("df --output=size -B1 . | tail -1"))).isEqualTo(1L << 40);
    sh("tar -cf t.tar big copy && mkdir x && tar -xpf t.tar -C x && cmp big x/big && rm -r x");
    assertThat(sh("flock l echo locked")).isEqualTo("locked");
  }

  @Test
  void whatAnotherProcessDoesInPython() throws Exception {
    assumeTrue(Files.exists(Path.of("/usr/bin/python3")), "no python3");
    Path script = temporary.resolve("mount_check.py");
    try (InputStream in = KernelMountTest.class.getResourceAsStream("/mount_check.py")) {
      Files.copy(in, script);
    }
    sh("python3 " + script);
  }

  private String python(String script) throws Exception {
    Path file = Files.writeString(temporary.resolve("script.py"), script);
    return sh("python3 " + file);
  }

  @Test
  void specialFilesAreWhatTheyWereMade() throws Exception {
    sh("mkfifo -m 640 p && mknod c c 1 3 && mknod b b 259 70000");
    assertThat(sh("stat -c '%F %a %h' p")).isEqualTo("fifo 640 1");
    assertThat(sh("stat -c '%F %t:%T' c b"))
        .isEqualTo("character special file 1:3\nblock special file 103:11170");
    assertThat(sh("find . -type p")).as("without a stat").isEqualTo("./p");
    assertThat(sh("(echo hello > p &) && cat p")).isEqualTo("hello");
    assertThat(sh("! cat c 2>&1")).as("no device of a mount is opened").contains("denied");
    String heard =
        python(
            """
            import socket
            server = socket.socket(socket.AF_UNIX)
            server.bind("s")
            server.listen()
            client = socket.socket(socket.AF_UNIX)
            client.connect("s")
            client.sendall(b"hello")
            print(server.accept()[0].recv(9).decode())
            """);
    assertThat(heard).isEqualTo("hello");
    assertThat(sh("ln p q && mv s t && rm p && ls -F")).isEqualTo("b\nc\nq|\nt=");
  }

  @Test
  void aFifoThatIsOpenOutlivesItsName() throws Exception {
    String told =
        python(
            """
            import os, stat
            os.mkfifo("p")
            fifo = os.open("p", os.O_RDWR)
            os.unlink("p")
            os.write(fifo, b"hello")
            found = os.fstat(fifo)
            print(os.read(fifo, 9).decode(), stat.S_ISFIFO(found.st_mode), found.st_nlink)
            """);
    assertThat(told).isEqualTo("hello True 0");
    assertThat(sh("ls")).isEmpty();
  }

  @Test
  void namesAreExchanged() throws Exception {
    Files.writeString(root.resolve("f"), "file");
    Files.createDirectories(root.resolve("d/below"));
    String told =
        python(
            """
            import ctypes, errno, os
            libc = ctypes.CDLL(None, use_errno=True)
            def rename(first, second, flags):
                failed = libc.renameat2(-100, first.encode(), -100, second.encode(), flags)
                return errno.errorcode[ctypes.get_errno()] if failed else "done"
            file = os.open("f", os.O_RDWR | os.O_APPEND)
            print(rename("f", "d", 2), os.listdir("f"))
            os.write(file, b" goes on")
            print(open("d").read(), rename("f", "f/below", 2), rename("f", "none", 2))
            print(rename("f", "d", 3), rename("d", "g", 4), rename("d", "f", 1))
            """);
    assertThat(told)
        .isEqualTo(
            """
            done ['below']
            file goes on EINVAL ENOENT
            EINVAL EINVAL EEXIST\
            """);
    assertThat(sh("cat d")).isEqualTo("file goes on");
  }

  @Test
  void randomChangesAgreeWithAPlainFile() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path plain = temporary.resolve("plain");
    Path mounted = root.resolve("file");
    var options =
        new StandardOpenOption[] {
          StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE
        };
    FileChannel a = FileChannel.open(plain, options);
    FileChannel b = FileChannel.open(mounted, options);
    try {
      for (int step = 0; step < 600; step++) {
        long at = random.nextInt(300_000);
        switch (random.nextInt(6)) {
          case 0, 1 -> {
            byte[] data = new byte[random.nextInt(random.nextInt(10) == 0 ? 200_000 : 5_000)];
            random.nextBytes(data);
            a.write(ByteBuffer.wrap(data), at);
            b.write(ByteBuffer.wrap(data), at);
          }
          case 2 -> {
            resize(a, at);
            resize(b, at);
          }
          case 3 -> {
            a.close();
            b.close();
            a = FileChannel.open(plain, options);
            b = FileChannel.open(mounted, options);
          }
          case 4 -> b.force(random.nextBoolean());
          default -> {
            ByteBuffer one = ByteBuffer.allocate(random.nextInt(50_000));
            ByteBuffer two = ByteBuffer.allocate(one.capacity());
            int count = a.read(one, at);
            assertThat(b.read(two, at)).as("step %d seed %d", step, seed).isEqualTo(count);
            assertThat(two).as("step %d seed %d", step, seed).isEqualTo(one);
          }
        }
        assertThat(b.size()).as("step %d seed %d", step, seed).isEqualTo(a.size());
      }
    } finally {
      a.close();
      b.close();
    }
    assertThat(Files.readAllBytes(mounted)).isEqualTo(Files.readAllBytes(plain));
    long inode = (Long) Files.getAttribute(mounted, "unix:ino");
    assertThat(backend.content(inode)).isEqualTo(Files.readAllBytes(plain));
  }

  /** To any length; FileChannel.truncate only cuts. */
  private static void resize(FileChannel channel, long length) throws IOException {
    if (length > channel.size()) {
      channel.write(ByteBuffer.allocate(1), length - 1);
    } else {
      channel.truncate(length);
    }
  }

  @Test
  void aFileUnlinkedWhileOpenGoesOn() throws Exception {
    Path file = root.resolve("f");
    Files.writeString(file, "hello");
    try (FileChannel open =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Files.delete(file);
      assertThat(Files.exists(file)).isFalse();
      open.write(ByteBuffer.wrap(new byte[] {'!'}), 5);
      ByteBuffer into = ByteBuffer.allocate(10);
      open.read(into, 0);
      assertThat(new String(into.array(), 0, into.position(), StandardCharsets.UTF_8))
          .isEqualTo("hello!");
      assertThat(open.size()).isEqualTo(6);
      Files.writeString(file, "another");
    }
    assertThat(Files.readString(file)).isEqualTo("another");
  }

  @Test
  void aLargeDirectoryIsListedWholeAndOnce() throws Exception {
    Path directory = Files.createDirectory(root.resolve("d"));
    Vfs direct = new Vfs(backend, temporary);
    long inode = (Long) Files.getAttribute(directory, "unix:ino");
    for (int i = 0; i < 10_000; i++) {
      direct.makeFile(
          io.curvine.fuse.vfs.Caller.ROOT,
          inode,
          com.google.protobuf.ByteString.copyFromUtf8("file-" + i),
          0644);
    }
    List<String> names = new ArrayList<>();
    try (Stream<Path> listed = Files.list(directory)) {
      listed.forEach(path -> names.add(path.getFileName().toString()));
    }
    assertThat(names).hasSize(10_000).doesNotHaveDuplicates();
    assertThat(sh("ls -l d | wc -l")).isEqualTo("10001");
    sh("rm -r d");
    assertThat(Files.exists(directory)).isFalse();
  }

  @Test
  void manyReadAndAppendAtOnce() throws Exception {
    byte[] data = new byte[6 << 20];
    new Random(7).nextBytes(data);
    Path file = root.resolve("f");
    Files.write(file, data);
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        running.add(pool.submit(() -> readAndCheck(file, data)));
        Path log = root.resolve("log" + i % 2);
        running.add(pool.submit(() -> append(log)));
      }
      for (Future<?> one : running) {
        one.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    for (int i = 0; i < 2; i++) {
      List<String> lines = Files.readAllLines(root.resolve("log" + i));
      assertThat(lines).hasSize(4 * 50).allMatch(line -> line.equals("0123456789"));
    }
    assertThat(registry.get("curvine.fuse.requests").tag("op", "read").timer().count())
        .isPositive();
  }

  private static Void readAndCheck(Path file, byte[] data) throws IOException {
    assertThat(Arrays.equals(Files.readAllBytes(file), data)).isTrue();
    return null;
  }

  private static Void append(Path file) throws IOException {
    for (int i = 0; i < 50; i++) {
      Files.writeString(file, "0123456789\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    return null;
  }

  @Test
  void errorsOfTheBackendReachClose() throws Exception {
    backend.closeFailure = new CurvineException(ErrorCode.NO_SPACE, "full");
    assertThat(sh("cp /etc/passwd f 2>&1 || echo failed"))
        .contains("No space left")
        .contains("failed");
    backend.closeFailure = null;
  }

  @Test
  void wrongMountPointsAreRefused() throws Exception {
    Path file = Files.createFile(temporary.resolve("file"));
    refused(file, "is not a directory");
    refused(temporary.resolve("missing"), "does not exist");
    refused(temporary.resolve("missing/deeper"), "does not exist");
    refused(root, "has a fuse.curvine file system mounted on it already");
    refused(Path.of("/"), "is the root directory");
  }

  private void refused(Path at, String why) {
    assertThatThrownBy(() -> start(at, backend))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining(why)
        .hasMessageContaining("allowed:");
  }

  @Test
  void anUnmountFromOutsideEndsTheMount() throws Exception {
    Files.writeString(root.resolve("f"), "x");
    assertThat(new ProcessBuilder("umount", root.toString()).start().waitFor()).isZero();
    mount.awaitUnmounted();
    mount.close();
    assertThat(root).isEmptyDirectory();
    mount = start(root, backend);
    assertThat(Files.readString(root.resolve("f"))).isEqualTo("x");
  }

  @Test
  void closingWithOpenFilesPublishesAndDetaches() throws Exception {
    FileChannel open =
        FileChannel.open(root.resolve("f"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    open.write(ByteBuffer.wrap(new byte[] {'x'}));
    long inode = (Long) Files.getAttribute(root.resolve("f"), "unix:ino");
    mount.close();
    assertThat(MountTable.at(root)).isEmpty();
    assertThat(backend.content(inode)).containsExactly('x');
    assertThat(backend.leased(inode)).isFalse();
    assertThatThrownBy(() -> open.write(ByteBuffer.wrap(new byte[] {'y'})))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(open::close).isInstanceOf(IOException.class);
  }

  @Test
  void aMountThatDiedIsReplaced() throws Exception {
    Path at = Files.createDirectory(temporary.resolve("dead"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process other =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                MountUntilKilled.class.getName(),
                at.toString())
            .redirectErrorStream(true)
            .start();
    try {
      var lines = other.inputReader(StandardCharsets.UTF_8);
      String line;
      do {
        line = lines.readLine();
      } while (line != null && !line.equals("mounted"));
      assertThat(line).isEqualTo("mounted");
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(MountTable.at(at)).isPresent();
    assertThat(Files.isDirectory(at)).isFalse();
    try (KernelMount again = start(at, backend)) {
      Files.writeString(at.resolve("f"), "alive");
      assertThat(again.path()).isEqualTo(at.toRealPath());
    }
    assertThat(MountTable.at(at)).isEmpty();
  }
}
