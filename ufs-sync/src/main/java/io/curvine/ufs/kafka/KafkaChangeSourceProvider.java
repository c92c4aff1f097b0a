/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.kafka;

import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.change.ChangeSourceProvider;
import io.curvine.ufs.notify.BucketNotifications;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens {@code kafka}: a topic that an object store sends its notifications to. */
public final class KafkaChangeSourceProvider implements ChangeSourceProvider {
  @Override
  public String kind() {
    return "kafka";
  }

  @Override
  public Set<String> schemes() {
    return BucketNotifications.SCHEMES;
  }

  @Override
  public Map<String, String> options() {
    return KafkaSourceConfig.documentation();
  }

  /** None: secrets are in the properties file. */
  @Override
  public Set<String> secretOptions() {
    return Set.of();
  }

  @Override
  public ChangeSource open(URI location, Map<String, String> options, Optional<String> cursor)
      throws IOException {
    return new KafkaChangeSource(
        KafkaSourceConfig.parse(options), BucketNotifications.of(location), cursor);
  }
}
