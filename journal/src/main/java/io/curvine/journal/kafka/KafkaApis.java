/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.journal.kafka.group.JoinRequest.Client;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.ApiVersionsResponseData.ApiVersion;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** The requests that are served, in which versions, and by what. Thread-safe. */
final class KafkaApis {
  /** First and last version, both served. */
  record Versions(short first, short last) {
    Versions(int first, int last) {
      this((short) first, (short) last);
    }

    boolean contains(short version) {
      return version >= first && version <= last;
    }
  }

  /**
   * Fetch ends at 12: later versions name topics by id. Produce is offered from 0 on, though it is
   * refused, because librdkafka takes a broker without it for one that it cannot talk to, and waits
   * for ever.
   */
  private static final Map<ApiKeys, Versions> SERVED =
      new EnumMap<>(
          Map.of(
              ApiKeys.PRODUCE, new Versions(0, 9),
              ApiKeys.FETCH, new Versions(4, 12),
              ApiKeys.LIST_OFFSETS, new Versions(1, 7),
              ApiKeys.METADATA, new Versions(0, 12),
              ApiKeys.API_VERSIONS, new Versions(0, 4)));

  static {
    SERVED.putAll(GroupApis.SERVED);
  }

  private final MetadataApi metadata;
  private final ListOffsetsApi listOffsets;
  private final FetchApi fetch;
  private final GroupApis groupApis;

  KafkaApis(Supplier<List<Broker>> brokers, Topics topics, GroupCoordinator groups) {
    this.metadata = new MetadataApi(brokers, topics);
    Leadership leadership = new Leadership(groups::confirmLeading);
    this.listOffsets = new ListOffsetsApi(topics, leadership);
    this.fetch = new FetchApi(topics, leadership);
    this.groupApis = new GroupApis(brokers, groups, topics::has);
  }

  static boolean serves(ApiKeys key, short version) {
    Versions versions = SERVED.get(key);
    return versions != null && versions.contains(version) && key.isVersionSupported(version);
  }

  /** What answers a client that asked in a version unknown here; in version 0 of the answer. */
  static ApiVersionsResponseData unsupportedVersion() {
    return apiVersions().setErrorCode(Errors.UNSUPPORTED_VERSION.code());
  }

  /**
   * The answer, on the event loop; null inside where the client expects none and is to be
   * disconnected.
   */
  CompletableFuture<ApiMessage> handle(
      ApiKeys key, short version, ApiMessage request, Client client, EventLoop loop)
      throws IOException {
    return switch (key) {
      case API_VERSIONS -> done(apiVersions());
      case METADATA -> done(metadata.answer((MetadataRequestData) request, version));
      case LIST_OFFSETS -> listOffsets.answer((ListOffsetsRequestData) request, loop);
      case FETCH -> fetch.answer((FetchRequestData) request, loop);
      case PRODUCE -> done(Refusals.produce((ProduceRequestData) request));
      default ->
          groupApis
              .handle(key, version, request, client)
              .<ApiMessage>thenApply(Function.identity())
              .whenCompleteAsync((answer, failure) -> {}, loop);
    };
  }

  private static ApiVersionsResponseData apiVersions() {
    ApiVersionsResponseData answer = new ApiVersionsResponseData();
    SERVED.forEach(
        (key, versions) ->
            answer
                .apiKeys()
                .add(
                    new ApiVersion()
                        .setApiKey(key.id)
                        .setMinVersion(versions.first())
                        .setMaxVersion(versions.last())));
    return answer;
  }

  private static CompletableFuture<ApiMessage> done(ApiMessage answer) {
    return CompletableFuture.completedFuture(answer);
  }
}
