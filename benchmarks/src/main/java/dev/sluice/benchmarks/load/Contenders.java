package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** The proxies, set up for one task: everything to one upstream with kept connections, WebSockets to another. */
final class Contenders {

    /** One collector thread and a heap that a small deployment would give; see docs/performance.md. */
    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m");

    /** A heap that holds what is alive and little more; see docs/deployment.md. */
    private static final List<String> COMPACT_JVM = List.of(
            "-XX:+UseSerialGC", "-Xmx256m", "-XX:MaxNewSize=4m", "-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10");

    private static final String EVERYTHING = "";
    private static final String BODIES = "KiB$|GiB";

    private static final String NGINX = """
            upstream pages { server 127.0.0.1:%2$d; keepalive 512; keepalive_requests 1000000000; }
            upstream tunnels { server 127.0.0.1:%3$d; keepalive 512; keepalive_requests 1000000000; }
            server {
              listen 127.0.0.1:%1$d backlog=4096 %5$s;
              client_max_body_size 0;
              proxy_http_version 1.1;
              proxy_request_buffering off;
              proxy_max_temp_file_size 0;
              proxy_set_header Host $http_host;
              proxy_set_header X-Forwarded-For $remote_addr;
              proxy_set_header X-Forwarded-Host $http_host;
              proxy_set_header X-Forwarded-Proto $scheme;
              proxy_set_header Connection "";
              %4$s
              location /ws {
                proxy_pass http://tunnels;
                proxy_set_header Host $http_host;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection upgrade;
              }
              location /up { proxy_pass http://tunnels; }
              location / { proxy_pass http://pages; }
            }
            """;

    private static final String HAPROXY = """
            global
              maxconn 9900
              nbthread 1
            defaults
              mode http
              timeout connect 5s
              timeout client 60s
              timeout server 60s
              timeout tunnel 1h
              option forwardfor
              http-reuse safe
            frontend clients
              bind 127.0.0.1:%1$d backlog 4096 %4$s
              use_backend tunnels if { path_beg /ws } || { path_beg /up }
              default_backend pages
            backend pages
              server pages 127.0.0.1:%2$d pool-max-conn 512
            backend tunnels
              server tunnels 127.0.0.1:%3$d pool-max-conn 512
            """;

    private static final String SLUICE = """
            listen { port = %1$d, %4$s }
            pool { idle-per-upstream = 512, requests = 1000000000 }
            limits { connections-per-address = 20000, requests-per-connection = 10000000, exchanges-per-upstream = 20000 }
            authenticators = [ { plugin = anonymous } ]
            resolvers = [
              { plugin = static
                routes = [
                  { path = "/ws", upstream = "http://127.0.0.1:%3$d" }
                  { path = "/up", upstream = "http://127.0.0.1:%3$d" }
                  { upstream = "http://127.0.0.1:%2$d" }
                ]
              }
            ]
            """;

    private static final String SLUICE_WITH_SESSIONS = """
            listen { port = %1$d }
            pool { idle-per-upstream = 512, requests = 1000000000 }
            limits { connections-per-address = 20000, requests-per-connection = 10000000, exchanges-per-upstream = 20000 }
            authenticators = [ { plugin = sso, %5$s } ]
            resolvers = [ { plugin = redis-routes, url = "redis://127.0.0.1:%4$d" } ]
            """;

    private Contenders() {}

