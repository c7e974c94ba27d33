package dev.sluice.engine;

import java.nio.file.Path;

/**
 * Who one end of a TLS connection is, in files in PEM; they are read anew when they change.
 *
 * @param certificate the certificate, and behind it those that lead to one which the other end trusts
 * @param key its private key, not encrypted
 */
public record CertificateFiles(Path certificate, Path key) {}
