/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CurrencyTest {
  private static final long HOUR = TimeUnit.HOURS.toNanos(1);

  private interface End {
    long offset() throws IOException;
  }

  /** A journal in which something may have changed. */
  private static Currency.Journal busy(End end) {
    return new Currency.Journal() {
      @Override
      public long end() throws IOException {
        return end.offset();
      }

      @Override
      public boolean isQuiet(long from, long to) {
        return false;
      }
    };
  }

  private static void awaitHolding(Currency currency) {
    while (!currency.holds()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void holdsOnceTheFollowerHasComeToWhereTheJournalEnded() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    End end =
        () -> {
          asked.countDown();
          return 10;
        };
    try (Currency currency = Currency.start(busy(end), HOUR)) {
      assertThat(currency.holds()).isFalse();
      asked.await();
      currency.reached(9);
      assertThat(currency.holds()).isFalse();
      currency.reached(10);
      awaitHolding(currency);
    }
  }

  @Test
  void holdsWhereNothingChangedFromWhereTheFollowerIs() {
    Currency.Journal quiet =
        new Currency.Journal() {
          @Override
          public long end() {
            return 10;
          }

          @Override
          public boolean isQuiet(long from, long to) {
            return from == 4 && to == 10;
          }
        };
    try (Currency currency = Currency.start(quiet, HOUR)) {
      currency.reached(4);
      awaitHolding(currency);
    }
  }

  @Test
  void endsWithItsBoundWhereTheLeaderDoesNotAnswer() {
    AtomicLong questions = new AtomicLong();
    End end =
        () -> {
          if (questions.incrementAndGet() > 1) {
            throw new IOException("no leader");
          }
          return 0;
        };
    try (Currency currency = Currency.start(busy(end), TimeUnit.MILLISECONDS.toNanos(200))) {
      awaitHolding(currency);
      while (currency.holds() || questions.get() < 3) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void withoutABoundNothingIsBelievedAndNobodyIsAsked() {
    End end =
        () -> {
          throw new AssertionError("asked");
        };
    try (Currency currency = Currency.start(busy(end), 0)) {
      currency.reached(100);
      assertThat(currency.holds()).isFalse();
    }
  }
}
