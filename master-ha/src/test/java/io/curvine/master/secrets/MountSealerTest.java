/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.master.command.MountChanges;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.ufs.SealedValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets of mounts are stored sealed, whatever becomes of mounts and keys. */
class MountSealerTest {
  private static final Mount MOUNT =
      Mount.newBuilder()
          .setPath("/m")
          .setUri("s3://b")
          .putOptions("endpoint", "http://h")
          .putOptions("secret", "s1")
          .putOptions("token", "t1")
          .build();

  @TempDir Path temp;
  private final MountSealer none = MountSealer.of("", this::isSecret);
  private MountSealer first;

  private boolean isSecret(String option) {
    return !option.equals("endpoint");
  }

  @BeforeEach
  void makeKey() throws IOException {
    first = sealer(1);
  }

  private MountSealer sealer(int... keys) throws IOException {
    Path file = temp.resolve(Arrays.toString(keys));
    Files.write(
        file,
        Arrays.stream(keys)
            .mapToObj(key -> Base64.getEncoder().encodeToString(SecretsKeyTest.bytes(key)))
            .toList());
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return MountSealer.of(file.toString(), this::isSecret);
  }

  private static MountChange change(Map<String, String> options, String... unset) {
    return MountChange.newBuilder()
        .putAllOptions(options)
        .addAllUnsetOptions(Arrays.asList(unset))
        .build();
  }

  private static Mount updated(MountSealer sealer, Mount stored, MountChange change)
      throws CurvineException {
    return MountChanges.applied(stored, sealer.sealed(stored, change));
  }

  @Test
  void onlySecretsAreSealed() throws CurvineException {
    Mount stored = first.sealed(MOUNT);
    assertThat(stored.getOptionsOrThrow("endpoint")).isEqualTo("http://h");
    assertThat(stored.getOptionsOrThrow("secret")).startsWith(SealedValue.PREFIX);
    assertThat(stored.getOptionsOrThrow("token")).startsWith(SealedValue.PREFIX);
    assertThat(first.opened(stored)).isEqualTo(MOUNT);
    assertThat(first.hasClear(stored)).isFalse();
    assertThat(first.hasUnopened(stored)).isFalse();
    assertThat(first.hasClear(MOUNT)).isTrue();
  }

  @Test
  void withoutAKeyASecretIsRefusedAndAMountWithoutOneIsNot() throws CurvineException {
    assertThatThrownBy(() -> none.sealed(MOUNT))
        .hasMessageContaining("ufs option secret is a secret")
        .hasMessageContaining("master.secrets-key-file is not set")
        .hasMessageContaining("; allowed: ")
        .satisfies(
            e -> assertThat(((CurvineException) e).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT));
    Mount plain = MOUNT.toBuilder().removeOptions("secret").removeOptions("token").build();
    assertThat(none.sealed(plain)).isEqualTo(plain);
  }

  @Test
  void aValueThatLooksSealedIsNoNewOne() {
    Mount mount = MOUNT.toBuilder().putOptions("endpoint", "sealed:1:x:y").build();
    assertThatThrownBy(() -> first.sealed(mount)).hasMessageContaining("endpoint begins with");
    assertThatThrownBy(() -> first.sealed(MOUNT, change(Map.of("secret", "sealed:1:x:y"))))
        .hasMessageContaining("; allowed: a value that is not sealed");
  }

  @Test
  void aChangeSealsWhatItGivesAndWhatWasInClear() throws CurvineException {
    Mount now = updated(first, MOUNT, change(Map.of("token", "t2")));
    assertThat(now.getOptionsOrThrow("secret")).startsWith(SealedValue.PREFIX);
    assertThat(first.opened(now)).isEqualTo(MOUNT.toBuilder().putOptions("token", "t2").build());
    assertThat(first.hasClear(now)).isFalse();
    // A change of something else seals as well, and what is unset goes.
    Mount unset = updated(first, MOUNT, change(Map.of(), "token"));
    assertThat(unset.containsOptions("token")).isFalse();
    assertThat(first.hasClear(unset)).isFalse();
  }

  @Test
  void whatIsSealedByTheFirstKeyStaysAsItIs() throws CurvineException {
    Mount stored = first.sealed(MOUNT);
    assertThat(first.sealed(stored, change(Map.of()))).isEqualTo(change(Map.of()));
    assertThat(updated(first, stored, change(Map.of("secret", "s1")))).isEqualTo(stored);
  }

  @Test
  void keysAreRotated() throws Exception {
    Mount stored = first.sealed(MOUNT);
    MountSealer both = sealer(1, 2);
    assertThat(both.opened(stored)).isEqualTo(MOUNT);
    assertThat(updated(both, stored, change(Map.of()))).isEqualTo(stored);
    MountSealer turned = sealer(2, 1);
    Mount resealed = updated(turned, stored, change(Map.of()));
    assertThat(resealed).isNotEqualTo(stored);
    MountSealer second = sealer(2);
    assertThat(second.opened(resealed)).isEqualTo(MOUNT);
    assertThat(second.hasUnopened(stored)).isTrue();
    assertThat(second.keyIds()).containsExactly(SecretsKeyTest.key(2).id());
  }

  @Test
  void aSecretOfALostKeyStaysUntilItIsGivenAnew() throws Exception {
    Mount stored = first.sealed(MOUNT);
    MountSealer second = sealer(2);
    assertThat(second.opened(stored)).isEqualTo(stored);
    assertThat(updated(second, stored, change(Map.of()))).isEqualTo(stored);
    Mount now = updated(second, stored, change(Map.of("secret", "s2", "token", "t2")));
    assertThat(second.opened(now).getOptionsMap())
        .isEqualTo(Map.of("endpoint", "http://h", "secret", "s2", "token", "t2"));
  }

  @Test
  void withoutAKeyWhatIsThereGoesOn() throws CurvineException {
    assertThat(none.opened(MOUNT)).isEqualTo(MOUNT);
    assertThat(updated(none, MOUNT, change(Map.of("endpoint", "http://i"))))
        .isEqualTo(MOUNT.toBuilder().putOptions("endpoint", "http://i").build());
    assertThatThrownBy(() -> none.sealed(MOUNT, change(Map.of("token", "t2"))))
        .hasMessageContaining("ufs option token is a secret");
    Mount stored = first.sealed(MOUNT);
    assertThat(none.hasUnopened(stored)).isTrue();
    assertThat(updated(none, stored, change(Map.of()))).isEqualTo(stored);
  }
}
