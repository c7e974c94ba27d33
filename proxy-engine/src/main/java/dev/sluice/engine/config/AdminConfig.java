package dev.sluice.engine.config;

import java.net.InetSocketAddress;

/** The file's section {@code admin}: where operators and their tools ask. */
public record AdminConfig(InetSocketAddress listen) {

    static AdminConfig read(Section admin) {
        return new AdminConfig(admin.address(new InetSocketAddress("127.0.0.1", 9901)));
    }
}