    static List<Contender> all(Lab lab) throws IOException {
        List<Contender> all = new ArrayList<>();
        Path certificate = lab.certificate();
        Path key = lab.key();
        // Left to itself, this one speaks 1.2 only, which resumes without an exchange of keys; the others speak 1.3.
        String nginxTls = "ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_certificate %s; ssl_certificate_key %s"
                .formatted(certificate, key);
        List<String> nginx = lab.nginx("nginx", ports(NGINX, "", ""));
        all.add(new Contender(
                Contender.BASE,
                Map.of(
                        Setup.ORDINARY, nginx,
                        Setup.COMPACT, nginx,
                        Setup.TLS, lab.nginx("nginx-tls", ports(NGINX, "", nginxTls))),
                Pattern.compile(EVERYTHING)));
        String buffers = "proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k;"
                + " client_body_buffer_size 64k;";
        all.add(new Contender(
                "nginx, 64 KiB buffers",
                Map.of(Setup.ORDINARY, lab.nginx("nginx-64k", ports(NGINX, buffers, ""))),
                Pattern.compile(BODIES)));
        Path both = lab.write("both.pem", Files.readString(certificate) + Files.readString(key));
        List<String> haproxy = haproxy(lab.write("haproxy.conf", ports(HAPROXY, "")));
        all.add(new Contender(
                "HAProxy",
                Map.of(
                        Setup.ORDINARY, haproxy,
                        Setup.COMPACT, haproxy,
                        Setup.TLS, haproxy(lab.write("haproxy-tls.conf", ports(HAPROXY, "ssl crt " + both)))),
                Pattern.compile(EVERYTHING)));
        List<String> bare = List.of(
                BareForwarder.class.getName(),
                Integer.toString(Lab.PROXY_PORT),
                Integer.toString(Lab.HTTP_PORT),
                Integer.toString(Lab.TUNNEL_PORT));
        all.add(new Contender(
                "bare Netty",
                Map.of(Setup.ORDINARY, java(JVM, "lib", bare)),
                Pattern.compile("^small GET, |" + BODIES)));
        List<String> plain = sluice(lab.write("sluice.conf", ports(SLUICE, "")));
        String tls = "tls { certificates = [ { certificate = \"%s\", key = \"%s\" } ] }".formatted(certificate, key);
        List<String> encrypted = sluice(lab.write("sluice-tls.conf", ports(SLUICE, tls)));
        all.add(new Contender(
                "Sluice",
                Map.of(
                        Setup.ORDINARY, java(JVM, "lib", plain),
                        Setup.COMPACT, java(COMPACT_JVM, "lib", plain),
                        Setup.TLS, java(JVM, "lib", encrypted)),
                Pattern.compile(EVERYTHING)));
        List<String> sessions =
                sluice(lab.write("sluice-sessions.conf", ports(SLUICE_WITH_SESSIONS, Session.REDIS_PORT, Session.SSO)));
        all.add(new Contender(
                "Sluice, session and route in Redis",
                Map.of(Setup.ORDINARY, java(JVM, "lib", sessions)),
                Pattern.compile("cookie")));
        if (Files.isDirectory(target().resolve("lib-natives"))) {
            all.add(new Contender(
                    "Sluice, epoll and OpenSSL, Netty 4.2.18",
                    Map.of(
                            Setup.ORDINARY, java(JVM, "lib-natives", plain),
                            Setup.TLS, java(JVM, "lib-natives", encrypted)),
                    Pattern.compile("^small GET, |GiB|^TLS")));
        }
        return all;
    }

    private static List<String> haproxy(Path config) {
        return List.of("haproxy", "-db", "-f", config.toString());
    }

    private static List<String> sluice(Path config) {
        return List.of("dev.sluice.engine.launch.Main", "--config", config.toString());
    }

    private static String ports(String template, Object... more) {
        List<Object> values = new ArrayList<>(List.of(Lab.PROXY_PORT, Lab.HTTP_PORT, Lab.TUNNEL_PORT));
        values.addAll(List.of(more));
        return template.formatted(values.toArray());
    }

    /** This JVM's own, with the jars of {@code lib} and this module's. */
    private static List<String> java(List<String> flags, String lib, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", target().resolve(lib) + "/*:" + target().resolve("benchmarks.jar")));
        command.addAll(arguments);
        return command;
    }

    private static Path target() {
        return Objects.requireNonNull(
                Path.of(System.getProperty("java.class.path")).toAbsolutePath().getParent());
    }
}
