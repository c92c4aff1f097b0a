/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MasterConfigTest {
  private final MasterConfig defaults = MasterConfig.defaults();

  @Test
  void everyComponentIsASetting() {
    for (RecordComponent component : MasterConfig.class.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      assertThat(setting).as(component.getName()).isNotNull();
      assertThat(setting.doc()).as(component.getName()).isNotBlank();
    }
  }

  @Test
  void findsItselfAmongThePeers() {
    assertThat(defaults.self().rpc()).isEqualTo(HostPort.parse("127.0.0.1:8995"));
    assertThat(defaults.members()).extracting(Peer::id).containsExactly("m1", "m2", "m3");
    assertThat(defaults.member("m3").feed()).isEqualTo(HostPort.parse("127.0.0.1:9197"));
    assertThat(defaults.bind(1).toString()).isEqualTo("127.0.0.1:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "m1",
        "m1=host",
        "m1=host:1:2:3",
        "m1=host:1:2:3:x",
        "m1=host:0:2:3:4",
        "m1=host:1:2:3:70000",
        "a b=host:1:2:3:4",
        "m1=:1:2:3:4",
        "m1=host:1:1:3:4"
      })
  void refusesAPeerThatIsNone(String peer) {
    assertThatThrownBy(() -> withPeers(List.of(peer)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cluster_peers is")
        .hasMessageContaining("; allowed: ");
  }

  @Test
  void takesAnIpv6HostAndNoHttp() {
    Peer peer = Peer.parse("m1=[::1]:1:2:3:0");
    assertThat(peer.host()).isEqualTo("::1");
    assertThat(peer.httpPort()).isZero();
    assertThat(Objects.toString(peer.raft())).isEqualTo("[::1]:1");
  }

  @Test
  void refusesPeersThatAreNotItsCluster() {
    assertThatThrownBy(() -> withPeers(List.of("m9=h:1:2:3:4")))
        .hasMessage("id is m1; allowed: one of the cluster_peers: m9");
    assertThatThrownBy(() -> withPeers(List.of("m1=h:1:2:3:0", "m1=h:5:6:7:0", "m3=h:8:9:10:0")))
        .hasMessageContaining("each id once");
  }

  @Test
  void namesTheKeyThatIsOutOfRange() {
    assertThatThrownBy(() -> defaults.withSnapshots(1, 1 << 20))
        .hasMessage("snapshot_entries is 1; allowed: 100 to 1000000000");
    assertThatThrownBy(() -> defaults.withSessionTimeout(java.time.Duration.ZERO))
        .hasMessageStartingWith("session_timeout is PT0S; allowed: ");
  }

  @Test
  void marksOfFreeSpaceAreInOrder() {
    assertThatThrownBy(() -> defaults.withFreeSpace(100, 99, 200))
        .hasMessage("disk_low_watermark is 99; allowed: 100 to 1099511627776");
    assertThatThrownBy(() -> defaults.withFreeSpace(100, 100, 99))
        .hasMessage("disk_high_watermark is 99; allowed: 100 to 2199023255552");
    assertThat(defaults.withFreeSpace(0, 0, 0).diskLowWatermark()).isZero();
    assertThatThrownBy(() -> defaults.withSnapshotTransferRate(5))
        .hasMessageStartingWith("snapshot_transfer_rate is 5; allowed: 0 (no limit), or 1048576");
  }

  @Test
  void refusesANameThatIsNone() {
    assertThatThrownBy(() -> defaults.withClusterName("a b"))
        .hasMessageStartingWith("cluster_name is a b; allowed: 1 to 64 letters");
    assertThat(defaults.withClusterName("paris-2").clusterName()).isEqualTo("paris-2");
  }

  private MasterConfig withPeers(List<String> peers) {
    return defaults.withMember("m1", peers, Path.of("data"));
  }
}
