/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.OptionValues;
import java.net.URI;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The stores that speak S3, by the schemes of their locations: where they are and how a bucket is
 * named there, so far as options do not say.
 */
enum S3Store {
  /** Amazon's, or any by its endpoint. */
  S3(Endpoint.BY_SDK, "", Buckets.IN_PATH_OF_GIVEN_ENDPOINTS, "us-east-1"),

  /** Of Alibaba Cloud; refuses buckets in the path. */
  OSS(Endpoint.BY_REGION, "https://oss-%s.aliyuncs.com", Buckets.IN_HOST, "us-east-1"),

  /** Of Tencent Cloud. */
  COS(Endpoint.BY_REGION, "https://cos.%s.myqcloud.com", Buckets.IN_HOST, "us-east-1"),

  /** Of Google Cloud, by its XML interface with HMAC keys. */
  GCS(Endpoint.FIXED, "https://storage.googleapis.com", Buckets.IN_PATH, "auto"),

  /** On one's own machines. */
  MINIO(Endpoint.GIVEN, "", Buckets.IN_PATH, "us-east-1");

  private final Endpoint endpoint;
  private final String address;
  private final Buckets buckets;
  private final String regionDefault;

  S3Store(Endpoint endpoint, String address, Buckets buckets, String regionDefault) {
    this.endpoint = endpoint;
    this.address = address;
    this.buckets = buckets;
    this.regionDefault = regionDefault;
  }

  /** How the endpoint is found where none is given. */
  private enum Endpoint {
    BY_SDK,
    BY_REGION,
    FIXED,
    GIVEN
  }

  /** Where a request names its bucket. */
  private enum Buckets {
    IN_HOST,
    IN_PATH,
    IN_PATH_OF_GIVEN_ENDPOINTS
  }

  private List<String> schemes() {
    String own = name().toLowerCase(Locale.ROOT);
    return this == GCS ? List.of(own, "gs") : List.of(own);
  }

  static Set<String> allSchemes() {
    return Arrays.stream(values())
        .map(S3Store::schemes)
        .flatMap(Collection::stream)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The store of a scheme, one of {@link #allSchemes}. */
  static S3Store of(String scheme) {
    return Arrays.stream(values())
        .filter(store -> store.schemes().contains(scheme))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("scheme " + scheme));
  }

  /**
   * Where it is; empty: the SDK knows.
   *
   * @param given by an option
   */
  Optional<URI> endpoint(Optional<URI> given, Map<String, String> options) throws CurvineException {
    if (given.isPresent()) {
      return given;
    }
    return switch (endpoint) {
      case BY_SDK -> Optional.empty();
      case FIXED -> Optional.of(URI.create(address));
      case GIVEN ->
          throw OptionValues.invalid(
              S3Options.ENDPOINT, "not given", "http(s)://host:port, which " + this + " needs");
      case BY_REGION -> {
        String region = options.getOrDefault(S3Options.REGION, "");
        if (!region.matches("[a-z0-9-]+")) {
          throw OptionValues.invalid(
              S3Options.REGION,
              region.isEmpty() ? "not given" : region,
              "a region of " + this + ", or give " + S3Options.ENDPOINT);
        }
        yield Optional.of(URI.create(address.formatted(region)));
      }
    };
  }

  /** Whether the bucket is in the path, and not in the host name. */
  boolean pathStyle(Optional<URI> givenEndpoint) {
    return switch (buckets) {
      case IN_HOST -> false;
      case IN_PATH -> true;
      case IN_PATH_OF_GIVEN_ENDPOINTS -> givenEndpoint.isPresent();
    };
  }

  /** That requests are signed for. */
  String regionDefault() {
    return regionDefault;
  }

  /** Whether it takes bodies in Amazon's own framing, in which each chunk is signed. */
  boolean takesSignedChunks() {
    return this == S3 || this == MINIO;
  }

  /** Whether it heeds If-Match and If-None-Match of a write; one that does not know them may. */
  boolean takesConditionalWrites() {
    return this == S3 || this == MINIO;
  }

  @Override
  public String toString() {
    return schemes().get(0);
  }
}
