package dev.sluice.testkit.contract;

import dev.sluice.api.CookieMerger;
import dev.sluice.api.OwnCookies;
import dev.sluice.api.ProxyRequest;
import dev.sluice.api.SetCookie;
import dev.sluice.api.Trust;
import dev.sluice.testkit.FakeRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The suite tells a good merger from those that break one promise each. */
class CookieMergerContractTest {

    /** The example of {@link CookieMerger}; its heirs break one promise each. */
    static class Good extends CookieMergerContract implements CookieMerger {
        @Override
        protected CookieMerger merger() {
            return this;
        }

        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            return trust == Trust.TRUSTED ? lines : own.without(lines);
        }

        @Override
        public List<String> toClient(
                ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
            List<String> lines = new ArrayList<>(own.withoutSetting(application));
            proxy.forEach(cookie -> lines.add(cookie.toHeaderValue()));
            return lines;
        }
    }

    @Test
    void good_passes() {
        Suites.assertPasses(Good.class, 7);
    }

    static class PassesEverything extends Good {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            return lines;
        }
    }

    /** Takes the exact name for the only one. */
    static class MissesSpellings extends Good {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            return trust == Trust.TRUSTED
                    ? lines
                    : lines.stream()
                            .map(MissesSpellings::strip)
                            .filter(l -> !l.isEmpty())
                            .toList();
        }

        private static String strip(String line) {
            return String.join(
                    "; ",
                    Arrays.stream(line.split("; ", -1))
                            .filter(p -> !p.startsWith("__Host-session="))
                            .toList());
        }
    }

    static class MissesHandshakes extends Good {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            return request.webSocket() ? lines : super.toUpstream(request, trust, own, lines);
        }
    }

    /** Forgets the rule where it has one of its own. */
    static class MissesSpecialRequests extends Good {
        @Override
        protected List<ProxyRequest> specialRequests() {
            return List.of(FakeRequest.get("https://app.example.org/special"));
        }

        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            return request.path().equals("/special") ? lines : super.toUpstream(request, trust, own, lines);
        }
    }

    @Test
    void lettingOwnCookiesThrough_forSpecialRequests_fails() {
        Suites.assertFails(MissesSpecialRequests.class, "ownCookies_neverReachAnUntrustedUpstream");
    }

    @Test
    void lettingOwnCookiesThrough_fails() {
        Suites.assertFails(
                PassesEverything.class,
                "ownCookies_neverReachAnUntrustedUpstream",
                "applicationCookies_reachTheUpstream_byteForByteAndInOrder",
                "noCookies_orNoneLeft_giveNoField");
        Suites.assertFails(
                MissesSpellings.class,
                "ownCookies_neverReachAnUntrustedUpstream",
                "applicationCookies_reachTheUpstream_byteForByteAndInOrder");
        Suites.assertFails(MissesHandshakes.class, "ownCookies_neverReachAnUntrustedUpstream");
    }

    static class TrustsTheTrustedTooFar extends Good {
        @Override
        public List<String> toClient(
                ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
            OwnCookies guarded = trust == Trust.TRUSTED ? OwnCookies.NONE : own;
            return super.toClient(request, trust, guarded, application, proxy);
        }
    }

    @Test
    void lettingAnUpstreamSetOwnCookies_fails() {
        Suites.assertFails(TrustsTheTrustedTooFar.class, "upstreams_neitherSetNorClearOwnCookies");
    }

    static class WritesPairsAnew extends Good {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            return super.toUpstream(request, trust, own, lines).stream()
                    .map(line -> line.replace("\"", ""))
                    .toList();
        }
    }

    static class Sorts extends Good {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            return super.toUpstream(request, trust, own, lines).stream()
                    .map(line -> String.join(
                            "; ", Arrays.stream(line.split("; ", -1)).sorted().toList()))
                    .toList();
        }
    }

    @Test
    void changingApplicationCookies_fails() {
        Suites.assertFails(WritesPairsAnew.class, "applicationCookies_reachTheUpstream_byteForByteAndInOrder");
        Suites.assertFails(Sorts.class, "applicationCookies_reachTheUpstream_byteForByteAndInOrder");
    }

    static class JoinsLines extends Good {
        @Override
        public List<String> toClient(
                ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
            List<String> lines = super.toClient(request, trust, own, application, proxy);
            return lines.isEmpty() ? lines : List.of(String.join(", ", lines));
        }
    }

    static class ForgetsLocalAnswers extends Good {
        @Override
        public List<String> toClient(
                ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
            return application.isEmpty() ? List.of() : super.toClient(request, trust, own, application, proxy);
        }
    }

    @Test
    void joiningOrForgettingSetCookies_fails() {
        Suites.assertFails(JoinsLines.class, "setCookies_passByteForByte_inOrder_eachInALineOfItsOwn");
        Suites.assertFails(ForgetsLocalAnswers.class, "ownCookies_areSetWithLocalAnswers");
    }

    static class SendsEmptyFields extends Good {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            List<String> sent = super.toUpstream(request, trust, own, lines);
            return sent.isEmpty() ? List.of("") : sent;
        }
    }

    @Test
    void anEmptyField_fails() {
        Suites.assertFails(SendsEmptyFields.class, "noCookies_orNoneLeft_giveNoField");
    }

    static class Remembers extends Good {
        private int calls;

        @Override
        public List<String> toClient(
                ProxyRequest request, Trust trust, OwnCookies own, List<String> application, List<SetCookie> proxy) {
            return calls++ < 1 ? super.toClient(request, trust, own, application, proxy) : application;
        }
    }

    static class ChangesItsInput extends Good {
        @Override
        public List<String> toUpstream(ProxyRequest request, Trust trust, OwnCookies own, List<String> lines) {
            List<String> sent = List.copyOf(super.toUpstream(request, trust, own, lines));
            if (lines instanceof ArrayList) {
                lines.remove(lines.size() - 1);
                lines.addAll(List.of("c=4"));
            }
            return sent;
        }
    }

    @Test
    void impurity_fails() {
        Suites.assertFails(
                Remembers.class,
                "upstreams_neitherSetNorClearOwnCookies",
                "setCookies_passByteForByte_inOrder_eachInALineOfItsOwn",
                "sameInput_givesTheSameOutput_andIsLeftAsItWas");
        Suites.assertFails(ChangesItsInput.class, "sameInput_givesTheSameOutput_andIsLeftAsItWas");
    }
}
