/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class JsonRowsTest {
  private static String written(ArrayNode whole) {
    StringWriter text = new StringWriter();
    JsonRows rows = new JsonRows(new PrintWriter(text));
    whole.forEach(rows::add);
    rows.end();
    return text.toString();
  }

  @Test
  void itIsTheDocumentThatTheArrayWouldBe() {
    ArrayNode whole = Json.array();
    assertThat(written(whole)).isEqualTo(Json.document(whole) + "\n");
    for (int i = 0; i < 3; i++) {
      whole.addObject().put("a", i).putArray("b").add(i).addObject().put("c", "d");
      assertThat(written(whole)).isEqualTo(Json.document(whole) + "\n");
    }
  }
}
