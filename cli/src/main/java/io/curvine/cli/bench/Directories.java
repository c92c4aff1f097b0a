/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.curvine.cli.output.Json;
import io.curvine.client.Namespace;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.EntryRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The directories that files are spread over. Immutable.
 *
 * @param byChild entries are named by directory and name, as a mount does; else by path
 */
record Directories(List<Directory> all, boolean byChild) {
  /** One of them. */
  record Directory(String path, long inode) {}

  Directories {
    all = List.copyOf(all);
  }

  /**
   * Makes them, {@code d0} and on.
   *
   * @param above a directory that exists; empty: the root
   */
  static Directories make(Namespace namespace, String above, int count, boolean byChild)
      throws IOException {
    List<Directory> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String path = above + "/d" + i;
      all.add(
          new Directory(
              path, namespace.mkdir(Refs.path(path), Operations.MODE_DIRECTORY, false).getId()));
    }
    return new Directories(all, byChild);
  }

  int count() {
    return all.size();
  }

  /** An entry of the n-th directory, counted round and round. */
  EntryRef entry(long n, String name) {
    Directory directory = at(n);
    return byChild
        ? Refs.child(directory.inode, ByteString.copyFromUtf8(name))
        : Refs.path(directory.path + "/" + name);
  }

  /** The n-th directory itself. */
  EntryRef directory(long n) {
    return byChild ? Refs.inode(at(n).inode) : Refs.path(at(n).path);
  }

  private Directory at(long n) {
    return all.get((int) (n % all.size()));
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object().put("byChild", byChild);
    var array = json.putArray("directories");
    all.forEach(each -> array.addObject().put("path", each.path).put("inode", each.inode));
    return json;
  }

  static Directories fromJson(JsonNode json) {
    List<Directory> all = new ArrayList<>();
    json.get("directories")
        .forEach(
            each -> all.add(new Directory(each.get("path").asText(), each.get("inode").asLong())));
    return new Directories(all, json.get("byChild").asBoolean());
  }
}
