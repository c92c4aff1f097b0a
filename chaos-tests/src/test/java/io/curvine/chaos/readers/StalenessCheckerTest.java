/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.readers.Bounds.Fault;
import io.curvine.chaos.readers.Change.Route;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories that are right, and each kind that is wrong. Times are in milliseconds. */
final class StalenessCheckerTest {
  private static final String KEY = "d/k";
  private static final ObjectState FIRST = new ObjectState(1, 100);
  private static final ObjectState SECOND = new ObjectState(2, 100);

  private final History history = new History();

  private static long at(long millis) {
    return Duration.ofMillis(millis).toNanos();
  }

  private Change change(ObjectState state, Route route, long begun, long acked) {
    Change change = history.begin(KEY, state, route, at(begun));
    if (acked != Change.NEVER) {
      change.acknowledge(at(acked));
    }
    return change;
  }

  private void read(long begun, long ended, ObjectState seen) {
    history.saw(new Sight(KEY, false, at(begun), at(ended), seen));
  }

  /** 100 ms by event, 1,000 by scan, 50 more through a mount. */
  private StalenessChecker checker(Fault... faults) {
    return new StalenessChecker(
        history,
        new Bounds(
            Duration.ofMillis(100),
            Duration.ofMillis(1_000),
            Duration.ofMillis(50),
            List.of(faults)));
  }

  private void isRight() {
    assertThat(checker().check()).isEmpty();
  }

  private void isWrong(String kind) {
    assertThat(checker().check()).singleElement().asString().startsWith(kind);
  }

  @Test
  void whatIsThereIsRight() {
    read(0, 1, ObjectState.ABSENT);
    change(FIRST, Route.THROUGH, 10, 20);
    read(21, 22, FIRST);
    read(21, 22, ObjectState.listed(100));
    change(ObjectState.ABSENT, Route.THROUGH, 30, 40);
    read(41, 42, ObjectState.ABSENT);
    isRight();
  }

  @Test
  void eitherIsRightWhileAChangeIsBeingMade() {
    change(FIRST, Route.THROUGH, 10, 20);
    change(SECOND, Route.THROUGH, 30, 50);
    read(25, 35, SECOND);
    read(30, 36, FIRST);
    read(34, 45, SECOND);
    isRight();
  }

  @Test
  void aChangeThroughCurvineIsSeenAtOnce() {
    change(FIRST, Route.THROUGH, 10, 20);
    change(SECOND, Route.THROUGH, 30, 40);
    read(41, 42, FIRST);
    isWrong("stale");
  }

  @Test
  void aChangeAtTheUfsMayBeLateWithinItsBound() {
    change(FIRST, Route.EVENT, 10, 20);
    read(119, 121, ObjectState.ABSENT);
    isRight();
    read(121, 122, ObjectState.ABSENT);
    isWrong("stale");
  }

  @Test
  void theBoundBeginsWhenCurvineIsTold() {
    Change held = change(FIRST, Route.EVENT, 10, 20);
    held.hold();
    read(500, 501, ObjectState.ABSENT);
    isRight();
    held.told(at(500));
    read(599, 601, ObjectState.ABSENT);
    isRight();
    read(601, 602, ObjectState.ABSENT);
    isWrong("stale");
  }

  @Test
  void whatIsHeldBackIsSeenByTheScan() {
    change(FIRST, Route.EVENT, 10, 20).hold();
    read(1_021, 1_022, ObjectState.ABSENT);
    isWrong("stale");
  }

  @Test
  void whatNobodyTellsIsSeenByTheScan() {
    change(FIRST, Route.EVENT, 10, 20).lose();
    read(1_019, 1_030, ObjectState.ABSENT);
    isRight();
    read(1_021, 1_030, ObjectState.ABSENT);
    isWrong("stale");
  }

  @Test
  void aFaultPutsOffTheBoundOfChangesAtTheUfsOnly() {
    change(FIRST, Route.EVENT, 10, 20);
    read(500, 501, ObjectState.ABSENT);
    assertThat(checker(new Fault(Route.EVENT, at(100), at(450))).check()).isEmpty();
    assertThat(checker(new Fault(Route.EVENT, at(121), at(450))).check()).hasSize(1);
    assertThat(checker(new Fault(Route.EVENT, at(5), at(15))).check()).hasSize(1);
  }

