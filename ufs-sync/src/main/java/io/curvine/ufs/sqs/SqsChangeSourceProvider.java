/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.sqs;

import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.change.ChangeSourceProvider;
import io.curvine.ufs.notify.BucketNotifications;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Opens {@code sqs}: a queue that an object store sends its notifications to. */
public final class SqsChangeSourceProvider implements ChangeSourceProvider {
  @Override
  public String kind() {
    return "sqs";
  }

  @Override
  public Set<String> schemes() {
    return BucketNotifications.SCHEMES;
  }

  @Override
  public Map<String, String> options() {
    return SqsSourceConfig.documentation();
  }

  @Override
  public Set<String> secretOptions() {
    return SqsSourceConfig.SECRETS;
  }

  /**
   * @param cursor says nothing: what was not confirmed is still in the queue
   */
  @Override
  public ChangeSource open(URI location, Map<String, String> options, Optional<String> cursor)
      throws IOException {
    return new SqsChangeSource(SqsSourceConfig.parse(options), BucketNotifications.of(location));
  }
}
