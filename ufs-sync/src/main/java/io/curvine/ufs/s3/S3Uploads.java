/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Tagging;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartCopyResponse;

/**
 * Makes objects: of bytes, or of another object. An object appears whole or not at all; the parts
 * of an upload that failed are given up. Thread-safe.
 */
final class S3Uploads {
  private static final Logger LOG = LoggerFactory.getLogger(S3Uploads.class);

  private static final int PARTS_MAX = 10_000;
  private static final long OBJECT_MAX_BYTES = 5L << 40;
  private static final long IN_FLIGHT_MAX_BYTES = 64L << 20;
  private static final int IN_FLIGHT_MAX_PARTS = 4;

  /** S3 takes 5 GiB; parts of this size are copied side by side and well within a timeout. */
  static final long COPY_PART_BYTES = 512L << 20;

  private final S3AsyncClient client;
  private final S3Requests requests;
  private final S3Keys keys;
  private final int partSizeBytes;

  /** Otherwise what was found before the content was read is what counts. */
  private volatile boolean conditional;

  S3Uploads(
      S3AsyncClient client,
      S3Requests requests,
      S3Keys keys,
      int partSizeBytes,
      boolean conditional) {
    this.client = client;
    this.requests = requests;
    this.keys = keys;
    this.partSizeBytes = partSizeBytes;
    this.conditional = conditional;
  }

  /** Sends one part of an upload. */
  private interface Parts {
    List<CompletedPart> send(String uploadId) throws IOException;
  }

  /** Makes an object appear. */
  private interface Put<T> {
    CompletableFuture<T> send(S3Condition condition);
  }

