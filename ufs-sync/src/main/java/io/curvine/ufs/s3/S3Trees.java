/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Deletes and moves all keys under a prefix, a page of a listing at a time. What fails half-way is
 * finished by doing it again. Thread-safe.
 */
final class S3Trees {
  private static final int COPIES_IN_FLIGHT_MAX = 16;
  private static final int DELETES_IN_FLIGHT_MAX = 16;

  private final S3AsyncClient client;
  private final S3Requests requests;
  private final S3Keys keys;
  private final S3Lister lister;
  private final S3Uploads uploads;

  /** The store has no request that deletes many objects, as Google's has not. */
  private volatile boolean deletesSingly;

  /** The store has no request that copies a part, as Google's has not. */
  private volatile boolean copiesNoParts;

  S3Trees(
      S3AsyncClient client, S3Requests requests, S3Keys keys, S3Lister lister, S3Uploads uploads) {
    this.client = client;
    this.requests = requests;
    this.keys = keys;
    this.lister = lister;
    this.uploads = uploads;
  }

  /** Deletes all keys with a prefix and says how many they were. */
  long delete(String prefix) throws IOException {
    long[] deleted = {0};
    lister.objects(
        prefix,
        page -> {
          deleteAll(prefix, page);
          deleted[0] += page.size();
        });
    return deleted[0];
  }

  /**
   * Moves all keys with a prefix. An object is deleted only after it was copied, and only what was
   * copied is deleted.
   *
   * @return how many were moved
   */
  long move(String from, String to) throws IOException {
    long[] moved = {0};
    lister.objects(
        from,
        page -> {
          copyAll(from, page, to);
          deleteAll(from, page);
          moved[0] += page.size();
        });
    return moved[0];
  }

  /** What fails does not go on behind who does it again. */
  private void copyAll(String from, List<S3Object> page, String to) throws IOException {
    RequestWindow<String> window = new RequestWindow<>(COPIES_IN_FLIGHT_MAX, eTag -> {});
    try {
      for (S3Object object : page) {
        window.awaitRoom();
        String target = to + object.key().substring(from.length());
        if (object.size() > S3Uploads.COPY_PART_BYTES) {
          var unused = uploads.copy(object.key(), head(object.key()), target);
        } else if (S3Origins.change(S3Statuses.version(object.eTag()))) {
          window.add(
              keys.name(object.key()),
              requestHead(object.key())
                  .thenCompose(source -> copyTelling(object.key(), source, target)));
        } else {
          window.add(keys.name(object.key()), copyObject(object.key(), object.eTag(), target));
        }
      }
      window.drain();
    } finally {
      window.awaitEnd();
    }
  }

  /** Moves one object; gives the ETag of the copy. */
  String moveObject(String from, HeadObjectResponse source, String to) throws IOException {
    String eTag =
        source.contentLength() > S3Uploads.COPY_PART_BYTES
            ? uploads.copy(from, source, to)
            : S3Requests.await(keys.name(from), copyTelling(from, source, to));
    deleteObject(from);
    return eTag;
  }

  void deleteObject(String key) throws IOException {
    var unused = S3Requests.await(keys.name(key), requestDelete(key));
  }

  private CompletableFuture<DeleteObjectResponse> requestDelete(String key) {
    return client.deleteObject(
        delete -> delete.bucket(keys.bucket()).key(key).overrideConfiguration(requests.bounded()));
  }

  private HeadObjectResponse head(String key) throws IOException {
    return S3Requests.await(keys.name(key), requestHead(key));
  }

  private CompletableFuture<HeadObjectResponse> requestHead(String key) {
    return client.headObject(
        head -> head.bucket(keys.bucket()).key(key).overrideConfiguration(requests.bounded()));
  }

  private CompletableFuture<String> copyObject(String from, String eTag, String to) {
    return copyObject(from, eTag, to, copy -> {});
  }

