/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import io.curvine.chaos.harness.RepositoryRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Holds the lengths that keep a file readable in one sitting. Product sources only. */
class SourceLengthTest {
  private static final int FILE_MAX_LINES = 800;
  private static final int METHOD_MAX_LINES = 70;
  private static final int CONSTRUCTOR_MAX_PARAMETERS = 8;

  @Test
  void filesAndMethodsAreShort() throws IOException {
    List<Path> sources = sources();
    assertThat(sources).hasSizeGreaterThan(50);
    List<String> tooLong = new ArrayList<>();
    for (Path source : sources) {
      long lines = Files.readAllLines(source).size();
      if (lines > FILE_MAX_LINES) {
        tooLong.add(source + ": " + lines + " lines");
      }
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  d -> {},
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new LengthScanner(unit, positions, tooLong).scan(unit, null);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(RepositoryRoot.find())) {
      for (Path main :
          modules.map(m -> m.resolve("src/main/java")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(main)) {
          files.filter(f -> f.toString().endsWith(".java")).forEach(sources::add);
        }
      }
    }
    return sources;
  }

  private static final class LengthScanner extends TreeScanner<Boolean, Boolean> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> tooLong;
    private boolean inRecord;

    LengthScanner(CompilationUnitTree unit, SourcePositions positions, List<String> tooLong) {
      this.unit = unit;
      this.positions = positions;
      this.tooLong = tooLong;
    }

    @Override
    public Boolean visitClass(ClassTree type, Boolean unused) {
      boolean outer = inRecord;
      inRecord = type.getKind() == Tree.Kind.RECORD;
      Boolean result = super.visitClass(type, unused);
      inRecord = outer;
      return result;
    }

    @Override
    public Boolean visitMethod(MethodTree method, Boolean unused) {
      long lines = lines(method);
      String where = unit.getSourceFile().getName() + " " + method.getName();
      if (lines > METHOD_MAX_LINES) {
        tooLong.add(where + ": " + lines + " lines");
      }
      // A record's components are its data, each named where it is read.
      boolean constructor = method.getReturnType() == null && !inRecord;
      if (constructor && method.getParameters().size() > CONSTRUCTOR_MAX_PARAMETERS) {
        tooLong.add(where + ": " + method.getParameters().size() + " parameters");
      }
      return super.visitMethod(method, unused);
    }

    private long lines(Tree tree) {
      LineMap map = unit.getLineMap();
      long start = positions.getStartPosition(unit, tree);
      long end = positions.getEndPosition(unit, tree);
      return end < 0 ? 0 : map.getLineNumber(end) - map.getLineNumber(start) + 1;
    }
  }
}
