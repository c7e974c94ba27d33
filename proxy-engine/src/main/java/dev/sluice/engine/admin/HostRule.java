package dev.sluice.engine.admin;

import dev.sluice.engine.admin.AdminPage.Answer;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetAddress;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request to the admin listener may say in {@code Host}. On this host's own addresses for itself, no name but
 * {@code localhost}: a page whose name has been made to resolve to 127.0.0.1 could read the answers (DNS rebinding). Behind
 * other addresses nobody knows which names lead there.
 */
final class HostRule {

    private static final Pattern NO_FOREIGN_NAME = Pattern.compile(
            "(localhost|[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?", Pattern.CASE_INSENSITIVE);

    private HostRule() {}

    /** Why {@code request} gets no page; null if it may. */
    static @Nullable Answer refusal(HttpRequest request, InetAddress asked) {
        List<String> hosts = request.headers().getAll(HttpHeaderNames.HOST);
        boolean none = hosts.isEmpty() && request.protocolVersion().equals(HttpVersion.HTTP_1_0);
        if (hosts.size() != 1 && !none) {
            return Answer.text(400, "one Host\n"); // RFC 9112 §3.2
        }
        boolean foreign = !none && !NO_FOREIGN_NAME.matcher(hosts.get(0)).matches();
        return foreign && asked.isLoopbackAddress() ? Answer.text(421, "ask for localhost, or for an address\n") : null;
    }
}
