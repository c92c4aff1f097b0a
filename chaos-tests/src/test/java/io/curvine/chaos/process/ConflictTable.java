/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MountMode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table of ops/adr/041: what one did here, what another did at the UFS meanwhile, and what is
 * to be there afterwards. Files are written as NAME=CONTENT, and a conflict copy as NAME.conflict.
 */
final class ConflictTable {
  private ConflictTable() {}

  /** What somebody does. */
  interface Act {
    void act(TwoSides sides) throws IOException;
  }

  /**
   * How it is to end.
   *
   * @param there files of the UFS
   * @param here files of Curvine; null: not looked at
   * @param told to who changed something here
   * @param kept codes of the jobs that are kept
   * @param changes of the feed: renames, and what was found at the UFS
   */
  record Expected(
      Map<String, String> there,
      Map<String, String> here,
      ErrorCode told,
      List<ErrorCode> kept,
      List<String> changes) {
    Expected butHere(String... files) {
      return new Expected(there, files(files), told, kept, changes);
    }

    Expected hereUnseen() {
      return new Expected(there, null, told, kept, changes);
    }

    Expected telling(ErrorCode code) {
      return new Expected(there, here, code, kept, changes);
    }

    Expected keeping(ErrorCode... codes) {
      return new Expected(there, here, told, List.of(codes), changes);
    }

    Expected changing(String... lines) {
      return new Expected(there, here, told, kept, List.of(lines));
    }

    /** As in cache mode: the writer is told, and so is who lists jobs. */
    Expected refused(String... lines) {
      return telling(ErrorCode.UFS_CONFLICT).keeping(ErrorCode.UFS_CONFLICT).changing(lines);
    }

    /** As in fs mode: it is done, and noted. */
    Expected noted(String... lines) {
      return keeping(ErrorCode.UFS_CONFLICT).changing(lines);
    }
  }

  private static Map<String, String> files(String... files) {
    Map<String, String> all = new TreeMap<>();
    for (String file : files) {
      String[] parts = file.split("=", 2);
      all.put(parts[0], parts[1]);
    }
    return all;
  }

  private static Expected both(String... files) {
    return new Expected(files(files), files(files), ErrorCode.OK, List.of(), List.of());
  }

  private static Act put(String... files) {
    Map<String, String> all = files(files);
    return sides -> {
      for (Map.Entry<String, String> file : all.entrySet()) {
        sides.put(file.getKey(), file.getValue());
      }
    };
  }

  private static List<String> having(String... files) {
    return List.of(files);
  }

