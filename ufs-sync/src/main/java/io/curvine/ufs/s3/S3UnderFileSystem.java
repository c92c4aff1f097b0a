/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsCapabilities;
import io.curvine.ufs.UfsExpected;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsStatus.Kind;
import io.curvine.ufs.UfsStream;
import io.curvine.ufs.UfsTreePage;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A bucket's keys under a prefix as a store. A directory is whatever has keys below {@code name/},
 * an empty marker object {@code name/} included; a change that takes the last key below a directory
 * leaves a marker, so that the directory stays. An object {@code a} hides keys below {@code a/}.
 *
 * <p>Objects have neither mode nor owner, and there are no symbolic links. A rename copies and
 * deletes; it can be repeated.
 */
final class S3UnderFileSystem implements UnderFileSystem {
  private static final UfsCapabilities CAPABILITIES =
      new UfsCapabilities(false, false, false, true, true);

  private final S3AsyncClient client;
  private final S3Requests requests;
  private final S3Keys keys;
  private final S3Lister lister;
  private final S3Uploads uploads;
  private final S3Trees trees;
  private final Optional<S3DirectReads> direct;

  /**
   * Takes the client and closes it.
   *
   * @param direct reads without the client, closed with this
   */
  S3UnderFileSystem(
      S3AsyncClient client, S3Options options, S3Keys keys, Optional<S3DirectReads> direct) {
    this.client = client;
    this.direct = direct;
    this.requests =
        new S3Requests(options.network().requestTimeout(), options.network().maxAttempts());
    this.keys = keys;
    this.lister = new S3Lister(client, requests, keys);
    this.uploads =
        new S3Uploads(
            client,
            requests,
            keys,
            options.partSizeBytes(),
            options.store().takesConditionalWrites());
    this.trees = new S3Trees(client, requests, keys, lister, uploads);
  }

  @Override
  public UfsCapabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public Optional<UfsStatus> status(String path) throws IOException {
    UfsPaths.check(path);
    String name = UfsPaths.name(path);
    if (!path.isEmpty()) {
      Optional<HeadObjectResponse> object = head(keys.object(path));
      if (object.isPresent()) {
        return object.map(found -> file(name, found));
      }
    }
    // For the location itself this only says whether the bucket is there.
    boolean any = !lister.first(keys.directory(path), 1).isEmpty();
    return any || path.isEmpty() ? Optional.of(S3Statuses.directory(name)) : Optional.empty();
  }

  @Override
  public void list(String directory, Consumer<UfsStatus> child) throws IOException {
    UfsPaths.check(directory);
    lister.children(directory, child);
  }

  @Override
  public UfsTreePage tree(String after) throws IOException {
    return lister.tree(after);
  }

