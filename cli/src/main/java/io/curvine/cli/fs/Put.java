/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import com.google.protobuf.ByteString;
import io.curvine.cli.CliException;
import io.curvine.client.AttributeChange;
import io.curvine.client.CreateOptions;
import io.curvine.client.FileWriter;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;

/** {@code curvine fs put}. */
@Command(
    name = "put",
    description = "Copy local files and directories into the namespace.",
    mixinStandardHelpOptions = true)
final class Put extends CopyAction {
  private static final int DEFAULT_MODE = 0644;
  private static final int PERMISSIONS = 07777;

  @Override
  void copy(Transfer transfer, String source, String target, boolean several) throws IOException {
    RemotePath to = RemotePath.parse(target);
    boolean into = isDirectory(to);
    if (several && !into) {
      throw new CliException(to + " is not a directory; allowed with several sources: a directory");
    }
    if (source.equals("-")) {
      transfer.attempt(() -> write(System.in, to, DEFAULT_MODE));
      return;
    }
    Path from = Path.of(source);
    if (!Files.exists(from)) {
      throw new NoSuchFileException(source);
    }
    Path name = from.toAbsolutePath().normalize().getFileName();
    put(transfer, from, into && name != null ? to.child(name.toString()) : to, true);
  }

  private void put(Transfer transfer, Path from, RemotePath to, boolean follow) throws IOException {
    LinkOption[] links = follow ? new LinkOption[0] : new LinkOption[] {LinkOption.NOFOLLOW_LINKS};
    if (Files.isDirectory(from, links)) {
      directory(transfer, from, to);
    } else if (Files.isRegularFile(from, links)) {
      transfer.submit(() -> file(from, to));
    } else if (Files.isSymbolicLink(from)) {
      transfer.attempt(
          () -> {
            ByteString link = ByteString.copyFromUtf8(Files.readSymbolicLink(from).toString());
            namespace().symlink(to.ref(), link);
            return 0;
          });
    } else {
      problem(new CliException(from + " is not a file, directory or symbolic link; left out"));
    }
  }

  private void directory(Transfer transfer, Path from, RemotePath to) throws IOException {
    try {
      if (!to.isRoot()) {
        namespace().mkdir(to.ref(), mode(from), false);
      }
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.ALREADY_EXISTS || !isDirectory(to)) {
        throw e;
      }
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(from)) {
      for (Path child : children) {
        put(transfer, child, to.child(child.getFileName().toString()), false);
      }
    } catch (IOException e) {
      problem(e);
    }
  }

  private long file(Path from, RemotePath to) throws IOException {
    long copied;
    try (InputStream in = Files.newInputStream(from)) {
      copied = write(in, to, mode(from));
    }
    if (preserve) {
      long nanos = Files.getLastModifiedTime(from).to(TimeUnit.NANOSECONDS);
      namespace().setAttributes(to.ref(), AttributeChange.none().mtimeNanos(nanos));
    }
    return copied;
  }

  /** A copy that fails leaves no new file behind. */
  private long write(InputStream in, RemotePath to, int mode) throws IOException {
    CreateOptions options = CreateOptions.defaults().withMode(mode).withExclusive(!force);
    byte[] chunk = new byte[Transfer.CHUNK_BYTES];
    int read = in.readNBytes(chunk, 0, chunk.length);
    if (read < chunk.length) {
      client().write(to.ref(), options, ByteBuffer.wrap(chunk, 0, read));
      return read;
    }
    FileWriter writer = client().create(to.ref(), options);
    long position = 0;
    boolean whole = false;
    try {
      while (read > 0) {
        writer.write(position, ByteBuffer.wrap(chunk, 0, read));
        position += read;
        read = in.readNBytes(chunk, 0, chunk.length);
      }
      whole = true;
    } finally {
      if (!whole) {
        writer.abort();
        if (!force) {
          namespace().delete(to.ref(), InodeType.FILE, false, true);
        }
      }
    }
    writer.close();
    return position;
  }

  private boolean isDirectory(RemotePath path) throws IOException {
    Optional<Entry> entry = namespace().find(path.ref(), true);
    return entry.filter(each -> each.getInode().getType() == InodeType.DIRECTORY).isPresent();
  }

  private static int mode(Path local) throws IOException {
    return (Integer) Files.getAttribute(local, "unix:mode") & PERMISSIONS;
  }
}
