package dev.sluice.engine.netty;

import dev.sluice.api.ProxyFailure.Kind;
import dev.sluice.engine.ProxySettings;
import dev.sluice.engine.exchange.ProxyExchange;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/** Watches an exchange that takes more than one read of a body: it may outlive its identity, or last for ever. */
final class ExchangeWatch {

    private final ProxyExchange exchange;
    private final EventLoop loop;
    private final ProxySettings bounds;
    private final IdentityWatch identity;
    private @Nullable UploadRate upload;

    ExchangeWatch(ProxyExchange exchange, EventLoop loop, ServerContext server) {
        this.exchange = exchange;
        this.loop = loop;
        this.bounds = server.settings();
        this.identity = IdentityWatch.start(
                exchange.request().identity().orElseThrow(),
                loop,
                server.clock(),
                () -> exchange.fail(Kind.IDENTITY_ENDED, null));
    }

    /** Some of the request's body has come, and there is more; {@code readsOn} tells whether it is asked for now. */
    void uploading(int bytes, boolean readsOn) {
        if (upload == null) {
            upload = new UploadRate(
                    loop,
                    bounds.limits().bodyRate(),
                    bounds.timeouts().bodyGrace(),
                    () -> exchange.fail(Kind.CLIENT_SLOW, null));
        }
        upload.received(bytes);
        if (!readsOn) {
            upload.pause();
        }
    }

    /** More of the request's body is asked for. */
    void readsOn() {
        if (upload != null) {
            upload.resume();
        }
    }

    /** The request's body has come to its end. */
    void uploaded() {
        if (upload != null) {
            upload.cancel();
        }
    }

    void cancel() {
        identity.cancel();
        uploaded();
    }
}
