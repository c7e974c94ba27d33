package dev.sluice.engine.launch;

import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.PluginInventory;
import dev.sluice.engine.config.HoconConfig;
import dev.sluice.engine.config.ProxyConfig;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;

/** The command line; see {@link #USAGE}. */
public final class Main {

    static final int OK = 0;
    static final int REFUSED = 2;

    static final String USAGE = """
            usage: java -cp 'jars/*' dev.sluice.engine.launch.Main --config FILE [--check]
                   java -cp 'jars/*' dev.sluice.engine.launch.Main --plugins

              --config FILE  start the proxy that FILE describes; SIGHUP reads it again, SIGTERM drains and stops
              --check        make everything that FILE names, print the chains, do not listen
              --plugins      print what can be named in a file: SPI, name, class, jar
              --help         print this

            exit codes: 0 done, 2 wrong usage or configuration, or the port is in use
            """;

    private static final Duration FOREVER = Duration.ofDays(36500);

    private Main() {}

    public static void main(String[] args) {
        // Netty takes stack traces of every 128th buffer: no plugin holds one, and tests follow all.
        unlessSet("io.netty.leakDetection.level", "disabled");
        // Its events for the Flight Recorder, whose classes are 7 % of a start.
        unlessSet("io.netty.jfr.enabled", "false");
        // A client could have the costliest part of a handshake done again and again (CVE-2011-1473).
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        System.exit(run(args, System.out, System.err));
    }

    private static void unlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Runs until it is done or, with {@code --config} alone, until this thread is interrupted or the JVM is stopped. */
    static int run(String[] args, PrintStream out, PrintStream err) {
        try {
            Arguments arguments = Arguments.parse(args);
            switch (arguments.task()) {
                case HELP -> out.print(USAGE);
                case PLUGINS -> Report.inventory(PluginInventory.take(), out);
                case CHECK -> check(arguments.file(), out);
                case SERVE -> serve(arguments.file(), out, err);
            }
            return OK;
        } catch (PluginConfigException e) {
            err.println(e.getMessage());
            return REFUSED;
        }
    }

    private static void check(String file, PrintStream out) {
        ProxyConfig config = read(file);
        try (Deployment deployment = Deployment.prepare(config)) {
            Report.chains(config, deployment.assembly(), out);
        }
    }

    private static void serve(String file, PrintStream out, PrintStream err) {
        ProxyConfig config = read(file);
        try (Deployment deployment = Deployment.prepare(config)) {
            deployment.start();
            Thread drain = new Thread(deployment::drain, "sluice-drain");
            Runtime.getRuntime().addShutdownHook(drain);
            Reload reload = new Reload(Path.of(file), deployment, out, err);
            reload.onHangup();
            out.println("sluice: listening on " + Report.address(deployment.address()));
            deployment.adminAddress().ifPresent(admin -> out.println("sluice: admin on " + Report.address(admin)));
            out.flush();
            Duration every = config.lookEvery().orElse(FOREVER);
            while (true) {
                Thread.sleep(every.toMillis());
                reload.ifChanged();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ProxyConfig read(String file) {
        try {
            return ProxyConfig.read(HoconConfig.parseFile(Path.of(file)));
        } catch (InvalidPathException e) {
            throw new PluginConfigException("--config: not a path (expected: a configuration file)");
        }
    }
}
