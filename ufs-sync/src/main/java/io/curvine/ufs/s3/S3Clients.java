/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;

/** Makes SDK clients by the options of a location. They connect when first used. */
final class S3Clients {
  private S3Clients() {}

  static S3AsyncClient create(S3Options options) {
    Duration silence = options.requestTimeout();
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .region(Region.of(options.region()))
            .forcePathStyle(options.pathStyle())
            .credentialsProvider(credentials(options.credentials()))
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(options.maxConnections())
                    .connectionTimeout(options.connectTimeout())
                    // The SDK's pool at times loses a request whose connection was refused.
                    .connectionAcquisitionTimeout(options.connectTimeout().multipliedBy(2))
                    .readTimeout(silence)
                    .writeTimeout(silence));
    options
        .endpoint()
        .ifPresent(
            endpoint ->
                // Many compatible stores know neither the trailing checksums that are the SDK's
                // default, nor anything but MD5 where one is required.
                builder
                    .endpointOverride(endpoint)
                    .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                    .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                    .addPlugin(LegacyMd5Plugin.create()));
    return builder.build();
  }

  private static AwsCredentialsProvider credentials(S3Options.Credentials given) {
    if (given.anonymous()) {
      return AnonymousCredentialsProvider.create();
    }
    if (given.accessKey().isEmpty()) {
      return DefaultCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(
        given.sessionToken().isEmpty()
            ? AwsBasicCredentials.create(given.accessKey(), given.secretKey())
            : AwsSessionCredentials.create(
                given.accessKey(), given.secretKey(), given.sessionToken()));
  }
}
