package dev.sluice.sso;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** The certified {@code oidc-provider} from npm, as a process of the test's own. */
final class NodeProvider implements AutoCloseable {

    private static final File FOLDER = new File("src/test/node");
    private static final String REQUIRED = "SLUICE_REQUIRE_NODE";

    private final Process process;
    private final String issuer;

    private NodeProvider(Process process, String issuer) {
        this.process = process;
        this.issuer = issuer;
    }

    /**
     * Starts it. Where it is not installed the test is skipped, loudly; where {@code SLUICE_REQUIRE_NODE} is set, it
     * fails.
     */
    static NodeProvider start(String backChannel) throws IOException {
        if (!isInstalled()) {
            String missing = "NOT TESTED against oidc-provider: run  npm ci --prefix plugins-sso-auth/src/test/node";
            System.err.println("\n*** " + missing + "\n");
            if (System.getenv(REQUIRED) != null) {
                Assertions.fail(missing);
            }
            Assumptions.abort(missing);
        }
        Process process = new ProcessBuilder("node", "provider.mjs", backChannel)
                .directory(FOLDER)
                .redirectError(new File("target/oidc-provider.log"))
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("issuer ")) {
                return new NodeProvider(process, line.substring("issuer ".length()));
            }
        }
        throw new AssertionError("oidc-provider did not start: see target/oidc-provider.log");
    }

    private static boolean isInstalled() {
        if (!new File(FOLDER, "node_modules/oidc-provider").isDirectory()) {
            return false;
        }
        try {
            return new ProcessBuilder("node", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String issuer() {
        return issuer;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
