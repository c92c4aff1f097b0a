/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.snapshot.SnapshotFiles;
import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A snapshot as one file: a zip archive, written and read in one pass, whose first entry is the
 * manifest. The manifest has the SHA-256 of every file and of itself. Stateless.
 */
public final class SnapshotArchive {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int COPY_BYTES = 64 << 10;

  /** Some hundred thousand files; a snapshot has some hundred. */
  private static final int MANIFEST_MAX_BYTES = 64 << 20;

  private SnapshotArchive() {}

  /**
   * Writes a snapshot to a file that does not exist. The file gets its name when it is whole.
   *
   * @throws IOException where the snapshot is not as its manifest says
   */
  public static SnapshotManifest write(Path snapshot, Path file) throws IOException {
    return writeTo(snapshot.toAbsolutePath().normalize(), file.toAbsolutePath().normalize());
  }

  private static SnapshotManifest writeTo(Path snapshot, Path file) throws IOException {
    if (Files.exists(file)) {
      throw new IOException(file + " exists; allowed: a file that does not");
    }
    SnapshotManifest manifest = SnapshotManifests.seal(SnapshotManifests.read(snapshot));
    Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
    try (OutputStream out = Files.newOutputStream(unfinished);
        ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out, BUFFER_BYTES))) {
      zip.setLevel(Deflater.BEST_SPEED);
      zip.putNextEntry(new ZipEntry(SnapshotManifests.FILE));
      zip.write(manifest.toByteArray());
      zip.closeEntry();
      for (SnapshotFile each : manifest.getFilesList()) {
        zip.putNextEntry(new ZipEntry(each.getPath()));
        try (InputStream in = Files.newInputStream(inside(snapshot, each.getPath()))) {
          copy(in, zip, each);
        }
        zip.closeEntry();
      }
    } catch (IOException | RuntimeException e) {
      Files.deleteIfExists(unfinished);
      throw e;
    }
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    SnapshotFiles.syncDirectory(file.getParent());
    return manifest;
  }

  /**
   * Makes a snapshot's directory of an archive, or of another such directory, and compares every
   * file with the manifest on the way.
   *
   * @param into exists and is empty
   * @throws IOException naming what is missing, damaged or not of the archive
   */
  public static SnapshotManifest read(Path from, Path into) throws IOException {
    Path source = from.toAbsolutePath().normalize();
    Path target = into.toAbsolutePath().normalize();
    SnapshotManifest manifest =
        Files.isDirectory(source) ? copyDirectory(source, target) : extract(source, target);
    SnapshotFiles.writeDurably(target.resolve(SnapshotManifests.FILE), manifest.toByteArray());
    SnapshotFiles.syncTree(target);
    return manifest;
  }

  private static SnapshotManifest copyDirectory(Path from, Path into) throws IOException {
    SnapshotManifest manifest = SnapshotManifests.read(from);
    for (SnapshotFile each : manifest.getFilesList()) {
      try (InputStream in = Files.newInputStream(inside(from, each.getPath()))) {
        store(in, into, each);
      }
    }
    return manifest;
  }

  private static SnapshotManifest extract(Path archive, Path into) throws IOException {
    try (ZipInputStream zip =
        new ZipInputStream(new BufferedInputStream(Files.newInputStream(archive), BUFFER_BYTES))) {
      ZipEntry first = zip.getNextEntry();
      if (first == null || !first.getName().equals(SnapshotManifests.FILE)) {
        throw new IOException(archive + " is no snapshot that was exported");
      }
      byte[] head = zip.readNBytes(MANIFEST_MAX_BYTES + 1);
      if (head.length > MANIFEST_MAX_BYTES) {
        throw new IOException(
            archive
                + ": its manifest has more than "
                + MANIFEST_MAX_BYTES
                + " bytes; allowed: up to so many");
      }
      SnapshotManifest manifest = SnapshotManifest.parseFrom(head);
      if (!SnapshotManifests.seal(manifest).equals(manifest)) {
        throw new IOException(archive + ": its manifest fails its own checksum");
      }
      Map<String, SnapshotFile> left = new HashMap<>();
      manifest.getFilesList().forEach(each -> left.put(each.getPath(), each));
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        SnapshotFile expected = left.remove(entry.getName());
        if (expected == null) {
          throw new IOException(archive + ": " + entry.getName() + " does not belong to it");
        }
        store(zip, into, expected);
      }
      if (!left.isEmpty()) {
        throw new IOException(archive + ": " + left.keySet().iterator().next() + " is missing");
      }
      return manifest;
    } catch (ZipException e) {
      throw new IOException(archive + " is damaged: " + e.getMessage(), e);
    }
  }

  private static void store(InputStream in, Path into, SnapshotFile expected) throws IOException {
    Path target = inside(into, expected.getPath());
    Files.createDirectories(target.getParent());
    try (OutputStream out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW)) {
      copy(in, out, expected);
    }
    try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Writes the length that the manifest says and no more, however much there is. */
  private static void copy(InputStream in, OutputStream out, SnapshotFile expected)
      throws IOException {
    MessageDigest digest = SnapshotFiles.sha256();
    byte[] buffer = new byte[COPY_BYTES];
    long left = expected.getLengthBytes();
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        break;
      }
      digest.update(buffer, 0, read);
      out.write(buffer, 0, read);
      left -= read;
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (left != 0 || in.read() >= 0 || !found.equals(expected.getSha256())) {
      throw new IOException(expected.getPath() + " is damaged: it is not as the manifest says");
    }
  }

  /** A manifest names files inside the snapshot and nothing else. */
  private static Path inside(Path root, String path) throws IOException {
    Path file = root.resolve(path).normalize();
    if (!file.startsWith(root.normalize()) || file.equals(root.normalize())) {
      throw new IOException("the manifest names " + path + "; allowed: files of the snapshot");
    }
    return file;
  }
}
