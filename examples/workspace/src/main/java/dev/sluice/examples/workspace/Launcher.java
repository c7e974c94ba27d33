package dev.sluice.examples.workspace;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The command line. */
public final class Launcher {

    private static final String USAGE = """
            usage: java -jar workspace.jar [PORT]

            Starts the workspace, to be visited on PORT (default: 8000). Ctrl-C ends it.
            """;

    private Launcher() {}

    public static void main(String[] args) throws IOException {
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
        run(args.length == 0 ? 8000 : Integer.parseInt(args[0]));
    }

    private static void run(int port) throws IOException {
        Path directory = Path.of("examples/workspace/target/workspace");
        Workspace workspace = Workspace.start(directory, port, System.out);
        Runtime.getRuntime().addShutdownHook(new Thread(workspace::close, "workspace-close"));
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
        System.err.println(lost.name() + " has ended, see " + lost.log());
        System.exit(1);
    }
}
