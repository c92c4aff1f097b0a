/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.UfsStatus;
import io.curvine.ufs.UfsTreePage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeSectionTest {
  private static List<String> sections(String after, boolean more, String... keys) {
    List<UfsTreePage.Item> items = new ArrayList<>();
    for (String key : keys) {
      boolean directory = key.endsWith("/");
      String path = directory ? key.substring(0, key.length() - 1) : key;
      UfsStatus.Kind kind = directory ? UfsStatus.Kind.DIRECTORY : UfsStatus.Kind.FILE;
      items.add(
          new UfsTreePage.Item(
              key, new UfsStatus(UfsPaths.name(path), kind, "v", 1, 1, -1, -1, -1, "", List.of())));
    }
    String last = keys.length == 0 ? after : keys[keys.length - 1];
    return TreeSection.of(after, new UfsTreePage(items, last, more)).stream()
        .map(
            each ->
                "%s (%s, %s%s %s"
                    .formatted(
                        each.path(),
                        each.after().toStringUtf8(),
                        each.upTo().toStringUtf8(),
                        each.isEmpty() ? ")" : "]",
                        each.seen().keySet().stream().map(ByteString::toStringUtf8).toList()))
        .toList();
  }

  @Test
  void groupsKeysByTheirDirectories() {
    assertThat(sections("", false, "a", "d/e/", "d/e/f", "d/g", "h/i/j"))
        .containsExactly(
            "d/e (, ] [f]", "d (, ] [e, g]", "h/i (, ] [j]", "h (, ] [i]", " (, ] [a, d, h]");
    assertThat(sections("", false)).containsExactly(" (, ] []");
  }

  @Test
  void goesOnWhereThePageBeforeEnded() {
    assertThat(sections("", true, "a", "d/e/f"))
        .containsExactly("d/e (, f] [f]", "d (, e/] [e]", " (, d/] [a, d]");
    assertThat(sections("d/e/f", false, "d/e/g", "d/h", "i"))
        .containsExactly("d/e (f, ] [g]", "d (e/, ] [h]", " (d/, ] [i]");
    assertThat(sections("", true, "d/")).containsExactly("d (, ) []", " (, d/] [d]");
    assertThat(sections("d/e/", false)).containsExactly("d/e (, ] []", "d (e/, ] []", " (d/, ] []");
  }

  @Test
  void anObjectHidesADirectory() {
    assertThat(sections("", false, "a", "a-b", "a/x"))
        .containsExactly("a (, ] [x]", " (, ] [a, a-b]");
  }

  @Test
  void whatCannotBeNamedIsNoDirectory() {
    assertThat(sections("d//x", false, "d/", "e")).containsExactly("d (/, ] []", " (d/, ] [e]");
    assertThat(sections("/x", false, "e")).containsExactly(" (/, ] [e]");
  }

  @Test
  void knowsWhichDirectoriesComeLaterThanTheirNames() {
    assertThat(TreeSection.beginnings(ByteString.copyFromUtf8("a-b.c0/")))
        .extracting(ByteString::toStringUtf8)
        .containsExactly("a", "a-b");
  }
}
