package dev.sluice.django;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.Network;
import dev.sluice.api.Upstream;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamNetworksTest {

    private static String checked(String url, String... networks) {
        return new UpstreamNetworks(Stream.of(networks).map(Network::of).toList(), Runnable::run)
                .check(Upstream.of(url))
                .toCompletableFuture()
                .join()
                .toString();
    }

    @ParameterizedTest
    @CsvSource({
        "http://10.255.255.255:1, 10.0.0.0/8, http://10.255.255.255:1",
        "http://10.1.2.3, 10.1.2.3, http://10.1.2.3:80",
        "http://10.1.2.130, 10.1.2.128/25, http://10.1.2.130:80",
        "https://10.1.2.3, 0.0.0.0/0, https://10.1.2.3:443",
        "http://[fd00::1]:81, fd00::/8, http://[fd00:0:0:0:0:0:0:1]:81",
        "http://[::ffff:10.0.0.1], 10.0.0.0/8, http://10.0.0.1:80",
    })
    void addressInside_isPassed(String url, String network, String connected) {
        assertThat(checked(url, network)).isEqualTo(connected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://11.0.0.1",
                "http://169.254.169.254",
                "http://127.0.0.1",
                "http://[::1]",
                "http://[::ffff:127.0.0.1]",
                "http://localhost",
                "https://localhost",
                "http://no-such-host.invalid",
            })
    void addressOutside_isRefused(String url) {
        assertThatThrownBy(() -> checked(url, "10.0.0.0/8", "fd00::/8"))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(UnusableAnswerException.class);
    }

    @Test
    void name_isConnectedToByTheAddressThatWasChecked() {
        assertThat(checked("http://localhost:81", "127.0.0.0/8", "::1")).matches("http://(127.0.0.1|\\[[0:]+1]):81");
    }

    @Test
    void nameUnderTls_staysForItsCertificate() {
        assertThat(checked("https://localhost", "127.0.0.0/8", "::1")).isEqualTo("https://localhost:443");
    }

    @Test
    void names_areResolvedElsewhere() {
        List<Runnable> handedOver = new java.util.ArrayList<>();
        var stage = new UpstreamNetworks(List.of(Network.of("127.0.0.0/8"), Network.of("::1")), handedOver::add)
                .check(Upstream.of("http://localhost"));
        assertThat(stage.toCompletableFuture()).isNotDone();
        handedOver.forEach(Runnable::run);
        assertThat(stage.toCompletableFuture()).isCompleted();
    }
}
