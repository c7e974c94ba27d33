package dev.sluice.sso;

import dev.sluice.api.LocalResponse;

/** The few pages that people may see. */
final class Pages {

    private Pages() {}

    static LocalResponse page(int status, String title, String text, String more) {
        return LocalResponse.html(
                        status,
                        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                                + "<meta name=\"viewport\" content=\"width=device-width\"><title>" + escaped(title)
                                + "</title><body><h1>" + escaped(title) + "</h1><p>" + escaped(text) + "</p>" + more)
                .withHeader("Cache-Control", "no-store")
                .withHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
                .withHeader("Referrer-Policy", "same-origin");
    }

    static LocalResponse page(int status, String title, String text) {
        return page(status, title, text, "");
    }

    static String link(String url, String text) {
        return "<p><a href=\"" + escaped(url) + "\">" + escaped(text) + "</a></p>";
    }

    static LocalResponse unavailable() {
        return page(503, "Not available", "The login service does not answer. Please try again in a moment.")
                .withHeader("Retry-After", "5");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
