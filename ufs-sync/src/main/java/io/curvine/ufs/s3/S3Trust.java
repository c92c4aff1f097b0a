/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.OptionValues;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Trusts Java's own authorities and those of a file. Pure but for the file. */
final class S3Trust {
  private S3Trust() {}

  /**
   * Trust managers that know both.
   *
   * @throws CurvineException INVALID_ARGUMENT where the file has no certificates
   */
  static TrustManager[] with(Path pemFile) throws CurvineException {
    try {
      List<Certificate> trusted = new ArrayList<>(certificates(pemFile));
      if (trusted.isEmpty()) {
        throw OptionValues.invalid(
            S3Network.CA_CERTIFICATES, pemFile.toString(), "a file with certificates");
      }
      for (TrustManager own : managers(null)) {
        if (own instanceof X509TrustManager known) {
          trusted.addAll(Arrays.asList(known.getAcceptedIssuers()));
        }
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry("trusted-" + i, trusted.get(i));
      }
      return managers(store);
    } catch (CurvineException e) {
      throw e;
    } catch (GeneralSecurityException | IOException e) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          S3Network.CA_CERTIFICATES + " " + pemFile + " cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static List<Certificate> certificates(Path pemFile)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(pemFile)) {
      return List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
    }
  }

  /** Null: Java's own. */
  private static TrustManager[] managers(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
