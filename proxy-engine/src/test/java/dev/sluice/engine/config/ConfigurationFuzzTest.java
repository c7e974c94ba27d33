package dev.sluice.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sluice.api.spi.PluginConfigException;
import java.nio.charset.StandardCharsets;

/** Whatever a configuration says: it is taken or refused with a message, and nothing else. */
class ConfigurationFuzzTest {

    @FuzzTest(maxDuration = "3m")
    void configuration_isTakenOrRefusedInWords(byte[] text) {
        try {
            ProxyConfig.read(HoconConfig.parse(new String(text, StandardCharsets.UTF_8)));
        } catch (PluginConfigException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }
}
