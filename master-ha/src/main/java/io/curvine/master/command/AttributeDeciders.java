/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.AttributesSet;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.RemoveXattr;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.SetXattr;
import io.curvine.protocol.proto.XattrRemoved;
import io.curvine.protocol.proto.XattrSet;

/** Commands on attributes. */
final class AttributeDeciders {
  private AttributeDeciders() {}

  static void set(SetAttributes command, Context context) throws Refused, NeedsUfs {
    Inode inode = context.resolver().entry(command.getAt(), true);
    Places.requireWritable(inode.getMountId(), context);
    context.result().setInode(inode);
    AttributesSet.Builder set = AttributesSet.newBuilder();
    if (command.hasMode()) {
      set.setMode(Places.requireMode(command.getMode()));
    }
    if (command.hasUid()) {
      set.setUid(command.getUid());
    }
    if (command.hasGid()) {
      set.setGid(command.getGid());
    }
    if (command.hasAtimeNanos()) {
      set.setAtimeNanos(command.getAtimeNanos());
    }
    if (command.hasMtimeNanos()) {
      set.setMtimeNanos(command.getMtimeNanos());
    }
    if (!set.build().equals(AttributesSet.getDefaultInstance())) {
      context.emit(Event.newBuilder().setAttributesSet(set.setInode(inode.getId())));
    }
  }

  static void setXattr(SetXattr command, Context context) throws Refused, NeedsUfs {
    requireName(command.getName());
    if (command.getValue().size() > Limits.XATTR_VALUE_MAX_BYTES) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "the value has "
              + command.getValue().size()
              + " bytes; allowed: up to "
              + Limits.XATTR_VALUE_MAX_BYTES);
    }
    Inode inode = context.resolver().entry(command.getAt(), true);
    Places.requireWritable(inode.getMountId(), context);
    boolean exists = context.namespace().xattr(inode.getId(), command.getName()) != null;
    if (exists && command.getCreate()) {
      throw new Refused(
          ErrorCode.ALREADY_EXISTS,
          "attribute '" + command.getName().toStringUtf8() + "' exists already");
    }
    if (!exists && command.getReplace()) {
      throw missing(command.getName(), command.getAt());
    }
    context.emit(
        Event.newBuilder()
            .setXattrSet(
                XattrSet.newBuilder()
                    .setInode(inode.getId())
                    .setName(command.getName())
                    .setValue(command.getValue())));
    context.result().setInode(inode);
  }

  static void removeXattr(RemoveXattr command, Context context) throws Refused, NeedsUfs {
    requireName(command.getName());
    Inode inode = context.resolver().entry(command.getAt(), true);
    Places.requireWritable(inode.getMountId(), context);
    if (context.namespace().xattr(inode.getId(), command.getName()) == null) {
      throw missing(command.getName(), command.getAt());
    }
    context.emit(
        Event.newBuilder()
            .setXattrRemoved(
                XattrRemoved.newBuilder().setInode(inode.getId()).setName(command.getName())));
    context.result().setInode(inode);
  }

  private static void requireName(ByteString name) throws Refused {
    if (name.isEmpty() || name.size() > Limits.XATTR_NAME_MAX_BYTES) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "an attribute's name has "
              + name.size()
              + " bytes; allowed: 1 to "
              + Limits.XATTR_NAME_MAX_BYTES);
    }
  }

  private static Refused missing(ByteString name, io.curvine.protocol.proto.EntryRef at) {
    return new Refused(
        ErrorCode.NO_SUCH_ATTRIBUTE,
        PathResolver.describe(at) + " has no attribute '" + name.toStringUtf8() + "'");
  }
}
