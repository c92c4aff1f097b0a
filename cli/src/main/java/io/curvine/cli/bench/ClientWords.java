/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

/** What the parent and a client process say to each other: the value of {@code word}. */
public final class ClientWords {
  public static final String WORD = "word";

  // --- to the client ---

  /** Directories, number of the client, how many files it may make: forgets earlier ones. */
  public static final String DIRECTORIES = "directories";

  /** An {@link Order}. */
  public static final String RUN = "run";

  /** Asks how many files it has. */
  public static final String COUNT = "count";

  /** Asks for a {@link Verification}. */
  public static final String VERIFY = "verify";

  // --- to the parent ---

  public static final String READY = "ready";

  /** The measured time begins. */
  public static final String MEASURING = "measuring";

  /** The measured time is over. */
  public static final String MEASURED = "measured";

  /** The order is carried out; its result. */
  public static final String DONE = "done";

  private ClientWords() {}
}
