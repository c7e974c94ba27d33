package dev.sluice.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** A certificate of its own for 127.0.0.1, and what makes a Redis server show it. */
final class TestCertificate {

    private static final String PASSWORD = "for-the-test";

    private final Path home;

    TestCertificate() {
        try {
            home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "tls-");
            makeKeys();
            KeyStore store = KeyStore.getInstance(home.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
            Key key = store.getKey("redis", PASSWORD.toCharArray());
            write("cert.pem", "CERTIFICATE", store.getCertificate("redis").getEncoded());
            write("key.pem", "PRIVATE KEY", key.getEncoded());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The certificate in PEM. */
    Path file() {
        return home.resolve("cert.pem");
    }

    /** Settings of a server that speaks TLS at {@code port}, and with other servers; and {@code more} of them. */
    String[] settings(int port, String... more) {
        List<String> settings = new ArrayList<>(List.of("--tls-port", "" + port, "--tls-auth-clients", "no"));
        settings.addAll(List.of("--tls-cert-file", file().toString()));
        settings.addAll(List.of("--tls-key-file", home.resolve("key.pem").toString()));
        settings.addAll(List.of("--tls-ca-cert-file", file().toString()));
        settings.addAll(List.of("--tls-replication", "yes", "--tls-cluster", "yes"));
        settings.addAll(List.of(more));
        return settings.toArray(String[]::new);
    }

    private void makeKeys() throws IOException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-keyalg", "EC", "-alias", "redis"));
        command.addAll(List.of("-dname", "CN=redis", "-ext", "san=ip:127.0.0.1"));
        command.addAll(List.of("-keystore", "keys.p12", "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).directory(home.toFile()).start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(command + " failed");
        }
    }

    private void write(String name, String label, byte[] der) throws IOException {
        String pem = "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(der));
        Files.writeString(home.resolve(name), pem);
    }
}
