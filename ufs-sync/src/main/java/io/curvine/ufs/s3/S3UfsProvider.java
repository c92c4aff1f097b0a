/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsFinding;
import io.curvine.ufs.UfsProvider;
import io.curvine.ufs.UnderFileSystem;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Serves {@code s3://bucket/prefix}, of AWS or of a compatible store, and the same with the schemes
 * of {@link S3Store}.
 */
public final class S3UfsProvider implements UfsProvider {
  @Override
  public Set<String> schemes() {
    return S3Store.allSchemes();
  }

  @Override
  public Map<String, String> options() {
    return S3Options.documentation();
  }

  @Override
  public Set<String> secretOptions() {
    return S3Options.SECRETS;
  }

  @Override
  public String right(UfsFinding.Access access) {
    return switch (access) {
      case LIST -> "s3:ListBucket";
      case READ -> "s3:GetObject";
      case WRITE -> "s3:PutObject and s3:AbortMultipartUpload";
      case RENAME -> "s3:GetObject, s3:PutObject and s3:DeleteObject";
      case DELETE -> "s3:DeleteObject";
      case UNRECOGNIZED -> throw new IllegalArgumentException("no access");
    };
  }

  @Override
  public UnderFileSystem open(URI location, Map<String, String> options) throws IOException {
    String scheme = location.getScheme();
    String bucket = location.getRawAuthority();
    if (bucket == null || !bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]{1,254}")) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "ufs uri is " + location + "; allowed: " + scheme + "://bucket/prefix");
    }
    S3Options parsed = S3Options.parse(S3Store.of(scheme), options);
    String path = location.getPath();
    String prefix = path.isEmpty() || path.equals("/") ? "" : path.substring(1) + "/";
    S3Keys keys = new S3Keys(scheme, bucket, prefix);
    AwsCredentialsProvider credentials = S3Clients.credentials(parsed.credentials());
    S3AsyncClient client = S3Clients.create(parsed, credentials);
    try {
      return new S3UnderFileSystem(
          client, parsed, keys, S3DirectReads.of(parsed, keys, credentials, client));
    } catch (IOException | RuntimeException e) {
      client.close();
      throw e;
    }
  }
}
