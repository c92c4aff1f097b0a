/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.journal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.curvine.cli.output.Json;
import io.curvine.journal.tool.EventKinds;
import io.curvine.journal.tool.ScannedEvent;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Subject;
import io.curvine.ufs.MountSecrets;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Events as JSON. Bytes that are UTF-8 are text, others an object with the one key {@code base64}.
 * Stateless.
 */
final class EventJson {
  private EventJson() {}

  /** An event with where it is kept. */
  static ObjectNode of(ScannedEvent scanned) {
    Event event = scanned.event();
    Subject subject = event.getSubject();
    ObjectNode json =
        Json.object()
            .put("offset", scanned.offset())
            .put("time", time(event.getTimeNanos()).toString())
            .put("type", EventKinds.name(event));
    if (event.hasSubject()) {
      put(json, "path", subject.getPath());
      if (!subject.getOldPath().isEmpty()) {
        put(json, "oldPath", subject.getOldPath());
      }
    }
    Principal principal = event.getPrincipal();
    json.putObject("principal")
        .put("uid", Integer.toUnsignedLong(principal.getUid()))
        .put("gid", Integer.toUnsignedLong(principal.getGid()))
        .put("user", principal.getUser())
        .put("host", principal.getHost());
    json.put("session", new BigInteger(Long.toUnsignedString(event.getSessionId())));
    json.put("seq", event.getSeq());
    if (event.hasSubject()) {
      json.putObject("entry")
          .put("type", subject.getType().name())
          .put("version", subject.getVersion())
          .put("lengthBytes", subject.getLengthBytes());
    }
    if (scanned.place().known()) {
      json.putObject("raft")
          .put("term", scanned.place().term())
          .put("index", scanned.place().index());
    }
    json.put("checksum", scanned.checksumFits());
    FieldDescriptor body = body(event);
    if (body != null) {
      json.set("event", message((Message) event.getField(body)));
    } else {
      json.set("event", base64(event.getUnknownFields().toByteString()));
    }
    return json;
  }

  /** The field with what is particular to the event; null where this version knows none. */
  static FieldDescriptor body(Event event) {
    return event.getOneofFieldDescriptor(Event.getDescriptor().getOneofs().get(0));
  }

  /** Since the epoch. */
  static Instant time(long nanos) {
    long second = TimeUnit.SECONDS.toNanos(1);
    return Instant.ofEpochSecond(Math.floorDiv(nanos, second), Math.floorMod(nanos, second));
  }

  private static ObjectNode message(Message message) {
    ObjectNode json = Json.object();
    Message shown = message instanceof Mount mount ? MountSecrets.masked(mount) : message;
    for (Map.Entry<FieldDescriptor, Object> field : shown.getAllFields().entrySet()) {
      String name = field.getKey().getJsonName();
      if (field.getKey().isMapField()) {
        ObjectNode map = json.putObject(name);
        for (Object entry : (List<?>) field.getValue()) {
          List<FieldDescriptor> parts = ((Message) entry).getDescriptorForType().getFields();
          put(
              map,
              String.valueOf(((Message) entry).getField(parts.get(0))),
              ((Message) entry).getField(parts.get(1)),
              parts.get(1));
        }
      } else if (field.getKey().isRepeated()) {
        ArrayNode list = json.putArray(name);
        for (Object value : (List<?>) field.getValue()) {
          ObjectNode holder = Json.object();
          put(holder, "", value, field.getKey());
          list.add(holder.get(""));
        }
      } else {
        put(json, name, field.getValue(), field.getKey());
      }
    }
    return json;
  }

  private static void put(ObjectNode to, String name, Object value, FieldDescriptor field) {
    switch (field.getJavaType()) {
      case INT -> to.put(name, unsigned32(field, (Integer) value));
      case LONG -> {
        boolean isUnsigned = field.getType() == FieldDescriptor.Type.UINT64;
        if (isUnsigned && (Long) value < 0) {
          to.put(name, new BigInteger(Long.toUnsignedString((Long) value)));
        } else {
          to.put(name, (Long) value);
        }
      }
      case FLOAT -> to.put(name, (Float) value);
      case DOUBLE -> to.put(name, (Double) value);
      case BOOLEAN -> to.put(name, (Boolean) value);
      case STRING -> to.put(name, (String) value);
      case BYTE_STRING -> put(to, name, (ByteString) value);
      case ENUM -> to.put(name, ((EnumValueDescriptor) value).getName());
      case MESSAGE -> to.set(name, message((Message) value));
    }
  }

  private static long unsigned32(FieldDescriptor field, int value) {
    return field.getType() == FieldDescriptor.Type.UINT32 ? Integer.toUnsignedLong(value) : value;
  }

  private static void put(ObjectNode to, String name, ByteString bytes) {
    if (bytes.isValidUtf8()) {
      to.put(name, bytes.toStringUtf8());
    } else {
      to.set(name, base64(bytes));
    }
  }

  private static ObjectNode base64(ByteString bytes) {
    return Json.object().put("base64", Base64.getEncoder().encodeToString(bytes.toByteArray()));
  }
}
