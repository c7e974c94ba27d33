package dev.sluice.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieDomainTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a.example.org | s=1                                    | stays",
                "a.example.org | s=1; Path=/; Secure                    | stays",
                "a.example.org | s=1; Domain=a.example.org              | stays",
                "a.example.org | s=1; domain=.A.Example.ORG             | stays",
                "a.example.org | s=1; Domain=b.a.example.org            | stays",
                "a.example.org | s=1; Domain=b.example.org              | stays",
                "a.example.org | s=1; Domain=example.com                | stays",
                // Not behind a dot: no domain-match (RFC 6265 §5.1.3).
                "a.example.org | s=1; Domain=xample.org                 | stays",
                "a.example.org | s=1; Domain=                           | stays",
                "a.example.org | s=1; Domain                            | stays",
                "a.example.org | s=Domain=example.org                   | stays",
                "a.example.org | s=1; Path=/;x-Domain=example.org       | stays",
                "a.example.org | s=1; Path=/Domain=example.org          | stays",
                "a.example.org | s=1; Domain=example.org                | goes",
                "a.example.org | s=1; Domain=org                        | goes",
                "a.example.org | s=1;dOmAiN=.EXAMPLE.org                | goes",
                "a.example.org | s=1;  Domain  =  example.org  ; Secure | goes",
                "a.example.org | s=1; Domain=example.org.               | goes",
                "a.example.org | s=1; Domain=.                          | goes",
                "a.example.org | =s; Domain=example.org                 | goes",
                "a.example.org | ; Domain=example.org                   | goes",
                // Of several the last counts (§5.3, step 4), an empty one not in every browser.
                "a.example.org | s=1; Domain=example.org; Domain=a.example.org | stays",
                "a.example.org | s=1; Domain=a.example.org; Domain=example.org | goes",
                "a.example.org | s=1; Domain=example.org; Domain=       | goes",
                // What browsers may fold to a parent.
                "a.example.org | s=1; Domain=ex\u00e4mple.org           | goes",
                "a.example.org | s=1; Domain=%65xample.org              | goes",
                "localhost     | s=1; Domain=localhost                  | stays",
                "localhost     | s=1; Domain=host                       | stays",
                "192.0.2.7     | s=1; Domain=192.0.2.7                  | stays",
                "192.0.2.7     | s=1; Domain=2.7                        | goes",
                "[2001:db8::1] | s=1; Domain=[2001:db8::1]              | stays",
            })
    void lineForAParentDomain_isLeftOut(String host, String line, String outcome) {
        List<String> lines = List.of("first=1; Path=/", line, "last=1");
        if (outcome.equals("stays")) {
            assertThat(CookieDomain.withoutParents(lines, host)).isSameAs(lines);
        } else {
            assertThat(CookieDomain.withoutParents(lines, host)).containsExactly("first=1; Path=/", "last=1");
        }
    }

    /** A browser ignores an attribute whose value has more than 1024 octets (RFC 6265bis §5.6). */
    @Test
    void overlongDomain_doesNotCount() {
        String overlong = "; Domain=" + "x".repeat(1025);
        assertThat(CookieDomain.withoutParents(List.of("s=1; Domain=example.org" + overlong), "a.example.org"))
                .isEmpty();
        assertThat(CookieDomain.withoutParents(List.of("s=1" + overlong), "a.example.org"))
                .hasSize(1);
    }
}
