/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import javax.security.auth.login.LoginException;
import org.apache.hadoop.fs.InvalidPathHandleException;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.apache.hadoop.security.KerberosAuthException;
import org.junit.jupiter.api.Test;

class HdfsErrorsTest {
  private static final String NAMENODE = "org.apache.hadoop.hdfs.server.namenode.";

  @Test
  void failuresHaveCodes() {
    is(ErrorCode.UFS_DENIED, new AccessControlException("no"));
    is(ErrorCode.UFS_DENIED, new IOException("x", new AccessControlException("no")));
    is(ErrorCode.UFS_DENIED, new KerberosAuthException("login", new LoginException("no")));
    LoginException unheard = new LoginException("refused");
    unheard.initCause(new ConnectException("refused"));
    is(ErrorCode.UFS_UNREACHABLE, new KerberosAuthException("login", unheard));
    is(ErrorCode.NOT_FOUND, new FileNotFoundException("a"));
    is(ErrorCode.UFS_CHANGED, new InvalidPathHandleException("another"));
    is(ErrorCode.UFS_UNREACHABLE, new ConnectException("refused"));
    is(ErrorCode.UFS_UNREACHABLE, new RemoteException(NAMENODE + "SafeModeException", "safe"));
    is(
        ErrorCode.UFS_UNREACHABLE,
        new RemoteException("org.apache.hadoop.ipc.RetriableException", "later"));
    is(ErrorCode.UFS_ERROR, new RemoteException(NAMENODE + "LeaseExpiredException", "lease"));
    is(ErrorCode.UFS_ERROR, new IOException());
    is(ErrorCode.NAME_TOO_LONG, new IOException("mkdirs: Pathname too long. Limit 8000"));
    is(ErrorCode.NOT_EMPTY, new PathIsNotEmptyDirectoryException("/a"));
    is(ErrorCode.INVALID_ARGUMENT, new IllegalArgumentException("a:b is not a valid DFS filename"));
  }

  private static void is(ErrorCode code, Exception failure) {
    assertThat(HdfsErrors.of("hdfs://h/a", failure).code()).as("%s", failure).isEqualTo(code);
  }

  @Test
  void aMessageIsOneLineThatNamesTheFile() {
    IOException remote =
        new RemoteException(NAMENODE + "SafeModeException", "Cannot create /a\n\tat b(C.java:1)");
    assertThat(HdfsErrors.of("hdfs://h/a", remote))
        .hasMessage("hdfs://h/a: SafeModeException: Cannot create /a");
    assertThat(HdfsErrors.of("hdfs://h/a", new IOException()))
        .hasMessage("hdfs://h/a: IOException");
  }

  @Test
  void whatHasACodeKeepsIt() {
    CurvineException known = new CurvineException(ErrorCode.UFS_CHANGED, "x");
    assertThat(HdfsErrors.of("hdfs://h/a", known)).isSameAs(known);
  }
}
