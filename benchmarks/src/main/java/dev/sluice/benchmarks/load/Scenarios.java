package dev.sluice.benchmarks.load;

import dev.sluice.benchmarks.Traffic;
import java.util.ArrayList;
import java.util.List;

/** What is measured, in this order. */
final class Scenarios {

    private Scenarios() {}

    static List<Scenario> all(Options options, String sessionCookie) {
        int seconds = options.seconds();
        List<Scenario> all = new ArrayList<>();
        all.add(new Requests("small GET, 1 connection", "/small", 1, List.of(), seconds));
        all.add(new Requests("small GET, 64 connections", "/small", 64, List.of(), seconds));
        all.add(new Requests("small GET, 512 connections", "/small", 512, List.of(), seconds));
        List<String> cookie = List.of("Cookie: " + sessionCookie);
        all.add(new Requests("small GET with the session's cookie", "/small", 64, cookie, seconds));
        all.add(new Requests("12 fields, 6 cookies, 4 Set-Cookie", "/session", 64, browser(sessionCookie), seconds));
        all.add(new Requests("new connection each", "/small", 64, List.of("Connection: close"), seconds));
        all.add(new Requests("10 KiB", "/10k", 64, List.of(), seconds));
        all.add(new Requests("100 KiB", "/100k", 64, List.of(), seconds));
        all.add(new Bodies("1 GiB down", false));
        all.add(new Bodies("1 GiB up", true));
        all.add(new Echoes("WebSocket echo", seconds));
        all.add(new PacedRequests(2 * seconds));
        all.add(new Requests(Setup.TLS, "TLS, small GET, 64 connections", "/small", 64, List.of(), seconds));
        List<String> close = List.of("Connection: close");
        all.add(new Requests(Setup.TLS, "TLS, new connection each", "/small", 64, close, seconds));
        all.add(new IdleWebSockets(options.idle()));
        return all.stream()
                .filter(scenario -> options.scenarios().matcher(scenario.name()).find())
                .toList();
    }

    /** With {@code Host} and what the session's cookie is in place of, twelve fields and six cookies. */
    static List<String> browser(String sessionCookie) {
        return List.of(
                "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Language: en-GB,en;q=0.5",
                "Accept-Encoding: gzip, deflate, br, zstd",
                "Referer: https://jupyterlab-abc.apps.example.org/lab",
                "Upgrade-Insecure-Requests: 1",
                "Sec-Fetch-Dest: document",
                "Sec-Fetch-Mode: navigate",
                "Sec-Fetch-Site: same-origin",
                "Priority: u=0, i",
                "Cookie: " + Traffic.browserCookies().replaceAll("__Host-session=[^;]*", sessionCookie));
    }
}
