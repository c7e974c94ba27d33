package dev.sluice.sso;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** Takes TLS off in front of a server that does not speak it, with a certificate of its own for 127.0.0.1. */
final class TlsRelay implements AutoCloseable {

    private static final String PASSWORD = "for-the-test";

    private final Path home;
    private final ServerSocket server;

    TlsRelay(int port) {
        try {
            home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "tls-");
            keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=redis", "-ext", "san=ip:127.0.0.1");
            keytool("-exportcert", "-rfc", "-file", "cert.pem");
            server = context().getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        daemon(() -> accept(port));
    }

    int port() {
        return server.getLocalPort();
    }

    Path certificate() {
        return home.resolve("cert.pem");
    }

    private void accept(int port) {
        while (!server.isClosed()) {
            try {
                Socket secure = server.accept();
                Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
                daemon(() -> copy(secure, plain));
                daemon(() -> copy(plain, secure));
            } catch (IOException ignored) {
                // The next one may do better; a closed server ends the loop.
            }
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to;
                OutputStream out = to.getOutputStream()) {
            from.getInputStream().transferTo(out);
        } catch (IOException e) {
            return; // both are closed now, which is all there is to do
        }
    }

    private SSLContext context() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(home.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private void keytool(String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-keystore", "keys.p12", "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", PASSWORD, "-alias", "redis"));
        Process process = new ProcessBuilder(command).directory(home.toFile()).start();
        if (process.onExit().join().exitValue() != 0) {
            throw new IllegalStateException(command + " failed");
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "tls-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
