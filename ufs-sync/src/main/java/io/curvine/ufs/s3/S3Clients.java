/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import java.time.Duration;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;

/** Makes SDK clients by the options of a location. They connect when first used. */
final class S3Clients {
  private S3Clients() {}

  /**
   * A client.
   *
   * @throws CurvineException INVALID_ARGUMENT where the file of authorities cannot be read
   */
  static S3AsyncClient create(S3Options options, AwsCredentialsProvider credentials)
      throws CurvineException {
    S3AsyncClientBuilder builder =
        S3AsyncClient.builder()
            .region(Region.of(options.region()))
            .forcePathStyle(options.pathStyle())
            .credentialsProvider(credentials)
            .overrideConfiguration(
                configuration ->
                    configuration.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(options.network().maxAttempts())
                            .build()))
            // Who waits for an answer is a thread of its own: another on the way costs and does
            // nothing.
            .asyncConfiguration(
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .httpClientBuilder(http(options.network()));
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
    if (!options.store().takesSignedChunks()) {
      builder.serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build());
    }
    return builder.build();
  }

  private static NettyNioAsyncHttpClient.Builder http(S3Network network) throws CurvineException {
    Duration silence = network.requestTimeout();
    NettyNioAsyncHttpClient.Builder http =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(network.maxConnections())
            .connectionTimeout(network.connectTimeout())
            // The SDK's pool at times loses a request whose connection was refused.
            .connectionAcquisitionTimeout(network.connectTimeout().multipliedBy(2))
            .readTimeout(silence)
            .writeTimeout(silence);
    network.proxy().ifPresent(proxy -> http.proxyConfiguration(through(proxy)));
    if (network.caCertificates().isPresent()) {
      TrustManager[] trusting = S3Trust.with(network.caCertificates().get());
      http.tlsTrustManagersProvider(() -> trusting);
    }
    return http;
  }

  private static ProxyConfiguration through(S3Network.Proxy proxy) {
    ProxyConfiguration.Builder builder =
        ProxyConfiguration.builder()
            .scheme("http")
            .host(proxy.host())
            .port(proxy.port())
            .useSystemPropertyValues(false)
            .useEnvironmentVariableValues(false);
    return proxy.user().isEmpty()
        ? builder.build()
        : builder.username(proxy.user()).password(proxy.password()).build();
  }

  /** Who requests are signed for. */
  static AwsCredentialsProvider credentials(S3Options.Credentials given) {
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
