package dev.sluice.engine.access;

import dev.sluice.api.Identity;
import dev.sluice.api.ProxyFailure;
import dev.sluice.api.ProxyRequest;
import dev.sluice.engine.ExchangeEnded;
import dev.sluice.engine.text.Line;
import java.net.InetAddress;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a line of the access log is written. The query is in none, for queries hold codes and tokens. */
public enum AccessFormat {
    /** Who, when, what and how it went, as in the common log format, and then {@code name=value}. */
    TEXT {
        @Override
        String exchange(ExchangeEnded exchange, Instant now) {
            ProxyRequest request = exchange.request();
            Line line = new Line();
            line.raw(request.client().getHostAddress()).raw(" - ").word(user(request));
            line.raw(" [")
                    .raw(now)
                    .raw("] \"")
                    .word(request.method())
                    .raw(" ")
                    .raw(request.scheme())
                    .raw("://");
            line.word(request.host())
                    .word(request.path())
                    .raw("\" ")
                    .raw(exchange.status())
                    .raw(" ");
            line.raw(exchange.toClient()).raw(" id=").word(request.id());
            line.raw(" from-client=").raw(exchange.fromClient());
            line.raw(" route=").word(orDash(exchange.route()));
            line.raw(" upstream=").word(orDash(exchange.upstream()));
            line.raw(" outcome=").raw(outcome(exchange.failure()));
            ProxyFailure failure = exchange.failure();
            if (failure != null) {
                line.raw(" culprit=").raw(lower(failure.kind().culprit()));
                line.raw(" head=").raw(failure.committed() ? "sent" : "unsent");
            }
            ExchangeEnded.Nanos took = exchange.nanos();
            line.raw(" ms=")
                    .millis(took.authenticate())
                    .raw("/")
                    .millis(took.route())
                    .raw("/")
                    .millis(took.connect());
            return line.raw("/")
                    .millis(took.firstByte())
                    .raw("/")
                    .millis(took.total())
                    .toString();
        }

        @Override
        String refused(InetAddress client, int status, String reason, Instant now) {
            Line line = new Line()
                    .raw(client.getHostAddress())
                    .raw(" - - [")
                    .raw(now)
                    .raw("] \"-\" ")
                    .raw(status);
            return line.raw(" 0 outcome=refused culprit=client reason=\"")
                    .text(reason)
                    .raw("\"")
                    .toString();
        }
    },

    /** One JSON object; what there is none of is left out. */
    JSON {
        @Override
        String exchange(ExchangeEnded exchange, Instant now) {
            ProxyRequest request = exchange.request();
            Line line = new Line().raw("{\"time\":\"").raw(now).raw("\"");
            line.member("id", request.id());
            line.member("client", request.client().getHostAddress());
            line.member("user", request.identity().map(Identity::userId).orElse(null));
            line.member("method", request.method()).member("scheme", request.scheme());
            line.member("host", request.host()).member("path", request.path());
            line.raw(",\"status\":").raw(exchange.status());
            line.raw(",\"bytes_from_client\":").raw(exchange.fromClient());
            line.raw(",\"bytes_to_client\":").raw(exchange.toClient());
            line.member("route", exchange.route()).member("upstream", exchange.upstream());
            line.member("outcome", outcome(exchange.failure()));
            ProxyFailure failure = exchange.failure();
            if (failure != null) {
                line.member("culprit", lower(failure.kind().culprit()));
                line.raw(",\"head_sent\":").raw(failure.committed());
            }
            ExchangeEnded.Nanos took = exchange.nanos();
            line.raw(",\"ms\":{\"authenticate\":").millis(took.authenticate());
            line.raw(",\"route\":").millis(took.route()).raw(",\"connect\":").millis(took.connect());
            line.raw(",\"first_byte\":").millis(took.firstByte());
            return line.raw(",\"total\":").millis(took.total()).raw("}}").toString();
        }

        @Override
        String refused(InetAddress client, int status, String reason, Instant now) {
            Line line = new Line().raw("{\"time\":\"").raw(now).raw("\"").member("client", client.getHostAddress());
            line.raw(",\"status\":").raw(status).member("outcome", "refused").member("culprit", "client");
            return line.member("reason", reason).raw("}").toString();
        }
    };

    abstract String exchange(ExchangeEnded exchange, Instant now);

    abstract String refused(InetAddress client, int status, String reason, Instant now);

    private static String user(ProxyRequest request) {
        return request.identity().map(Identity::userId).orElse("-");
    }

    private static String orDash(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }

    private static String outcome(@Nullable ProxyFailure failure) {
        return failure == null ? "ok" : lower(failure.kind());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
