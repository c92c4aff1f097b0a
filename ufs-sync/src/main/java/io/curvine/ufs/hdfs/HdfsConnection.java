/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.net.URI;
import java.security.PrivilegedExceptionAction;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.security.UserGroupInformation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hadoop's client of one location, under the location's own user. Made when first asked for, and
 * again where that failed; not one of Hadoop's cache, which other locations would share.
 * Thread-safe.
 */
final class HdfsConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HdfsConnection.class);

  private final HdfsPaths paths;
  private final HdfsOptions options;

  /** Null until it logged in. */
  private UserGroupInformation login;

  /** Null until it is made. */
  private DistributedFileSystem client;

  private boolean closed;

  HdfsConnection(HdfsPaths paths, HdfsOptions options) {
    this.paths = paths;
    this.options = options;
  }

  /**
   * The client; its calls are the first to reach HDFS.
   *
   * @throws CurvineException UFS_DENIED where the login fails, UFS_UNREACHABLE where the host is
   *     unknown, UFS_ERROR after {@link #close}
   */
  synchronized DistributedFileSystem client() throws CurvineException {
    if (closed) {
      throw new CurvineException(ErrorCode.UFS_ERROR, paths.name("") + ": is closed");
    }
    try {
      if (client == null) {
        client = connect();
      }
      if (options.identity().kerberos()) {
        // Hadoop does that by itself only for the one user of a process.
        login.checkTGTAndReloginFromKeytab();
      }
      return client;
    } catch (IOException | RuntimeException e) {
      // Configurations that cannot be read and hosts that cannot be found are RuntimeExceptions.
      throw HdfsErrors.of(paths.name(""), e);
    }
  }

  private DistributedFileSystem connect() throws IOException {
    Configuration conf = HdfsConfigurations.of(paths.authority(), options);
    URI uri = paths.path("").toUri();
    try {
      return user(conf)
          .doAs(
              (PrivilegedExceptionAction<DistributedFileSystem>)
                  () -> {
                    DistributedFileSystem made = new DistributedFileSystem();
                    made.initialize(uri, conf);
                    return made;
                  });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CurvineException(ErrorCode.UFS_ERROR, paths.name("") + ": interrupted", e);
    }
  }

  private UserGroupInformation user(Configuration conf) throws IOException {
    HdfsOptions.Identity identity = options.identity();
    if (!identity.kerberos()) {
      String user = identity.user();
      return UserGroupInformation.createRemoteUser(
          user.isEmpty() ? System.getProperty("user.name") : user);
    }
    if (login == null) {
      UserGroupInformation.setConfiguration(conf);
      login =
          UserGroupInformation.loginUserFromKeytabAndReturnUGI(
              identity.principal(), identity.keytab());
    }
    return identity.proxyUser().isEmpty()
        ? login
        : UserGroupInformation.createProxyUser(identity.proxyUser(), login);
  }

  /** Ends the client; calls that wait for an answer fail. */
  @Override
  public synchronized void close() {
    closed = true;
    if (client != null) {
      try {
        client.close();
      } catch (IOException e) {
        // What it was used for has had its outcome already.
        LOG.warn("{} was not closed in order: {}", paths.name(""), e.getMessage());
      }
      client = null;
    }
  }
}
