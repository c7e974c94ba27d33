package dev.sluice.engine.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;

class IdentityHeadersPropertyTest {

    @Property
    void matching_isEqualityUnderTheFold(
            @ForAll @Size(max = 8) Set<@NotEmpty @CharRange(from = '-', to = '~') String> names,
            @ForAll @NotEmpty @CharRange(from = '-', to = '~') String name) {
        IdentityHeaders identity = IdentityHeaders.of(names);
        assertThat(identity.matches(name))
                .isEqualTo(names.stream()
                        .map(IdentityHeadersPropertyTest::fold)
                        .toList()
                        .contains(fold(name)));
        assertThat(names)
                .allMatch(n -> identity.matches(n.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    private static String fold(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "-");
    }
}
