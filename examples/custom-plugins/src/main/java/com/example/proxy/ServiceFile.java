package com.example.proxy;

import dev.sluice.api.PathReadings;
import dev.sluice.api.RouteDecision;
import dev.sluice.api.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the Services of Kubernetes manifests: YAML documents, JSON, or the List that
 * {@code kubectl get services -o yaml} prints. A Service is published by annotations:
 *
 * <pre>{@code
 * kind: Service
 * metadata:
 *   name: reports
 *   namespace: tools
 *   annotations:
 *     proxy.example.com/host: tools.example.org
 *     proxy.example.com/path: /reports        # optional
 * spec:
 *   ports: [ { port: 8080 } ]
 * }</pre>
 *
 * <p>Services without these annotations, and objects of other kinds, are not this proxy's and are passed over.
 */
final class ServiceFile {

    private static final String HOST = "proxy.example.com/host";
    private static final String PATH = "proxy.example.com/path";

    private final String name;
    private final List<ServiceRoute> routes = new ArrayList<>();

    private ServiceFile(String name) {
        this.name = name;
    }

    /** @param name of the file, for messages */
    static ServiceTable parse(String name, String text) throws ServiceFileException {
        ServiceFile file = new ServiceFile(name);
        try {
            for (Object document :
                    new Load(LoadSettings.builder().setLabel(name).build()).loadAllFromString(text)) {
                if (document != null) { // what stands between two lines of "---"
                    file.read(Manifest.of(name, document));
                }
            }
        } catch (YamlEngineException e) {
            throw new ServiceFileException(name + ": " + problem(e));
        }
        return new ServiceTable(name, file.routes);
    }

    /** In one line, for the log. */
    private static String problem(YamlEngineException e) {
        if (e instanceof MarkedYamlEngineException marked
                && marked.getProblemMark().isPresent()) {
            return "line " + (marked.getProblemMark().get().getLine() + 1) + ": " + marked.getProblem();
        }
        return "not YAML: " + e.getClass().getSimpleName();
    }

    private void read(Manifest manifest) throws ServiceFileException {
        String kind = manifest.text("kind");
        if (kind.equals("List")) {
            for (Object item : manifest.list("items")) {
                read(Manifest.of(name + ": items", item));
            }
        } else if (kind.equals("Service")) {
            readService(manifest);
        }
    }

    private void readService(Manifest manifest) throws ServiceFileException {
        String service = manifest.section("metadata").text("name");
        Manifest named = new Manifest(name + ": Service " + service, manifest.fields());
        Manifest annotations = named.section("metadata").section("annotations");
        if (annotations.fields().containsKey(HOST)) {
            routes.add(new ServiceRoute(
                    host(annotations), path(annotations), RouteDecision.forward(upstream(service, named))));
        }
    }

    private static String host(Manifest annotations) throws ServiceFileException {
        String host = annotations.text(HOST).toLowerCase(Locale.ROOT);
        if (!host.matches("[a-z0-9.-]+")) {
            throw annotations.wrong(HOST, host + " (expected: a host without port, such as tools.example.org)");
        }
        return host;
    }

    private static String path(Manifest annotations) throws ServiceFileException {
        String path = annotations.text(PATH, "/");
        if (!PathReadings.isPrefix(path)) {
            throw annotations.wrong(PATH, path + PathReadings.EXPECTED_PREFIX);
        }
        return PathReadings.withoutSlash(path);
    }

    /** The name that the cluster's DNS knows, or what an ExternalName says; the first port counts. */
    private static Upstream upstream(String service, Manifest manifest) throws ServiceFileException {
        Manifest spec = manifest.section("spec");
        List<?> ports = spec.list("ports");
        if (ports.isEmpty()) {
            throw spec.wrong("ports", "none (expected: at least one)");
        }
        Manifest port = Manifest.of(spec.place() + ": ports[0]", ports.get(0));
        String host = spec.text("type", "ClusterIP").equals("ExternalName")
                ? spec.text("externalName")
                : service + "." + manifest.section("metadata").text("namespace", "default") + ".svc";
        try {
            return Upstream.of(port.text("appProtocol", "http") + "://" + host + ":" + port.text("port"));
        } catch (IllegalArgumentException e) {
            throw new ServiceFileException(spec.place() + ": " + e.getMessage());
        }
    }
}