  @Test
  void aFaultMayReachIntoTheNext() {
    change(FIRST, Route.EVENT, 10, 20);
    read(700, 701, ObjectState.ABSENT);
    Fault first = new Fault(Route.EVENT, at(100), at(450));
    Fault second = new Fault(Route.EVENT, at(500), at(650));
    assertThat(checker(first).check()).hasSize(1);
    assertThat(checker(second).check()).hasSize(1);
    assertThat(checker(second, first).check()).isEmpty();
  }

  @Test
  void aFaultOfTheScanPutsOffOnlyWhatItFinds() {
    Change lost = change(FIRST, Route.EVENT, 10, 20);
    read(1_500, 1_501, ObjectState.ABSENT);
    assertThat(checker(new Fault(Route.SCAN, at(100), at(900))).check()).hasSize(1);
    lost.lose();
    assertThat(checker(new Fault(Route.SCAN, at(100), at(900))).check()).isEmpty();
    assertThat(checker().check()).hasSize(1);
  }

  @Test
  void aFaultDoesNotPutOffChangesThroughCurvine() {
    change(FIRST, Route.THROUGH, 10, 20);
    read(30, 31, ObjectState.ABSENT);
    assertThat(checker(new Fault(Route.EVENT, at(0), at(50))).check()).hasSize(1);
  }

  @Test
  void aMountMayBeLater() {
    change(FIRST, Route.THROUGH, 10, 20);
    history.saw(new Sight(KEY, true, at(69), at(70), ObjectState.ABSENT));
    isRight();
    history.saw(new Sight(KEY, true, at(71), at(72), ObjectState.ABSENT));
    isWrong("stale");
  }

  @Test
  void nobodySeesAnOlderOneAfterANewerOne() {
    change(FIRST, Route.EVENT, 10, 20);
    change(SECOND, Route.EVENT, 30, 40);
    read(50, 55, SECOND);
    read(54, 58, FIRST);
    isRight();
    read(60, 61, FIRST);
    isWrong("older than seen before");
  }

  @Test
  void whatWasDeletedDoesNotComeBack() {
    change(FIRST, Route.EVENT, 10, 20);
    change(ObjectState.ABSENT, Route.EVENT, 30, 40);
    read(50, 51, FIRST);
    read(52, 53, ObjectState.ABSENT);
    isRight();
    read(54, 55, FIRST);
    isWrong("resurrected");
  }

  @Test
  void whatIsGoneForLongIsResurrected() {
    change(FIRST, Route.THROUGH, 10, 20);
    change(ObjectState.ABSENT, Route.THROUGH, 30, 40);
    read(54, 55, ObjectState.listed(100));
    isWrong("resurrected");
  }

  @Test
  void aNumberOfAnotherKeyIsNeverRight() {
    change(FIRST, Route.THROUGH, 10, 20);
    read(30, 31, new ObjectState(7, 100));
    isWrong("never there");
  }

  @Test
  void nothingIsSeenBeforeItIsWritten() {
    change(FIRST, Route.EVENT, 10, 20);
    read(5, 9, FIRST);
    isWrong("before its time");
  }

  @Test
  void aChangeOfUnknownOutcomeMayBeSeenOrNot() {
    change(FIRST, Route.THROUGH, 10, 20);
    change(SECOND, Route.THROUGH, 30, Change.NEVER);
    read(40, 41, FIRST);
    read(50, 51, SECOND);
    isRight();
    read(60, 61, FIRST);
    isWrong("older than seen before");
  }

  @Test
  void bytesThatCameBackByARenameAreRight() {
    change(FIRST, Route.THROUGH, 10, 20);
    change(ObjectState.ABSENT, Route.THROUGH, 30, 40);
    change(FIRST, Route.THROUGH, 50, 60);
    read(61, 62, FIRST);
    isRight();
  }

  @Test
  void whatWasFoundToBeWrongStaysWrong() {
    history.wrong("torn: bytes of two");
    assertThat(checker().check()).singleElement().asString().contains("torn: bytes of two");
  }
}
