package dev.sluice.engine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * TLS towards upstreams, whose certificates are always verified. Its files are read anew when they change.
 *
 * @param trust certificates in PEM, one of which must have issued the upstream's; empty for those that the JVM trusts
 * @param identity what upstreams that ask for a certificate are shown
 */
public record UpstreamTls(Optional<Path> trust, Optional<CertificateFiles> identity) {

    /** Trusts what the JVM trusts, and shows nothing. */
    public static final UpstreamTls DEFAULT = new UpstreamTls(Optional.empty(), Optional.empty());
}
