package dev.sluice.django;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationTest {

    private static Application parse(String json) {
        return Application.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNotNeeded_isIgnored() {
        Application application =
                parse("{\"state\": \"RUNNING\", \"proxy_url\": \"http://10.0.0.1/\", \"x\": {\"y\": [1]}}");
        assertThat(application.state()).isEqualTo(Application.State.RUNNING);
        assertThat(application.address()).hasToString("Optional[http://10.0.0.1:80]");
        assertThat(application.wrapped()).isFalse();
        assertThat(application.id()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "null",
                "{}",
                "{\"state\": \"RUNNING\"",
                "{\"state\": \"running\"}",
                "{\"state\": [\"RUNNING\"]}",
                "{\"state\": \"RUNNING\", \"proxy_url\": \"ftp://10.0.0.1\"}",
                "{\"state\": \"RUNNING\", \"proxy_url\": \"http://u:p@10.0.0.1/\"}",
                "{\"state\": \"RUNNING\", \"proxy_url\": \"http://10.0.0.1/path\"}",
                "{\"state\": \"RUNNING\", \"proxy_url\": \"http://10.0.0.1:99999/\"}",
                "{\"state\": \"RUNNING\", \"proxy_url\": {\"a\": 1}}",
                "{\"state\": \"RUNNING\", \"wrap\": true}"
            })
    void whatCannotBeActedOn_isRefusedWithoutQuotingIt(String json) {
        assertThatThrownBy(() -> parse(json))
                .isInstanceOf(UnusableAnswerException.class)
                .hasMessageNotContaining("10.0.0.1");
    }

    @Test
    void deeplyNestedAnswer_isRefused() {
        assertThatThrownBy(() -> parse("{\"x\":" + "[".repeat(30_000))).isInstanceOf(UnusableAnswerException.class);
    }
}
