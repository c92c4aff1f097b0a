/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.QuotaOfPath;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotaLsTest {
  private static final List<QuotaOfPath> QUOTAS =
      List.of(
          quota("/a", Quota.newBuilder().setMaxBytes(1_000).setUsedBytes(999).setUsedInodes(7)),
          quota("/a/b", Quota.newBuilder().setMaxInodes(2).setUsedInodes(3)),
          quota("/c", Quota.newBuilder().setMaxInodes(2).setUsedInodes(-1).setCounting(true)));

  private static QuotaOfPath quota(String path, Quota.Builder quota) {
    return QuotaOfPath.newBuilder().setPath(ByteString.copyFromUtf8(path)).setQuota(quota).build();
  }

  @Test
  void aRowHasLimitsUseAndPercent() {
    List<String> lines =
        QuotaLs.text(QUOTAS).lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertThat(lines.get(1)).isEqualTo("/a 1000 B 999 B 99% - 7 - ok");
    assertThat(lines.get(2)).isEqualTo("/a/b - 0 B - 2 3 150% over");
    assertThat(lines.get(3)).isEqualTo("/c - 0 B - 2 0 0% being counted");
    assertThat(QuotaLs.text(List.of())).isEqualTo("no quotas\n");
  }

  @Test
  void jsonHasNumbersAndNullForNoLimit() {
    assertThat(QuotaLs.json(QUOTAS).get(0).toString())
        .isEqualTo(
            "{\"path\":\"/a\",\"maxBytes\":1000,\"usedBytes\":999,\"percentBytes\":99.9,"
                + "\"maxInodes\":null,\"usedInodes\":7,\"percentInodes\":null,"
                + "\"counting\":false}");
  }
}
