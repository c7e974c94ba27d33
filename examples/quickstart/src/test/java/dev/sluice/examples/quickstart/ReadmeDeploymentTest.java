package dev.sluice.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.engine.launch.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The deployment that the README shows starts: with all plugins on the class path, and nothing running that it names. */
class ReadmeDeploymentTest {

    @Test
    void deploymentOfTheReadme_passesTheCheck(@TempDir Path directory) throws IOException, InterruptedException {
        String readme = Files.readString(Path.of("../../README.md"));
        int start = readme.indexOf("```hocon\n") + "```hocon\n".length();
        Path config = directory.resolve("proxy.conf");
        Files.writeString(config, readme.substring(start, readme.indexOf("```", start)));
        Path printed = directory.resolve("printed");
        ProcessBuilder check = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--config",
                        config.toString(),
                        "--check")
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        check.environment()
                .putAll(Map.of(
                        "SSO_SECRET", "secret",
                        "SESSION_SECRET", "a-long-random-text-of-at-least-32-characters",
                        "REDIS_URL", "redis://127.0.0.1:1"));
        Process process = check.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        String output = Files.readString(printed, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as(output).isZero();
        assertThat(output).contains("ip-allow", "anonymous", "sso", "redis-routes", "django-lookup", "static");
    }
}
