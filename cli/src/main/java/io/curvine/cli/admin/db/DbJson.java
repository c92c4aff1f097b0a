/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.db;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.curvine.cli.output.Json;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.tool.StateKeys;
import io.curvine.master.tool.StateValues;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Keys and values of the state as JSON. Stateless. */
final class DbJson {
  private DbJson() {}

  static ObjectNode row(ColumnFamily<?> family, Key key, byte[] stored) {
    ObjectNode row = Json.object().put("key", StateKeys.text(family, key));
    Object value = StateValues.shown(family.toValue(stored));
    if (value instanceof Message message) {
      row.set("value", object(message));
    } else {
      row.set("value", scalar(value, StateValues.text(family, stored)));
    }
    return row;
  }

  private static ObjectNode object(Message message) {
    ObjectNode object = Json.object();
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      object.set(field.getKey().getJsonName(), field(field.getKey(), field.getValue()));
    }
    return object;
  }

  private static JsonNode field(FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      ObjectNode map = Json.object();
      for (Object each : (List<?>) value) {
        Message entry = (Message) each;
        List<FieldDescriptor> parts = entry.getDescriptorForType().getFields();
        map.set(String.valueOf(entry.getField(parts.get(0))), one(entry.getField(parts.get(1))));
      }
      return map;
    }
    if (field.isRepeated()) {
      ArrayNode array = Json.array();
      ((List<?>) value).forEach(each -> array.add(one(each)));
      return array;
    }
    return one(value);
  }

  private static JsonNode one(Object value) {
    return value instanceof Message message ? object(message) : scalar(value, value.toString());
  }

  /** Bytes that are text stay text; others are 0x and hexadecimal. */
  private static JsonNode scalar(Object value, String text) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value instanceof ByteString bytes) {
      return nodes.textNode(
          bytes.isValidUtf8()
              ? bytes.toStringUtf8()
              : "0x" + HexFormat.of().formatHex(bytes.toByteArray()));
    }
    if (value instanceof Long number) {
      return nodes.numberNode(number);
    }
    if (value instanceof Integer number) {
      return nodes.numberNode(number);
    }
    return value instanceof Boolean flag ? nodes.booleanNode(flag) : nodes.textNode(text);
  }
}
