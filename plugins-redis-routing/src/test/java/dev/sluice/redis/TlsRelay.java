package dev.sluice.redis;

import java.io.IOException;
import java.io.InputStream;
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

/** Takes TLS off in front of a server that does not speak it. */
final class TlsRelay implements AutoCloseable {

    private static final String PASSWORD = "for-the-test";

    private final Path home;
    private final ServerSocket server;

    private TlsRelay(Path home, ServerSocket server) {
        this.home = home;
        this.server = server;
    }

    /** A relay with a certificate of its own for 127.0.0.1. */
    static TlsRelay to(int port) {
        try {
            Path home = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "tls-");
            keytool(home, "-genkeypair", "-keyalg", "EC", "-dname", "CN=redis", "-ext", "san=ip:127.0.0.1");
            keytool(home, "-exportcert", "-rfc", "-file", "cert.pem");
            var relay = new TlsRelay(
                    home,
                    context(home).getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            daemon(() -> relay.accept(port));
            return relay;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
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
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            byte[] buffer = new byte[8192];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // Both sockets are closed now, which is all there is to do.
            return;
        }
    }

    private static SSLContext context(Path home) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(home.resolve("keys.p12").toFile(), PASSWORD.toCharArray());
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static void keytool(Path home, String verb, String... arguments) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), verb));
        command.addAll(List.of("-keystore", "keys.p12", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-alias", "redis"));
        command.addAll(List.of(arguments));
        int status = new ProcessBuilder(command)
                .directory(home.toFile())
                .inheritIO()
                .start()
                .onExit()
                .join()
                .exitValue();
        if (status != 0) {
            throw new IllegalStateException("keytool " + verb + " failed");
        }
    }

    private static void daemon(Runnable task) {
        var thread = new Thread(task, "tls-relay");
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
