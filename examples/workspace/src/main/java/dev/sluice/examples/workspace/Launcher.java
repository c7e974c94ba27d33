package dev.sluice.examples.workspace;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The command line. */
public final class Launcher {

    private static final String USAGE = """
            usage: java -jar workspace.jar [PORT]

            Starts the workspace, to be visited on PORT (default: 8000). Ctrl-C ends it.
            """;

    private Launcher() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length > 1 || args.length == 1 && !args[0].matches("\\d{1,5}")) {
            System.err.print(USAGE);
            System.exit(2);
        }
        List<String> missing = Packages.missing();
        if (!missing.isEmpty()) {
            System.err.println("missing: " + String.join(", ", missing));
            System.err.println("try: apt-get install --no-install-recommends " + String.join(" ", missing));
            System.exit(2);
        }
        int port = args.length == 0 ? 8000 : Integer.parseInt(args[0]);
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("port " + port + ": " + e.getMessage() + " (try another: java -jar workspace.jar 8080)");
            System.exit(2);
        }
        try {
            run(port);
        } catch (IllegalStateException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void run(int port) throws IOException, InterruptedException {
        Path directory = Workspace.home().resolve("target/workspace");
        Workspace workspace = Workspace.start(directory, port, System.out);
        var ending = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            ending.countDown();
                            workspace.close();
                        },
                        "workspace-close"));
        System.out.println("""

                  %s

                  alice  an analyst (everybody's password is the name)
                  bob    nothing is for him yet
                  carol  an analyst, and may use the admin
                  dan    another analyst

                Logs and people's files are in %s. Ctrl-C ends everything.
                """.formatted(workspace.url(), workspace.directory()));
        if (!Packages.hasJupyter()) {
            System.out.println("No Jupyter here: apt-get install --no-install-recommends jupyter-notebook");
        }
        Part lost = workspace.loss().join();
        // Ctrl-C reaches every process of the terminal, and this one may be the last to notice.
        if (!ending.await(2, TimeUnit.SECONDS)) {
            System.err.println(lost.name() + " has ended, see " + lost.log());
            System.exit(1);
        }
    }
}
