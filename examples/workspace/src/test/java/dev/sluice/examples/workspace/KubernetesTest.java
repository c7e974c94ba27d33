package dev.sluice.examples.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.sluice.engine.launch.Main;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests against the schema of Kubernetes' own client, and against the configuration that they serve. */
class KubernetesTest {

    private static final Map<String, Schema> SCHEMAS = Map.of(
            "Deployment", V1Deployment::validateJsonElement,
            "NetworkPolicy", V1NetworkPolicy::validateJsonElement,
            "PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "Secret", V1Secret::validateJsonElement,
            "Service", V1Service::validateJsonElement);

    private interface Schema {
        void validate(JsonElement manifest) throws IOException;
    }

    @Test
    void everyManifest_isOfTheSchema() throws IOException {
        List<JsonObject> manifests = manifests();
        assertThat(manifests).hasSize(8);
        for (JsonObject manifest : manifests) {
            validate(manifest);
        }
    }

    @Test
    void misspeltField_isNoticed() throws IOException {
        JsonObject container = container();
        container.add("readyProbe", container.remove("readinessProbe"));
        assertThatThrownBy(() -> validate(deployment(container))).hasMessageContaining("readyProbe");
    }

    @Test
    void grace_isLongerThanThePauseAndTheDrain() throws IOException {
        JsonObject pod = manifest("Deployment").getAsJsonObject("spec").getAsJsonObject("template");
        int grace =
                pod.getAsJsonObject("spec").get("terminationGracePeriodSeconds").getAsInt();
        int pause = container()
                .getAsJsonObject("lifecycle")
                .getAsJsonObject("preStop")
                .getAsJsonObject("exec")
                .getAsJsonArray("command")
                .get(1)
                .getAsInt();
        assertThat(grace).isGreaterThan(pause + 30); // timeouts.drain
    }

    @Test
    void environment_isWhatTheConfigurationNeeds(@TempDir Path directory) throws Exception {
        Path printed = directory.resolve("printed");
        ProcessBuilder check = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--config",
                        "proxy.conf",
                        "--check")
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile());
        container().getAsJsonArray("env").forEach(entry -> {
            JsonObject variable = entry.getAsJsonObject();
            check.environment()
                    .put(
                            variable.get("name").getAsString(),
                            variable.get("value").getAsString());
        });
        manifest("Secret")
                .getAsJsonObject("stringData")
                .asMap()
                .forEach((name, value) -> check.environment().put(name, value.getAsString()));
        Process process = check.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("ends").isTrue();
        assertThat(process.exitValue()).as(Files.readString(printed)).isZero();
    }

    private static void validate(JsonObject manifest) throws IOException {
        String kind = manifest.get("kind").getAsString();
        assertThat(SCHEMAS).containsKey(kind);
        SCHEMAS.getOrDefault(kind, unknown -> {}).validate(manifest);
    }

    private static JsonObject container() throws IOException {
        return containerOf(manifest("Deployment"));
    }

    private static JsonObject containerOf(JsonObject deployment) {
        return deployment
                .getAsJsonObject("spec")
                .getAsJsonObject("template")
                .getAsJsonObject("spec")
                .getAsJsonArray("containers")
                .get(0)
                .getAsJsonObject();
    }

    private static JsonObject deployment(JsonObject container) throws IOException {
        JsonObject deployment = manifest("Deployment");
        deployment
                .getAsJsonObject("spec")
                .getAsJsonObject("template")
                .getAsJsonObject("spec")
                .getAsJsonArray("containers")
                .set(0, container);
        return deployment;
    }

    private static JsonObject manifest(String kind) throws IOException {
        return manifests().stream()
                .filter(manifest -> manifest.get("kind").getAsString().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonObject> manifests() throws IOException {
        List<JsonObject> manifests = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("kubernetes"))) {
            for (Path file : files.sorted().toList()) {
                var yaml = new Load(
                        LoadSettings.builder().setLabel(file.toString()).build());
                yaml.loadAllFromString(Files.readString(file))
                        .forEach(document ->
                                manifests.add(new Gson().toJsonTree(document).getAsJsonObject()));
            }
        }
        return manifests;
    }
}