  /** A line, or a part of one. */
  @SuppressWarnings("ImmutableEnumChecker") // nobody changes a line
  enum Line {
    WRITE_WRITE(
        having("a=first"),
        sides -> sides.write("a", "ours"),
        put("a=theirs, longer"),
        both("a=theirs, longer", "a.conflict=ours")
            .refused("RENAMED a -> a.conflict", "CREATED a by the UFS"),
        both("a=ours", "a.conflict=theirs, longer").butHere("a=ours").noted()),
    WRITE_DELETE(
        having("a=first"),
        sides -> sides.write("a", "ours"),
        sides -> sides.deleteThere("a"),
        both("a=ours")),
    CREATE_CREATE(
        having(),
        sides -> sides.write("a", "ours"),
        put("a=theirs, longer"),
        both("a=theirs, longer", "a.conflict=ours")
            .refused("RENAMED a -> a.conflict", "CREATED a by the UFS"),
        both("a=ours", "a.conflict=theirs, longer").butHere("a=ours").noted()),
    DELETE_WRITE(
        having("a=first"),
        sides -> sides.delete("a"),
        put("a=theirs, longer"),
        both("a=theirs, longer").refused("CREATED a by the UFS"),
        both("a.conflict=theirs, longer").butHere().noted()),
    DELETE_DELETE(
        having("a=first"), sides -> sides.delete("a"), sides -> sides.deleteThere("a"), both()),
    RENAME_WRITE_OF_SOURCE(
        having("a=first"),
        sides -> sides.rename("a", "b"),
        put("a=theirs, longer"),
        both("b=theirs, longer").changing("RENAMED a -> b", "WRITTEN b by the UFS")),
    RENAME_WRITE_OF_SOURCE_ON_BOTH_SIDES(
        having("a=first"),
        sides -> sides.renameWhileWriting("a", "b", "ours"),
        put("a=theirs, longer"),
        both("b=theirs, longer", "b.conflict=ours")
            .refused("RENAMED a -> b", "RENAMED b -> b.conflict", "CREATED b by the UFS"),
        both("b=ours", "b.conflict=theirs, longer").butHere("b=ours").noted("RENAMED a -> b")),
    RENAME_WRITE_OF_TARGET(
        having("a=ours", "b=first"),
        sides -> sides.rename("a", "b"),
        put("b=theirs, longer"),
        both("b=theirs, longer", "b.conflict=ours")
            .refused("RENAMED a -> b", "RENAMED b -> b.conflict", "CREATED b by the UFS"),
        both("b=ours", "b.conflict=theirs, longer").butHere("b=ours").noted("RENAMED a -> b")),
    RENAME_DELETE_OF_SOURCE(
        having("a=first"),
        sides -> sides.rename("a", "b"),
        sides -> sides.deleteThere("a"),
        both()
            .hereUnseen()
            .telling(ErrorCode.UFS_ERROR)
            .keeping(ErrorCode.NOT_FOUND)
            .changing("RENAMED a -> b")),
    RENAME_OF_DIRECTORY(
        having("d/a=first"),
        sides -> sides.rename("d", "e"),
        put("d/a=theirs, longer", "d/n=new"),
        both("e/a=theirs, longer", "e/n=new").hereUnseen().changing("RENAMED d -> e")),
    RENAME_OF_DIRECTORY_AND_WRITE(
        having("d/a=first"),
        sides -> {
          sides.rename("d", "e");
          sides.write("e/a", "ours");
        },
        sides -> {},
        both("e/a=ours").changing("RENAMED d -> e")),
    DELETE_OF_DIRECTORY(
        having("d/a=first"),
        sides -> sides.delete("d"),
        put("d/a=theirs, longer", "d/n=new"),
        both()),
    FURTHER_NAME_WRITE(
        having("a=first", "b->a"),
        sides -> sides.write("a", "ours"),
        put("b=theirs, longer"),
        both("a=ours", "b=theirs, longer", "b.conflict=ours")
            .refused("RENAMED b -> b.conflict", "CREATED b by the UFS"),
        both("a=ours", "b=ours", "b.conflict=theirs, longer").butHere("a=ours", "b=ours").noted()),
    FURTHER_NAME_CREATE(
        having("a=ours"),
        sides -> sides.link("a", "b"),
        put("b=theirs, longer"),
        both("a=ours", "b=theirs, longer", "b.conflict=ours")
            .refused("RENAMED b -> b.conflict", "CREATED b by the UFS"),
        both("a=ours", "b=ours", "b.conflict=theirs, longer").butHere("a=ours", "b=ours").noted()),
    FURTHER_NAME_DELETE(
        having("a=first", "b->a"),
        sides -> sides.delete("b"),
        put("b=theirs, longer"),
        both("a=first", "b=theirs, longer").refused("CREATED b by the UFS"),
        both("a=first", "b.conflict=theirs, longer").butHere("a=first").noted()),
    FURTHER_NAME_RENAME_AND_WRITE(
        having("a=first", "b->a"),
        sides -> {
          sides.rename("b", "c");
          sides.write("a", "ours");
        },
        put("b=theirs, longer"),
        both("a=ours", "c=theirs, longer", "c.conflict=ours")
            .refused("RENAMED b -> c", "RENAMED c -> c.conflict", "CREATED c by the UFS"),
        both("a=ours", "c=ours", "c.conflict=theirs, longer")
            .butHere("a=ours", "c=ours")
            .noted("RENAMED b -> c")),
    FURTHER_NAME_NOBODY_ELSE(
        having("a=first", "b->a"),
        sides -> {
          sides.write("a", "ours");
          sides.write("b", "ours again");
          sides.delete("a");
          sides.write("b", "ours at last");
        },
        sides -> {},
        both("b=ours at last"));

    private final List<String> before;
    private final Act here;
    private final Act there;
    private final Expected inCacheMode;
    private final Expected inFsMode;

    Line(List<String> before, Act here, Act there, Expected inBothModes) {
      this(before, here, there, inBothModes, inBothModes);
    }

    Line(List<String> before, Act here, Act there, Expected inCacheMode, Expected inFsMode) {
      this.before = before;
      this.here = here;
      this.there = there;
      this.inCacheMode = inCacheMode;
      this.inFsMode = inFsMode;
    }

    /** Files, and further names as NAME->FILE. */
    List<String> before() {
      return before;
    }

    Act here() {
      return here;
    }

    Act there() {
      return there;
    }

    Expected expected(MountMode mode) {
      return mode == MountMode.CACHE ? inCacheMode : inFsMode;
    }
  }
}
