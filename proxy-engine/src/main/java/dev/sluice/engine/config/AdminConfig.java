package dev.sluice.engine.config;

import java.net.InetSocketAddress;

/**
 * The file's section {@code admin}: where operators and their tools ask.
 *
 * @param metrics whether there are figures for Prometheus too
 */
public record AdminConfig(InetSocketAddress listen, boolean metrics) {

    static AdminConfig read(Section admin) {
        return new AdminConfig(admin.address(new InetSocketAddress("127.0.0.1", 9901)), admin.bool("metrics", false));
    }
}
