package dev.sluice.examples.workspace;

import dev.sluice.engine.launch.Main;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Redis, an OpenID provider, the control plane, a shared site, two replicas of the proxy and a balancer in front of
 * them. All listen on the loopback address.
 */
public final class Workspace implements AutoCloseable {

    /** Browsers know by themselves that every name below localhost is this machine. */
    private static final String DOMAIN = "workspace.localhost";

    private final Path home;
    private final Path directory;
    private final PrintStream out;
    private final Map<String, String> environment = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();
    private final Part[] replicas = new Part[2];
    private final int port;
    private boolean closed;

    private Workspace(Path home, Path directory, int port, PrintStream out) {
        this.home = home;
        this.directory = directory;
        this.port = port;
        this.out = out;
    }

    /**
     * Starts everything, and returns when it can be used.
     *
     * @param directory for databases, logs and people's files
     * @param port where browsers go; the other parts take free ones
     * @param out is told the replicas' processes, and when one had to be started again
     */
    public static Workspace start(Path directory, int port, PrintStream out) throws IOException {
        var workspace = new Workspace(home(), Files.createDirectories(directory.toAbsolutePath()), port, out);
        try {
            workspace.start();
            return workspace;
        } catch (RuntimeException e) {
            workspace.close();
            throw e;
        }
    }

    /** The folder with what is not Java, in which both {@code target/classes} and {@code target/workspace.jar} are. */
    static Path home() {
        try {
            var location = Workspace.class.getProtectionDomain().getCodeSource().getLocation();
            return Path.of(location.toURI()).resolve("../..").normalize();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized void start() {
        int redis = Part.freePort();
        int provider = Part.freePort();
        int controlPlane = Part.freePort();
        int handbook = Part.freePort();

        environment.put("DIRECTORY", directory.toString());
        environment.put("DOMAIN", DOMAIN);
        environment.put("AUTHORITY", DOMAIN + ":" + port);
        environment.put("PUBLIC_URL", url().toString());
        environment.put("PUBLIC_PORT", String.valueOf(port));
        environment.put("COOKIE_SECURE", "false");
        environment.put("LISTEN_HOST", "127.0.0.1");
        environment.put("BALANCER_NETWORK", "127.0.0.1");
        for (String which : List.of("ONE", "TWO")) {
            environment.put("REPLICA_" + which, String.valueOf(Part.freePort()));
            environment.put("ADMIN_" + which, String.valueOf(Part.freePort()));
        }
        environment.put("REDIS_URL", "redis://127.0.0.1:" + redis);
        environment.put("ISSUER", "http://localhost:" + provider + "/o");
        environment.put("CONTROL_PLANE", "http://127.0.0.1:" + controlPlane);
        environment.put("TOOL_NETWORK", "127.0.0.1");
        environment.put("CLIENT_ID", "workspace");
        environment.put("CLIENT_SECRET", secret());
        environment.put("SESSION_SECRET", secret());
        environment.put("DJANGO_SECRET", secret());
        environment.put("PYTHONPYCACHEPREFIX", directory.resolve("pycache").toString());

        part(
                        "redis",
                        redis,
                        "/usr/bin/redis-server",
                        "--bind",
                        "127.0.0.1",
                        "--port",
                        String.valueOf(redis),
                        "--dir",
                        directory.toString(),
                        "--save",
                        "")
                .awaitListening();
        python("provider", provider, "identity-provider/provider.py", String.valueOf(provider), directory.toString());
        python("handbook", handbook, "tools/handbook.py", String.valueOf(handbook));
        part(
                "control-plane",
                controlPlane,
                home.resolve("control-plane/serve.sh").toString(),
                String.valueOf(controlPlane),
                "http://127.0.0.1:" + handbook);
        startReplica(0);
        startReplica(1);
        parts.forEach(Part::awaitListening);
        for (Part replica : replicas) {
            replica.awaitListening();
        }
        part(
                        "haproxy",
                        port,
                        "/usr/sbin/haproxy",
                        "-db",
                        "-f",
                        home.resolve("haproxy.cfg").toString())
                .awaitListening();
    }

    private Part python(String name, int port, String script, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Packages.PYTHON, home.resolve(script).toString()));
        command.addAll(List.of(arguments));
        return part(name, port, command.toArray(String[]::new));
    }

    private Part part(String name, int port, String... command) {
        Part part = Part.start(name, port, directory, environment, List.of(command));
        parts.add(part);
        return part;
    }

    /** A replica keeps nothing that another needs, so one that has ended is simply started again. */
    private synchronized void startReplica(int index) {
        if (closed) {
            return;
        }
        Map<String, String> own = new HashMap<>(environment);
        String which = index == 0 ? "ONE" : "TWO";
        int admin = Integer.parseInt(environment.get("ADMIN_" + which));
        own.put("LISTEN_PORT", environment.get("REPLICA_" + which));
        own.put("ADMIN_PORT", String.valueOf(admin));
        Part replica = Part.start(
                "replica-" + (index + 1),
                admin,
                directory,
                own,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:MaxDirectMemorySize=128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--config",
                        home.resolve("proxy.conf").toString()));
        replicas[index] = replica;
        out.println(replica.name() + ": process " + replica.process().pid());
        replica.process().onExit().thenAccept(ended -> startAgain(index, ended.exitValue()));
    }

    private synchronized void startAgain(int index, int exitValue) {
        if (!closed) {
            out.println("replica-" + (index + 1) + " ended with " + exitValue + " and is started again");
            startReplica(index);
        }
    }

    private static String secret() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /** Where browsers go. */
    public URI url() {
        return URI.create("http://" + DOMAIN + ":" + port);
    }

    /** The replica as it runs now, 0 or 1; its port is the admin listener's. */
    public synchronized Part replica(int index) {
        return replicas[index];
    }

    public Path directory() {
        return directory;
    }

    /** Completes when a part ends that is not started again. */
    CompletableFuture<Part> loss() {
        var loss = new CompletableFuture<Part>();
        parts.forEach(part -> part.process().onExit().thenAccept(ended -> loss.complete(part)));
        return loss;
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (Part replica : replicas) {
            if (replica != null) {
                replica.close();
            }
        }
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).close();
        }
    }
}
