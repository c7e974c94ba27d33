package dev.sluice.api;

import java.util.Objects;
import java.util.Set;

/**
 * What to do instead when forwarding fails before the response's head, for the failures named.
 *
 * <p>It is used once: a fallback's own fallback is not consulted. One that would have to send the request's body again is
 * used only while no byte of that body has been passed on.
 *
 * @param when the failures for which it stands in
 * @param instead anything but {@link RouteDecision.NotFound}
 */
public record Fallback(Set<ProxyFailure.Kind> when, RouteDecision instead) {
    public Fallback {
        when = Set.copyOf(when);
        Objects.requireNonNull(instead, "instead");
        if (instead instanceof RouteDecision.NotFound) {
            throw new IllegalArgumentException("instead: NotFound (expected: Forward, Respond or Unready)");
        }
    }

    static void requireAnswer(String what, RouteDecision decision) {
        if (decision instanceof RouteDecision.NotFound || decision instanceof RouteDecision.Unready) {
            throw new IllegalArgumentException(what + ": " + decision + " (expected: Forward, OneOf or Respond)");
        }
    }
}