  private CompletableFuture<String> copyObject(
      String from, String eTag, String to, Consumer<CopyObjectRequest.Builder> says) {
    return client
        .copyObject(
            copy ->
                says.accept(
                    copy.sourceBucket(keys.bucket())
                        .sourceKey(from)
                        .copySourceIfMatch(S3Statuses.quoted(S3Statuses.version(eTag)))
                        .destinationBucket(keys.bucket())
                        .destinationKey(to)))
        .thenApply(answer -> answer.copyObjectResult().eTag());
  }

  /**
   * The ETag of a copy. Where that may change, the copy says which one it had. What a copy of parts
   * cannot say is kept instead.
   */
  private CompletableFuture<String> copyTelling(String from, HeadObjectResponse source, String to) {
    boolean sayable = source.expiresString() == null && source.websiteRedirectLocation() == null;
    boolean tells = S3Origins.change(S3Statuses.version(source.eTag())) && sayable;
    if (!tells) {
      return copyObject(from, source.eTag(), to);
    }
    if (copiesNoParts || source.contentLength() == 0) {
      return copyWhole(from, source, to);
    }
    return uploads
        .copyAsPart(from, source, to)
        .handle(
            (eTag, failure) ->
                failure == null
                    ? CompletableFuture.completedFuture(eTag)
                    : copyWholeIfRefused(from, source, to, failure))
        .thenCompose(Function.identity());
  }

  private CompletableFuture<String> copyWholeIfRefused(
      String from, HeadObjectResponse source, String to, Throwable failure) {
    ErrorCode code = S3Errors.of(keys.name(from), failure).code();
    if (code != ErrorCode.UNSUPPORTED && code != ErrorCode.UFS_ERROR) {
      return CompletableFuture.failedFuture(failure);
    }
    copiesNoParts |= code == ErrorCode.UNSUPPORTED;
    return copyWhole(from, source, to);
  }

  /** A copy that tells as well, but does not show that it does. */
  private CompletableFuture<String> copyWhole(String from, HeadObjectResponse source, String to) {
    return copyObject(
        from,
        source.eTag(),
        to,
        copy ->
            copy.metadataDirective(MetadataDirective.REPLACE)
                .metadata(S3Origins.carried(source, Instant.now()))
                .contentType(source.contentType())
                .cacheControl(source.cacheControl())
                .contentDisposition(source.contentDisposition())
                .contentEncoding(source.contentEncoding())
                .contentLanguage(source.contentLanguage()));
  }

  private void deleteAll(String prefix, List<S3Object> page) throws CurvineException {
    if (page.isEmpty()) {
      return;
    }
    if (!deletesSingly) {
      try {
        deleteTogether(prefix, page);
        return;
      } catch (CurvineException e) {
        if (e.code() != ErrorCode.UNSUPPORTED) {
          throw e;
        }
        deletesSingly = true;
      }
    }
    try (RequestWindow<DeleteObjectResponse> window =
        new RequestWindow<>(DELETES_IN_FLIGHT_MAX, answer -> {})) {
      for (S3Object object : page) {
        window.awaitRoom();
        window.add(keys.name(object.key()), requestDelete(object.key()));
      }
      window.drain();
    }
  }

  /** A page has at most 1,000 objects, as many as DeleteObjects takes. */
  private void deleteTogether(String prefix, List<S3Object> page) throws CurvineException {
    List<ObjectIdentifier> targets =
        page.stream().map(each -> ObjectIdentifier.builder().key(each.key()).build()).toList();
    DeleteObjectsResponse answer =
        S3Requests.await(
            keys.name(prefix),
            client.deleteObjects(
                delete ->
                    delete
                        .bucket(keys.bucket())
                        .delete(Delete.builder().objects(targets).quiet(true).build())
                        .overrideConfiguration(requests.bounded())));
    for (S3Error error : answer.errors()) {
      boolean denied = "AccessDenied".equals(error.code());
      throw new CurvineException(
          denied ? ErrorCode.UFS_DENIED : ErrorCode.UFS_ERROR,
          keys.name(error.key()) + ": " + error.code() + ": " + error.message());
    }
  }
}
