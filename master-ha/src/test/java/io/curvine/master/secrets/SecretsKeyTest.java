/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.ufs.SealedValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sealed is opened by its key, for its option, unchanged, and by nothing else. */
class SecretsKeyTest {
  private final SecretsKey key = key(1);

  static SecretsKey key(int fill) {
    return new SecretsKey(bytes(fill));
  }

  static byte[] bytes(int fill) {
    byte[] bytes = new byte[SecretsKey.BYTES];
    java.util.Arrays.fill(bytes, (byte) fill);
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "s", "a secret: with colons", "ключ, 鍵"})
  void opensWhatItSealed(String clear) {
    String sealed = key.seal("s3.secret-key", clear);
    assertThat(SealedValue.is(sealed)).isTrue();
    assertThat(SealedValue.keyId(sealed)).isEqualTo(key.id());
    assertThat(key.open("s3.secret-key", sealed)).contains(clear);
    byte[] bytes = Base64.getDecoder().decode(sealed.substring(sealed.lastIndexOf(':') + 1));
    assertThat(bytes).hasSize(12 + clear.getBytes(StandardCharsets.UTF_8).length + 16);
  }

  @Test
  void sealsDifferentlyEachTime() {
    assertThat(key.seal("o", "same")).isNotEqualTo(key.seal("o", "same"));
  }

  @Test
  void opensNothingElse() {
    String sealed = key.seal("o", "secret");
    assertThat(key(2).open("o", sealed)).isEmpty();
    assertThat(key.open("other", sealed)).isEmpty();
    assertThat(key.open("o", "secret")).isEmpty();
    String mine = SealedValue.PREFIX + key.id() + ":";
    assertThat(key.open("o", mine)).isEmpty();
    assertThat(key.open("o", mine + "AAAA")).isEmpty();
    assertThat(key.open("o", mine + "no base64")).isEmpty();
    // Another key's content under this key's id.
    String other = key(2).seal("o", "secret");
    assertThat(key.open("o", other.replace(key(2).id(), key.id()))).isEmpty();
  }

  @Test
  void aChangedBitIsNoticed() {
    String sealed = key.seal("o", "secret");
    int from = sealed.lastIndexOf(':') + 1;
    byte[] bytes = Base64.getDecoder().decode(sealed.substring(from));
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      byte[] changed = bytes.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      String tampered = sealed.substring(0, from) + Base64.getEncoder().encodeToString(changed);
      assertThat(key.open("o", tampered)).as("bit %d", bit).isEmpty();
    }
  }

  @Test
  void theIdIsTheBeginningOfTheHash() throws Exception {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes(1));
    assertThat(key.id()).isEqualTo(HexFormat.of().formatHex(hash).substring(0, 16));
    assertThatThrownBy(() -> new SecretsKey(new byte[31]))
        .hasMessage("a key is 31 bytes; allowed: 32 bytes");
  }
}