  @Override
  public UfsStream open(String path, String version, long offset, long length) throws IOException {
    UfsPaths.checkBelow(path);
    String key = keys.object(path);
    if (offset < 0 || length < 0) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "range of "
              + keys.name(key)
              + " is "
              + offset
              + "+"
              + length
              + "; allowed: not negative");
    }
    if (length == 0) {
      return openNothing(key, version, offset);
    }
    Optional<UfsStream> body = direct.flatMap(reads -> reads.open(key, version, offset, length));
    return body.isPresent() ? body.get() : openMoved(key, version, offset, length);
  }

  /** By the SDK, and by its version of now where only a move has changed that. */
  private UfsStream openMoved(String key, String version, long offset, long length)
      throws IOException {
    try {
      return openBySdk(key, version, offset, length);
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.UFS_CHANGED) {
        throw e;
      }
      UfsStatus now = head(key).map(object -> file("", object)).orElseThrow(() -> e);
      if (now.version().equals(version) || !now.isOf(version)) {
        throw e;
      }
      return openBySdk(key, now.version(), offset, length);
    }
  }

  private UfsStream openBySdk(String key, String version, long offset, long length)
      throws IOException {
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(keys.bucket())
            .key(key)
            .ifMatch(S3Statuses.quoted(version))
            .range("bytes=" + offset + "-" + (offset + length - 1))
            .build();
    String what = keys.name(key);
    S3ObjectStream body;
    try {
      body =
          S3Requests.await(
              what, client.getObject(request, S3ObjectStream.transformer(what, length)));
    } catch (CurvineException e) {
      throw e.code() == ErrorCode.NOT_FOUND ? changed(key, version, "gone") : e;
    }
    GetObjectResponse head = body.response();
    String found = S3Statuses.version(head.eTag());
    // Some stores do not heed If-Match.
    if (!found.equals(version) || head.contentLength() != length) {
      body.close();
      throw changed(key, version, found + " with " + head.contentLength() + " bytes of the range");
    }
    return body;
  }

  private UfsStream openNothing(String key, String version, long offset) throws IOException {
    HeadObjectResponse found = head(key).orElseThrow(() -> changed(key, version, "gone"));
    String now = S3Statuses.version(found.eTag());
    if (!now.equals(version) || offset > found.contentLength()) {
      throw changed(key, version, now + " of " + found.contentLength() + " bytes");
    }
    return UfsStream.of(InputStream.nullInputStream());
  }

  private CurvineException changed(String key, String version, String now) {
    return new CurvineException(
        ErrorCode.UFS_CHANGED, keys.name(key) + ": asked for version " + version + ", now " + now);
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content) throws IOException {
    return write(path, length, content, UfsExpected.ANY);
  }

  @Override
  public UfsStatus write(String path, long length, InputStream content, UfsExpected expected)
      throws IOException {
    UfsPaths.checkBelow(path);
    String key = keys.object(path);
    Optional<UfsStatus> found = head(key).map(object -> file(UfsPaths.name(path), object));
    expected.require(keys.name(key), found);
    if (found.isEmpty()) {
      requireNoDirectory(path);
      requireNoObjectAbove(path);
    }
    String eTag = uploads.upload(key, length, content, S3Condition.of(expected, found));
    return made(path, key, eTag, length);
  }

  /** An object would hide all that is in a directory of its name. */
  private void requireNoDirectory(String path) throws IOException {
    String directory = keys.directory(path);
    if (!lister.first(directory, 1).isEmpty()) {
      throw new CurvineException(
          ErrorCode.IS_A_DIRECTORY, keys.name(directory) + ": is a directory");
    }
  }

  /** What is below an object is hidden. */
  private void requireNoObjectAbove(String path) throws IOException {
    String parent = UfsPaths.parent(path);
    if (!parent.isEmpty() && head(keys.object(parent)).isPresent()) {
      throw notADirectory(parent);
    }
  }

  private CurvineException notADirectory(String path) throws CurvineException {
    return new CurvineException(
        ErrorCode.NOT_A_DIRECTORY, keys.name(keys.object(path)) + ": is an object");
  }

  /** What was just made, by the store's own clock where it is still there. */
  private UfsStatus made(String path, String key, String eTag, long length) throws IOException {
    String name = UfsPaths.name(path);
    return head(key)
        .map(now -> file(name, now))
        .filter(now -> eTag == null || now.version().equals(S3Statuses.version(eTag)))
        .orElseGet(() -> S3Statuses.file(name, eTag, length, null));
  }

  @Override
  public UfsStatus makeDirectory(String path) throws IOException {
    UfsPaths.check(path);
    Optional<UfsStatus> found = status(path);
    if (found.isPresent()) {
      if (found.get().kind() != Kind.DIRECTORY) {
        throw notADirectory(path);
      }
      return found.get();
    }
    requireNoObjectAbove(path);
    putMarker(keys.directory(path));
    return S3Statuses.directory(UfsPaths.name(path));
  }

  @Override
  public UfsStatus makeSymlink(String path, String target) throws IOException {
    throw new CurvineException(ErrorCode.UNSUPPORTED, "S3 has no symbolic links");
  }

  @Override
  public void delete(String path, boolean tree) throws IOException {
    UfsPaths.checkBelow(path);
    String key = keys.object(path);
    String directory = keys.directory(path);
    boolean deleted = head(key).isPresent();
    if (deleted) {
      trees.deleteObject(key);
    }
    if (tree) {
      deleted |= trees.delete(directory) > 0;
    } else if (!deleted) {
      deleted = deleteEmptyDirectory(directory);
    }
    if (deleted) {
      keepDirectory(UfsPaths.parent(path));
    }
  }

  private boolean deleteEmptyDirectory(String directory) throws IOException {
    List<S3Object> below = lister.first(directory, 2);
    if (below.stream().anyMatch(each -> !each.key().equals(directory))) {
      throw new CurvineException(
          ErrorCode.NOT_EMPTY, keys.name(directory) + ": directory is not empty");
    }
    if (!below.isEmpty()) {
      trees.deleteObject(directory);
    }
    return !below.isEmpty();
  }

  @Override
  public UfsStatus rename(String from, String to) throws IOException {
    UfsPaths.checkBelow(from);
    UfsPaths.checkBelow(to);
    String source = keys.object(from);
    String target = keys.object(to);
    if (to.startsWith(from + "/")) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, keys.name(source) + " cannot be moved below itself");
    }
    if (from.equals(to)) {
      return status(to).orElseThrow(() -> missing(source));
    }
    Optional<HeadObjectResponse> object = head(source);
    requireNoObjectAbove(to);
    UfsStatus moved;
    if (object.isPresent()) {
      requireNoDirectory(to);
      String eTag = trees.moveObject(source, object.get(), target);
      moved = made(to, target, eTag, object.get().contentLength());
    } else {
      if (head(target).isPresent() && !lister.first(keys.directory(from), 1).isEmpty()) {
        throw notADirectory(to);
      }
      if (trees.move(keys.directory(from), keys.directory(to)) == 0) {
        throw missing(source);
      }
      moved = S3Statuses.directory(UfsPaths.name(to));
    }
    keepDirectory(UfsPaths.parent(from));
    return moved;
  }

  @Override
  public void close() {
    direct.ifPresent(S3DirectReads::close);
    client.close();
  }

  private CurvineException missing(String key) {
    return new CurvineException(
        ErrorCode.NOT_FOUND, keys.name(key) + ": no such object or directory");
  }

  /** A directory must not go because its last entry went. */
  private void keepDirectory(String path) throws IOException {
    String directory = keys.directory(path);
    if (!path.isEmpty() && lister.first(directory, 1).isEmpty()) {
      putMarker(directory);
    }
  }

  private void putMarker(String key) throws IOException {
    var unused =
        S3Requests.await(
            keys.name(key),
            client.putObject(
                put ->
                    put.bucket(keys.bucket())
                        .key(key)
                        .contentType("application/x-directory")
                        .overrideConfiguration(requests.bounded()),
                AsyncRequestBody.empty()));
  }

  private Optional<HeadObjectResponse> head(String key) throws IOException {
    try {
      return Optional.of(
          S3Requests.await(
              keys.name(key),
              client.headObject(
                  head ->
                      head.bucket(keys.bucket())
                          .key(key)
                          .overrideConfiguration(requests.bounded()))));
    } catch (CurvineException e) {
      // A HEAD's 404 has no body: whether the bucket is missing shows in the next request.
      if (e.code() == ErrorCode.NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static UfsStatus file(String name, HeadObjectResponse object) {
    return S3Statuses.file(name, object);
  }
}
