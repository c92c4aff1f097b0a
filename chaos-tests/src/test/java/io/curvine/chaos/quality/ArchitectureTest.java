/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.quality;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the arrows between the modules, each with its reason. */
@AnalyzeClasses(packages = "io.curvine", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String PROTOCOL = "io.curvine.protocol..";
  private static final String JOURNAL = "io.curvine.journal..";
  private static final String UFS = "io.curvine.ufs..";
  private static final String MASTER = "io.curvine.master..";
  private static final String WORKER = "io.curvine.worker..";
  private static final String CLIENT = "io.curvine.client..";
  private static final String FUSE = "io.curvine.fuse..";
  private static final String CLI = "io.curvine.cli..";

  @ArchTest
  static final ArchRule PROTOCOL_STANDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage(PROTOCOL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JOURNAL, UFS, MASTER, WORKER, CLIENT, FUSE, CLI)
          .because("it is the wire, and goes into the Hadoop client");

  @ArchTest
  static final ArchRule JOURNAL_KNOWS_ONLY_THE_WIRE =
      noClasses()
          .that()
          .resideInAPackage(JOURNAL)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(UFS, MASTER, WORKER, CLIENT, FUSE, CLI)
          .because("tools read a journal without a master");

  @ArchTest
  static final ArchRule UFS_KNOWS_ONLY_THE_WIRE =
      noClasses()
          .that()
          .resideInAPackage(UFS)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JOURNAL, MASTER, WORKER, CLIENT, FUSE, CLI)
          .because("a provider is written against the SPI alone");

  @ArchTest
  static final ArchRule MASTER_AND_WORKER_SPEAK_OVER_THE_WIRE =
      noClasses()
          .that()
          .resideInAPackage(MASTER)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(WORKER, CLIENT, FUSE, CLI)
          .because("they are separate processes");

  @ArchTest
  static final ArchRule WORKER_AND_MASTER_SPEAK_OVER_THE_WIRE =
      noClasses()
          .that()
          .resideInAPackage(WORKER)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(MASTER, JOURNAL, CLIENT, FUSE, CLI)
          .because("they are separate processes");

  @ArchTest
  static final ArchRule CLIENT_KNOWS_ONLY_THE_WIRE =
      noClasses()
          .that()
          .resideInAPackage(CLIENT)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JOURNAL, UFS, MASTER, WORKER, FUSE, CLI)
          .because("it is embedded in other people's programs");

  @ArchTest
  static final ArchRule FUSE_IS_A_CLIENT =
      noClasses()
          .that()
          .resideInAPackage(FUSE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(JOURNAL, UFS, MASTER, WORKER, CLI)
          .because("a mount uses what any program can use");

  @ArchTest
  static final ArchRule RATIS_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.curvine.master.raft..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.ratis..")
          .because("consensus is replaced by a model in the simulation");

  @ArchTest
  static final ArchRule ROCKSDB_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.curvine.master.store..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.rocksdb..")
          .because("closing it under a reader ends the process");

  @ArchTest
  static final ArchRule KAFKA_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackages(JOURNAL, "io.curvine.ufs.kafka..", "io.curvine.cli.bench.feed..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..")
          .because("its message classes move between releases");

  @ArchTest
  static final ArchRule HADOOP_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.curvine.ufs.hdfs..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.hadoop..")
          .because("its client has settings and users that are those of the whole process");

  @ArchTest
  static final ArchRule JNR_IN_ONE_PLACE =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.curvine.fuse.kernel..", "io.curvine.fuse.jnr..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jnr..", "ru.serce..")
          .because("the vfs layer knows nothing of what carries requests");

  @ArchTest
  static final ArchRule ONLY_APPLIERS_CHANGE_STATE =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.curvine.master.apply..", "io.curvine.master.state.mutate..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.curvine.master.state.mutate..")
          .because("folding the events has to give the state");
}