  private <T> T put(String key, S3Condition condition, Put<T> put) throws CurvineException {
    S3Condition sent = conditional ? condition : S3Condition.NONE;
    try {
      return S3Requests.await(keys.name(key), put.send(sent));
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.UNSUPPORTED || sent.equals(S3Condition.NONE)) {
        throw sent.failure(e);
      }
      LOG.info("{} takes no conditions: {}", keys.name(""), e.getMessage());
      conditional = false;
      return put(key, S3Condition.NONE, put);
    }
  }

  /**
   * The ETag of the object that was made of {@code length} bytes of content.
   *
   * @throws CurvineException UFS_CONFLICT where the condition does not hold
   */
  String upload(String key, long length, InputStream content, S3Condition condition)
      throws IOException {
    if (length > OBJECT_MAX_BYTES) {
      throw new CurvineException(
          ErrorCode.UNSUPPORTED, keys.name(key) + ": " + length + " bytes; S3 takes up to 5 TiB");
    }
    if (length <= partSizeBytes) {
      byte[] bytes = read(key, content, (int) length);
      return put(
              key,
              condition,
              sent ->
                  client.putObject(
                      put ->
                          put.bucket(keys.bucket())
                              .key(key)
                              .ifMatch(sent.ifMatch())
                              .ifNoneMatch(sent.ifNoneMatch()),
                      AsyncRequestBody.fromBytesUnsafe(bytes)))
          .eTag();
    }
    return multipart(
        key,
        condition,
        CreateMultipartUploadRequest.builder(),
        uploadId -> parts(key, uploadId, length, content));
  }

  /** The ETag of a copy of an object too large for CopyObject. */
  String copy(String from, HeadObjectResponse source, String to) throws IOException {
    CreateMultipartUploadRequest.Builder create =
        S3Requests.await(keys.name(from), copyOf(from, source));
    return multipart(
        to, S3Condition.NONE, create, uploadId -> copyParts(from, source, to, uploadId));
  }

  /**
   * The ETag of a copy that is made of one part. It shows again that it is no plain object's, so
   * that who moves it on looks what it says of itself.
   */
  CompletableFuture<String> copyAsPart(String from, HeadObjectResponse source, String to) {
    return copyOf(from, source)
        .thenCompose(
            create ->
                client.createMultipartUpload(
                    create
                        .bucket(keys.bucket())
                        .key(to)
                        .overrideConfiguration(requests.bounded())
                        .build()))
        .thenCompose(
            created ->
                client
                    .uploadPartCopy(copyPart(from, source, to, created.uploadId(), 1).build())
                    .thenCompose(part -> complete(to, created.uploadId(), part))
                    .whenComplete(
                        (eTag, failure) -> {
                          if (failure != null) {
                            abortLater(to, created.uploadId());
                          }
                        }));
  }

  private CompletableFuture<String> complete(
      String key, String uploadId, UploadPartCopyResponse part) {
    if (part.copyPartResult() == null || part.copyPartResult().eTag() == null) {
      throw new IllegalStateException("the store does not say what it copied");
    }
    CompletedPart only =
        CompletedPart.builder().partNumber(1).eTag(part.copyPartResult().eTag()).build();
    return client
        .completeMultipartUpload(
            complete ->
                complete
                    .bucket(keys.bucket())
                    .key(key)
                    .uploadId(uploadId)
                    .multipartUpload(upload -> upload.parts(only)))
        .thenApply(CompleteMultipartUploadResponse::eTag);
  }

  /** What an upload says of a copy; CopyObject says all of it by itself. */
  private CompletableFuture<CreateMultipartUploadRequest.Builder> copyOf(
      String from, HeadObjectResponse source) {
    CreateMultipartUploadRequest.Builder create =
        CreateMultipartUploadRequest.builder()
            .contentType(source.contentType())
            .cacheControl(source.cacheControl())
            .contentDisposition(source.contentDisposition())
            .contentEncoding(source.contentEncoding())
            .contentLanguage(source.contentLanguage())
            .metadata(S3Origins.carried(source, Instant.now()));
    if (source.tagCount() == null || source.tagCount() == 0) {
      return CompletableFuture.completedFuture(create);
    }
    return client
        .getObjectTagging(
            get -> get.bucket(keys.bucket()).key(from).overrideConfiguration(requests.bounded()))
        .thenApply(tags -> create.tagging(Tagging.builder().tagSet(tags.tagSet()).build()));
  }

  private String multipart(
      String key, S3Condition condition, CreateMultipartUploadRequest.Builder create, Parts parts)
      throws IOException {
    String what = keys.name(key);
    CreateMultipartUploadRequest request =
        create.bucket(keys.bucket()).key(key).overrideConfiguration(requests.bounded()).build();
    String uploadId = S3Requests.await(what, client.createMultipartUpload(request)).uploadId();
    try {
      List<CompletedPart> sent = parts.send(uploadId);
      return put(
              key,
              condition,
              conditionSent ->
                  client.completeMultipartUpload(
                      complete ->
                          complete
                              .bucket(keys.bucket())
                              .key(key)
                              .ifMatch(conditionSent.ifMatch())
                              .ifNoneMatch(conditionSent.ifNoneMatch())
                              .uploadId(uploadId)
                              .multipartUpload(upload -> upload.parts(sent))))
          .eTag();
    } catch (IOException | RuntimeException e) {
      abort(key, uploadId);
      throw e;
    }
  }

  /** Parts that stay behind cost money, nothing else: the upload's own failure is what counts. */
  private void abort(String key, String uploadId) {
    var unused = abortLater(key, uploadId).join();
  }

  /** Of whether it was; never fails. */
  private CompletableFuture<Boolean> abortLater(String key, String uploadId) {
    return client
        .abortMultipartUpload(
            abort ->
                abort
                    .bucket(keys.bucket())
                    .key(key)
                    .uploadId(uploadId)
                    .overrideConfiguration(requests.bounded()))
        .handle(
            (answer, failure) -> {
              if (failure != null) {
                LOG.warn(
                    "upload {} of {} was not given up: {}",
                    uploadId,
                    keys.name(key),
                    failure.toString());
              }
              return failure == null;
            });
  }

  private List<CompletedPart> parts(String key, String uploadId, long length, InputStream content)
      throws IOException {
    int size = (int) Math.max(partSizeBytes, (length + PARTS_MAX - 1) / PARTS_MAX);
    int inFlight = (int) Math.max(1, Math.min(IN_FLIGHT_MAX_PARTS, IN_FLIGHT_MAX_BYTES / size));
    List<CompletedPart> sent = new ArrayList<>();
    try (RequestWindow<CompletedPart> window = new RequestWindow<>(inFlight, sent::add)) {
      int number = 1;
      for (long at = 0; at < length; at += size, number++) {
        window.awaitRoom();
        byte[] bytes = read(key, content, (int) Math.min(size, length - at));
        int part = number;
        window.add(
            keys.name(key),
            client
                .uploadPart(
                    upload ->
                        upload.bucket(keys.bucket()).key(key).uploadId(uploadId).partNumber(part),
                    AsyncRequestBody.fromBytesUnsafe(bytes))
                .thenApply(
                    answer ->
                        CompletedPart.builder().partNumber(part).eTag(answer.eTag()).build()));
      }
      window.drain();
    }
    return sent;
  }

  private List<CompletedPart> copyParts(
      String from, HeadObjectResponse source, String to, String uploadId) throws IOException {
    long length = source.contentLength();
    long size = Math.max(COPY_PART_BYTES, (length + PARTS_MAX - 1) / PARTS_MAX);
    List<CompletedPart> sent = new ArrayList<>();
    try (RequestWindow<CompletedPart> window =
        new RequestWindow<>(IN_FLIGHT_MAX_PARTS, sent::add)) {
      int number = 1;
      for (long at = 0; at < length; at += size, number++) {
        window.awaitRoom();
        int part = number;
        String range = "bytes=" + at + "-" + (Math.min(at + size, length) - 1);
        window.add(
            keys.name(from),
            client
                .uploadPartCopy(
                    copyPart(from, source, to, uploadId, part).copySourceRange(range).build())
                .thenApply(UploadPartCopyResponse::copyPartResult)
                .thenApply(CopyPartResult::eTag)
                .thenApply(eTag -> CompletedPart.builder().partNumber(part).eTag(eTag).build()));
      }
      window.drain();
    }
    return sent;
  }

  private UploadPartCopyRequest.Builder copyPart(
      String from, HeadObjectResponse source, String to, String uploadId, int number) {
    return UploadPartCopyRequest.builder()
        .sourceBucket(keys.bucket())
        .sourceKey(from)
        .copySourceIfMatch(source.eTag())
        .destinationBucket(keys.bucket())
        .destinationKey(to)
        .uploadId(uploadId)
        .partNumber(number);
  }

  private byte[] read(String key, InputStream content, int length) throws IOException {
    byte[] bytes = content.readNBytes(length);
    if (bytes.length < length) {
      throw new CurvineException(
          ErrorCode.UFS_ERROR,
          keys.name(key) + ": content ended " + (length - bytes.length) + " bytes early");
    }
    return bytes;
  }
}
