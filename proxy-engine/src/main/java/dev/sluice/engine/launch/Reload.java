package dev.sluice.engine.launch;

import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * Reads a deployment's file again and puts it in force if it is right as a whole; if not, everything stays as it is. It
 * speaks on the launcher's own streams, as the start does: there is always somebody who reads them.
 */
final class Reload {

    private static final Logger log = LoggerFactory.getLogger(Reload.class);

    /** The top-level keys that are put in force while the proxy runs. */
    private static final Set<String> RELOADED = Set.of("authenticators", "cookie-merger", "resolvers", "timeouts");

    private final Path file;
    private final Deployment deployment;
    private final PrintStream out;
    private final PrintStream err;
    private byte @Nullable [] loaded;
    private byte @Nullable [] seen;

    Reload(Path file, Deployment deployment, PrintStream out, PrintStream err) {
        this.file = file;
        this.deployment = deployment;
        this.out = out;
        this.err = err;
        this.loaded = content();
        this.seen = loaded;
    }

    /** Reloads whenever the process gets a SIGHUP, where there is such a signal. */
    void onHangup() {
        try {
            Signal.handle(new Signal("HUP"), signal -> now());
        } catch (IllegalArgumentException e) {
            log.info("No reload by SIGHUP here: {}", e.getMessage());
        }
    }

    /**
     * Reloads if the file's content is not what was read last, and is the same at two looks: whoever writes it may be in the
     * middle of it. Content, for a Kubernetes volume swaps a link some levels up, and times stay as they are.
     */
    synchronized void ifChanged() {
        byte[] found = content();
        boolean settled = found != null && Arrays.equals(found, seen);
        seen = found;
        if (settled && !Arrays.equals(found, loaded)) {
            now();
        }
    }

    synchronized void now() {
        loaded = content();
        try {
            ProxyConfig next = ProxyConfig.read(HoconConfig.parseFile(file));
            List<String> changed = new ArrayList<>(deployment.config().differences(next));
            changed.retainAll(RELOADED);
            List<String> restart = new ArrayList<>(deployment.started().differences(next));
            restart.removeAll(RELOADED);
            deployment.reload(next);
            out.println("sluice: reloaded; changed: " + list(changed)
                    + (restart.isEmpty() ? "" : "; needs a restart: " + list(restart)));
            out.flush();
        } catch (PluginConfigException e) {
            err.println("sluice: not reloaded, all goes on as before\n" + e.getMessage());
        } catch (RuntimeException e) {
            err.println("sluice: not reloaded, all goes on as before: " + e);
        }
    }

    private byte @Nullable [] content() {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            return null; // in the middle of a swap; the next look finds it
        }
    }

    private static String list(List<String> keys) {
        return keys.isEmpty() ? "nothing" : String.join(", ", keys);
    }
}
