package dev.sluice.examples.quickstart;

import dev.sluice.engine.launch.Main;

/** Starts the demo application, and in front of it the proxy that a configuration file describes. */
public final class Quickstart {

    private static final int APPLICATION_PORT = 9000;

    private Quickstart() {}

    /** Takes the path of the proxy's configuration. */
    public static void main(String[] args) {
        if (args.length != 1) {
            System.err.println("usage: java -jar quickstart.jar examples/quickstart/proxy.conf");
            System.exit(2);
        }
        DemoApplication.start(APPLICATION_PORT);
        System.out.println("demo application on 127.0.0.1:" + APPLICATION_PORT + ", not to be visited itself");
        Main.main(new String[] {"--config", args[0]});
    }
}
