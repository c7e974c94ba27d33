package dev.sluice.engine.exchange;

import java.util.List;

/** The head of an upstream's response, as far as an exchange decides on it. */
public interface ReplyHead {

    /** 100 to 999. */
    int status();

    /** The values of its {@code Set-Cookie} fields. */
    List<String> setCookieLines();
}
