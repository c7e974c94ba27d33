package dev.sluice.api;

import java.util.List;

/**
 * Decides how the cookies of the proxy and of the application live together.
 *
 * <p>Two pure functions, called on an event loop for every head in each direction: requests, final responses, 101s,
 * local answers and error pages. They do no I/O and keep no state between calls. An exception refuses the request (500)
 * or, on a response, replaces it by a 500 without cookies.
 *
 * <p>Whatever else a merger does, it hands lines for an untrusted upstream through {@link OwnCookies#without} and an
 * upstream's lines through {@link OwnCookies#withoutSetting}; the contract suite of the testkit checks it. What an
 * untrusted application sets for its siblings too, {@link CookieDomain#withoutParents} leaves out.
 *
 * <pre>{@code
 * final class PlainMerger implements CookieMerger {
 *     @Override
 *     public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
 *         return trust == Trust.TRUSTED ? lines : own.without(lines);
 *     }
 *
 *     @Override
 *     public List<String> toClient(
 *             ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
 *         List<String> lines = new ArrayList<>(own.withoutSetting(application));
 *         proxy.forEach(cookie -> lines.add(cookie.toHeaderValue()));
 *         return lines;
 *     }
 * }
 * }</pre>
 */
public interface CookieMerger extends AutoCloseable {

    /**
     * What the upstream sees of the client's cookies.
     *
     * @param cookieLines the values of the request's {@code Cookie} fields, in order; usually one
     * @return the values to send on. The engine sends one field line, joining them with {@code "; "} (RFC 9110 §5.3), or
     *     none if the list is empty.
     */
    List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> cookieLines);

    /**
     * What the browser sees of the application's cookies and the proxy's.
     *
     * @param application the values of the response's {@code Set-Cookie} fields, one for each line, in order; empty for a
     *     local answer
     * @param proxy the cookies that the proxy itself sets with this response
     * @return the values to send, each as a {@code Set-Cookie} field line of its own (they must never be joined, RFC
     *     6265bis §3)
     */
    List<String> toClient(
            ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy);

    /** Releases what the merger holds. Called once; no call follows it. */
    @Override
    default void close() {}
}
