package dev.sluice.engine.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A section whose every wrong key is a complaint of its own, the default standing in meanwhile. */
record Section(HoconConfig config, Complaints complaints) {

    String text(String key, String or) {
        return complaints.or(or, () -> config.string(key, or));
    }

    boolean bool(String key, boolean or) {
        return complaints.or(or, () -> config.bool(key, or));
    }

    int integer(String key, int or, int min, int max) {
        return complaints.or(or, () -> config.integer(key, or, min, max));
    }

    /** A size that fits an {@code int}. */
    int bytes(String key, int or, int min, int max) {
        long bytes = complaints.or((long) or, () -> config.bytes(key, or));
        check(key, bytes >= min && bytes <= max, () -> bytes + " bytes (expected: " + min + "-" + max + ")");
        return (int) bytes;
    }

    Duration duration(String key, Duration or) {
        return complaints.or(or, () -> config.duration(key, or));
    }

    <E extends Enum<E>> E oneOf(Class<E> type, String key, E or) {
        return complaints.or(or, () -> config.oneOf(type, key, or));
    }

    /** The keys {@code host} and {@code port}: where this machine listens. */
    InetSocketAddress address(InetSocketAddress or) {
        String host = text("host", or.getHostString());
        int port = integer("port", or.getPort(), 0, 65535);
        InetSocketAddress address = new InetSocketAddress(host, port);
        check("host", !address.isUnresolved(), () -> host + " (expected: an address of this machine, or its name)");
        return address;
    }

    void forEach(String key, Consumer<String> use) {
        complaints.forEach(config, key, use);
    }

    void check(String key, boolean holds, Supplier<String> problem) {
        if (!holds) {
            complaints.add(config.wrong(key, problem.get()));
        }
    }

    /** To be called once everything was read. */
    void refuseUnread() {
        complaints.addAll(config.unread());
    }
}
