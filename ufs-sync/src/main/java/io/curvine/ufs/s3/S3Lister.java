/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.SkippedNames;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsTreePage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists keys by ListObjectsV2, a page at a time. Thread-safe. */
final class S3Lister {
  private static final String UNNAMEABLE = "names have 1 to 255 bytes and are not '.' or '..'";

  private final S3AsyncClient client;
  private final S3Requests requests;
  private final S3Keys keys;
  private final SkippedNames skipped;

  /** Takes one page of at most 1,000 objects. */
  interface PageConsumer {
    void accept(List<S3Object> page) throws IOException;
  }

  S3Lister(S3AsyncClient client, S3Requests requests, S3Keys keys) {
    this.client = client;
    this.requests = requests;
    this.keys = keys;
    this.skipped = new SkippedNames(keys.name(keys.prefix()));
  }

  /** The first keys that begin with a prefix, ascending. */
  List<S3Object> first(String prefix, int max) throws CurvineException {
    return page(request(prefix).maxKeys(max).build()).contents();
  }

  /** Every object whose key begins with a prefix. */
  void objects(String prefix, PageConsumer pages) throws IOException {
    ListObjectsV2Request.Builder request = request(prefix);
    ListObjectsV2Response page;
    do {
      page = page(request.build());
      pages.accept(page.contents());
      request.continuationToken(page.nextContinuationToken());
    } while (Boolean.TRUE.equals(page.isTruncated()));
  }

  /**
   * The direct children of a directory, ascending by name. Costs a call beside those that list
   * where it is not seen within a page whether a directory {@code a} comes before {@code a-b}.
   *
   * @throws CurvineException NOT_FOUND where it is not the location and has neither a marker nor
   *     anything below it
   */
  void children(String directory, Consumer<UfsStatus> child) throws CurvineException {
    String prefix = keys.directory(directory);
    ListObjectsV2Request.Builder request = request(prefix).delimiter("/");
    Children children = new Children(directory, prefix, child);
    ListObjectsV2Response page;
    do {
      page = page(request.build());
      children.accept(page);
      request.continuationToken(page.nextContinuationToken());
    } while (Boolean.TRUE.equals(page.isTruncated()));
    children.order.finish();
    if (!children.any && !directory.isEmpty()) {
      throw new CurvineException(ErrorCode.NOT_FOUND, keys.name(prefix) + ": no such directory");
    }
  }

  private ListObjectsV2Request.Builder request(String prefix) {
    // Keys may hold characters that XML cannot.
    return ListObjectsV2Request.builder()
        .bucket(keys.bucket())
        .prefix(prefix)
        .encodingType(EncodingType.URL)
        .overrideConfiguration(requests.bounded());
  }

  private ListObjectsV2Response page(ListObjectsV2Request request) throws CurvineException {
    return S3Requests.await(keys.name(request.prefix()), client.listObjectsV2(request));
  }

  /** Whether there is anything below a directory. */
  private boolean isDirectory(String path) throws CurvineException {
    return !first(keys.directory(path), 1).isEmpty();
  }

  /**
   * One page of all keys of the location.
   *
   * @param after a key without the location's prefix; empty: from the first
   */
  UfsTreePage tree(String after) throws CurvineException {
    ListObjectsV2Request.Builder request = request(keys.prefix());
    if (!after.isEmpty()) {
      request.startAfter(keys.prefix() + after);
    }
    ListObjectsV2Response page = page(request.build());
    List<UfsTreePage.Item> items = new ArrayList<>();
    String last = after;
    for (S3Object object : page.contents()) {
      String key = object.key().substring(keys.prefix().length());
      if (!before(last, key) && !key.isEmpty()) {
        throw new CurvineException(
            ErrorCode.UNSUPPORTED, keys.name(object.key()) + ": the keys come out of order");
      }
      last = key;
      item(object, last).ifPresent(items::add);
    }
    return new UfsTreePage(items, last, Boolean.TRUE.equals(page.isTruncated()));
  }

  private Optional<UfsTreePage.Item> item(S3Object object, String key) {
    boolean marker = key.endsWith("/");
    String path = marker ? key.substring(0, key.length() - 1) : key;
    if (key.isEmpty()) {
      return Optional.empty(); // the location's own marker
    }
    int from = 0;
    for (String component : path.split("/", -1)) {
      if (!UfsPaths.nameable(component)) {
        skipped.skipped(UfsPaths.parent(path), key, UNNAMEABLE);
        return above(key.substring(0, from));
      }
      from += component.length() + 1;
    }
    String name = UfsPaths.name(path);
    UfsStatus status =
        marker
            ? S3Statuses.directory(name)
            : S3Statuses.file(name, object.eTag(), object.size(), object.lastModified());
    return Optional.of(new UfsTreePage.Item(key, status));
  }

  /** What cannot be named is in directories that can. */
  private static Optional<UfsTreePage.Item> above(String key) {
    String name = UfsPaths.name(key.substring(0, Math.max(0, key.length() - 1)));
    return key.isEmpty()
        ? Optional.empty()
        : Optional.of(new UfsTreePage.Item(key, S3Statuses.directory(name)));
  }

  /** In S3's order, which is not that of Java's chars. */
  private static boolean before(String a, String b) {
    return Arrays.compareUnsigned(
            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8))
        < 0;
  }

  /**
   * Makes children of the pages of one listing. Where both an object {@code a} and keys below
   * {@code a/} exist, the object is given and the directory left out, as status does.
   */
  private final class Children {
    private final String directory;
    private final String prefix;
    private final S3NameOrder order;

    private boolean any;

    Children(String directory, String prefix, Consumer<UfsStatus> child) {
      this.directory = directory;
      this.prefix = prefix;
      String above = directory.isEmpty() ? "" : directory + "/";
      this.order =
          new S3NameOrder(
              name -> isDirectory(above + name),
              name -> skipped.skipped(directory, name + "/", "there is an object of that name"),
              child);
    }

    /** Objects and common prefixes of a page are sorted, each by itself: merges them. */
    void accept(ListObjectsV2Response page) throws CurvineException {
      Iterator<CommonPrefix> prefixes = page.commonPrefixes().iterator();
      CommonPrefix next = prefixes.hasNext() ? prefixes.next() : null;
      for (S3Object object : page.contents()) {
        while (next != null && before(next.prefix(), object.key())) {
          directory(next.prefix());
          next = prefixes.hasNext() ? prefixes.next() : null;
        }
        file(object);
      }
      while (next != null) {
        directory(next.prefix());
        next = prefixes.hasNext() ? prefixes.next() : null;
      }
    }

    private void file(S3Object object) throws CurvineException {
      any = true;
      String name = object.key().substring(prefix.length());
      if (name.isEmpty()) {
        return;
      }
      if (UfsPaths.nameable(name)) {
        order.file(S3Statuses.file(name, object.eTag(), object.size(), object.lastModified()));
      } else {
        skipped.skipped(directory, name, UNNAMEABLE);
      }
    }

    private void directory(String common) throws CurvineException {
      any = true;
      String name = common.substring(prefix.length(), common.length() - 1);
      if (UfsPaths.nameable(name)) {
        order.directory(S3Statuses.directory(name));
      } else {
        skipped.skipped(directory, name, UNNAMEABLE);
      }
    }
  }
}
