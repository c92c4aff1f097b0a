/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.hdfs;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.DFSConfigKeys;
import org.apache.hadoop.hdfs.client.HdfsClientConfigKeys;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.server.SimpleKdcServer;

/**
 * A Kerberos realm with a KDC in this process, and an HDFS that serves its members only: tokens for
 * blocks, and all that goes over a connection encrypted.
 *
 * <p>In its directory are, for those who are to be members:
 *
 * <ul>
 *   <li>{@code krb5.conf}
 *   <li>{@code core-site.xml}: what a client has to know of the HDFS
 *   <li>{@code curvine.keytab}: of {@code curvine@EXAMPLE.COM}, who may act for others
 *   <li>{@code stale.keytab}: of the same, from before the keys were changed
 * </ul>
 */
final class KerberosRealm {
  private static final String REALM = "EXAMPLE.COM";
  private static final String SERVICE = "hdfs/localhost";
  private static final String WEB = "HTTP/localhost";
  private static final String MEMBER = "curvine";

  /** For whom the member may act. */
  private static final String OTHER = "alice";

  private final Path directory;

  private KerberosRealm(Path directory) {
    this.directory = directory;
  }

  /** Starts the KDC on a free port. It ends with the process. */
  static KerberosRealm start(Path directory) throws IOException, KrbException {
    KerberosRealm realm = new KerberosRealm(Files.createDirectories(directory));
    SimpleKdcServer kdc = new SimpleKdcServer();
    kdc.setWorkDir(directory.toFile());
    kdc.setKdcRealm(REALM);
    kdc.setKdcHost("localhost");
    kdc.setAllowUdp(false);
    kdc.init(); // writes krb5.conf and has Java use it
    kdc.start();
    kdc.createPrincipals(SERVICE, WEB);
    kdc.exportPrincipal(SERVICE, realm.file("service.keytab"));
    kdc.exportPrincipal(WEB, realm.file("service.keytab"));
    kdc.createPrincipal(MEMBER, "before");
    kdc.exportPrincipal(MEMBER, realm.file("stale.keytab"));
    kdc.deletePrincipal(MEMBER);
    kdc.createPrincipal(MEMBER, "now");
    kdc.exportPrincipal(MEMBER, realm.file("curvine.keytab"));
    return realm;
  }

  private File file(String name) {
    return directory.resolve(name).toFile();
  }

  private static String full(String principal) {
    return principal + "@" + REALM;
  }

  /** Makes the HDFS of a configuration one of the realm, and this process its superuser. */
  void secure(Configuration conf) throws IOException {
    Configuration known = new Configuration(false);
    known.set(CommonConfigurationKeysPublic.HADOOP_SECURITY_AUTHENTICATION, "kerberos");
    known.set(CommonConfigurationKeysPublic.HADOOP_RPC_PROTECTION, "privacy");
    known.set(HdfsClientConfigKeys.DFS_DATA_TRANSFER_PROTECTION_KEY, "privacy");
    known.set(DFSConfigKeys.DFS_NAMENODE_KERBEROS_PRINCIPAL_KEY, full(SERVICE));
    // Tickets of tests last seconds.
    known.setInt(CommonConfigurationKeysPublic.HADOOP_KERBEROS_MIN_SECONDS_BEFORE_RELOGIN, 0);
    try (var out = Files.newOutputStream(directory.resolve("core-site.xml"))) {
      known.writeXml(out);
    }

    conf.addResource(known);
    String keytab = file("service.keytab").toString();
    conf.set(DFSConfigKeys.DFS_NAMENODE_KEYTAB_FILE_KEY, keytab);
    conf.set(DFSConfigKeys.DFS_DATANODE_KERBEROS_PRINCIPAL_KEY, full(SERVICE));
    conf.set(DFSConfigKeys.DFS_DATANODE_KEYTAB_FILE_KEY, keytab);
    conf.set(DFSConfigKeys.DFS_WEB_AUTHENTICATION_KERBEROS_PRINCIPAL_KEY, full(WEB));
    conf.set(DFSConfigKeys.DFS_WEB_AUTHENTICATION_KERBEROS_KEYTAB_KEY, keytab);
    conf.setBoolean(DFSConfigKeys.DFS_BLOCK_ACCESS_TOKEN_ENABLE_KEY, true);
    // Ports below 1024 are for root.
    conf.setBoolean(DFSConfigKeys.IGNORE_SECURE_PORTS_FOR_TESTING_KEY, true);
    conf.set("hadoop.proxyuser." + MEMBER + ".hosts", "*");
    conf.set("hadoop.proxyuser." + MEMBER + ".users", OTHER);
    UserGroupInformation.setConfiguration(conf);
    UserGroupInformation.loginUserFromKeytab(full(SERVICE), keytab);
  }

  /** Gives a directory below the root to each of its members, which nobody else may use. */
  static void makeHomes(FileSystem hdfs) throws IOException {
    for (String user : new String[] {MEMBER, OTHER}) {
      org.apache.hadoop.fs.Path home = new org.apache.hadoop.fs.Path("/" + user);
      if (!hdfs.mkdirs(home)) {
        throw new IOException(home + " was not made");
      }
      hdfs.setOwner(home, user, user);
      hdfs.setPermission(home, new FsPermission("700"));
    }
  }
}
