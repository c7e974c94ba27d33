package dev.sluice.engine.http;

import java.util.ArrayList;
import java.util.List;

/** What a proxy has to do with a field, by its name. */
enum FieldKind {
    /** Passed on as it is, unless {@code Connection} names it. */
    END_TO_END,

    /** For this connection only, never passed on (RFC 9110 §7.6.1). */
    HOP_BY_HOP(
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-authentication-info",
            "trailer",
            // Belongs to an upgrade that is not passed on (RFC 7540 §3.2.1).
            "http2-settings",
            // Not a field of HTTP: CGI makes HTTP_PROXY of it, which libraries take for a setting ("httpoxy").
            "proxy"),
    CONNECTION("connection"),
    TE("te"),
    UPGRADE("upgrade"),
    HOST("host"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    COOKIE("cookie"),
    SET_COOKIE("set-cookie"),
    AUTHORIZATION("authorization"),
    EXPECT("expect"),
    VIA("via"),

    /** The exchange's id, which is the proxy's to tell both sides. */
    REQUEST_ID("x-request-id"),

    /** Of the handshake before RFC 6455, for which Netty's decoder reads eight bytes of body that no length announces. */
    HIXIE_KEY("sec-websocket-key1", "sec-websocket-key2"),

    /** Tells of the connection in front of a trusted proxy what this one cannot derive. */
    FORWARDED_DETAIL("x-forwarded-port", "x-forwarded-prefix"),

    /** Claims who the client is or what it asked for; with these go all names that start {@code X-Forwarded-}. */
    FORWARDING(
            "forwarded",
            "forwarded-for",
            "x-forwarded",
            "x-real-ip",
            "true-client-ip",
            "client-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "x-remote-ip",
            "x-remote-addr",
            "x-originating-ip",
            "cf-connecting-ip",
            "cf-connecting-ipv6",
            "fastly-client-ip",
            "x-appengine-user-ip",
            "x-azure-clientip",
            "x-azure-socketip",
            "x-envoy-external-address",
            "x-original-forwarded-for",
            "x-original-url",
            "x-original-uri",
            "x-original-host",
            "x-original-method",
            "x-rewrite-url",
            "x-http-host-override",
            "x-host",
            "x-scheme",
            "x-url-scheme",
            "front-end-https");

    private static final List<FieldKind> BY_INDEX = new ArrayList<>();
    private static final FoldedNames NAMES;

    static {
        List<String> names = new ArrayList<>();
        for (FieldKind kind : values()) {
            for (String name : kind.names) {
                names.add(name);
                BY_INDEX.add(kind);
            }
        }
        NAMES = FoldedNames.of(names);
    }

    private final String[] names;

    FieldKind(String... names) {
        this.names = names;
    }

    /** The kind of the field {@code name}, under the fold of {@link FoldedNames}; allocates nothing. */
    static FieldKind of(CharSequence name) {
        int index = NAMES.indexOf(name);
        if (index >= 0) {
            return BY_INDEX.get(index);
        }
        return FoldedNames.startsWith(name, "x-forwarded-") ? FORWARDING : END_TO_END;
    }

    /** Whether a peer may have the field removed by naming it in {@code Connection}: not what others must rely on. */
    boolean mayBeNominated() {
        return switch (this) {
            case END_TO_END, HOP_BY_HOP, CONNECTION, TE, UPGRADE, REQUEST_ID -> true;
            default -> false;
        };
    }
}
