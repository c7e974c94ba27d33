package com.example.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.api.RouteDecision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceFileTest {

    private static final String REPORTS = """
            kind: Service
            metadata: { name: reports, namespace: tools, annotations: { proxy.example.com/host: Tools.example.org } }
            spec: { ports: [ { port: 8080 } ] }
            """;

    @Test
    void service_isReachedByItsNameInTheCluster() throws ServiceFileException {
        assertThat(upstream(REPORTS, "/")).isEqualTo("http://reports.tools.svc:8080");
        assertThat(upstream(REPORTS.replace(", namespace: tools", ""), "/"))
                .isEqualTo("http://reports.default.svc:8080");
        assertThat(upstream(REPORTS.replace("port: 8080", "port: 8443, appProtocol: https"), "/"))
                .isEqualTo("https://reports.tools.svc:8443");
    }

    @Test
    void externalName_isReachedByThatName() throws ServiceFileException {
        String external =
                REPORTS.replace("spec: { ", "spec: { type: ExternalName, externalName: reports.example.net, ");

        assertThat(upstream(external, "/")).isEqualTo("http://reports.example.net:8080");
    }

    @Test
    void longestPath_wins() throws ServiceFileException {
        String two = REPORTS + "---\n"
                + REPORTS.replace("name: reports", "name: archive")
                        .replace("annotations: {", "annotations: { proxy.example.com/path: /archive,");

        assertThat(upstream(two, "/week")).contains("//reports.");
        assertThat(upstream(two, "/archive")).contains("//archive.");
        assertThat(upstream(two, "/archives")).contains("//reports.");
    }

    @Test
    void listOfKubectl_andJson_areRead() throws ServiceFileException {
        String list = """
                {"apiVersion": "v1", "kind": "List", "items": [
                  {"kind": "Service", "metadata": {"name": "reports", "namespace": "tools",
                    "annotations": {"proxy.example.com/host": "tools.example.org"}},
                   "spec": {"ports": [{"port": 8080}]}}]}""";

        assertThat(upstream(list, "/")).isEqualTo("http://reports.tools.svc:8080");
    }

    @Test
    void otherObjects_andServicesThatAreNotPublished_arePassedOver() throws ServiceFileException {
        String others = """
                kind: Deployment
                spec: { replicas: 2 }
                ---
                ---
                kind: Service
                metadata: { name: inner }
                spec: { clusterIP: None }
                """;

        assertThat(ServiceFile.parse("services.yaml", others).size()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "port: 8080       | port: http   | spec: upstream: http://reports.tools.svc:http (expected: http://",
                "port: 8080       | port: 70000  | spec: upstream: http://reports.tools.svc:70000 (expected: http://",
                "{ port: 8080 }   | `          ` | Service reports: spec: ports: none (expected: at least one)",
                "{ port: 8080 }   | 8080         | ports[0]: \"8080\" (expected: a section)",
                "name: reports,   | `          ` | metadata: name: missing (expected: a text)",
                "Tools.example    | Tools:80     | host: tools:80.org (expected: a host without port",
                "{ proxy          | { proxy.example.com/path: reports, proxy | path: reports (expected: starts with /",
                "kind: Service    | kind: [      | services.yaml: line "
            })
    void unusableFile_isExplained(String part, String instead, String complaint) {
        String text = REPORTS.replace(part, instead);

        assertThat(text).isNotEqualTo(REPORTS);
        assertThatThrownBy(() -> ServiceFile.parse("services.yaml", text))
                .isInstanceOf(ServiceFileException.class)
                .hasMessageStartingWith("services.yaml")
                .hasMessageContaining(complaint);
    }

    @Test
    void documentThatIsNoObject_isRefused() {
        assertThatThrownBy(() -> ServiceFile.parse("services.yaml", "[ reports ]"))
                .hasMessage("services.yaml: a list (expected: a section)");
    }

    @Test
    void twoServicesOfOnePlace_areRefused() {
        assertThatThrownBy(() -> ServiceFile.parse("services.yaml", REPORTS + "---\n" + REPORTS))
                .hasMessage("services.yaml: tools.example.org twice (expected: one Service for each)");
    }

    private static String upstream(String yaml, String path) throws ServiceFileException {
        ServiceRoute route = ServiceFile.parse("services.yaml", yaml)
                .find("tools.example.org", path)
                .orElseThrow();
        return ((RouteDecision.Forward) route.decision().toCompletableFuture().join())
                .upstream()
                .toString();
    }
}
