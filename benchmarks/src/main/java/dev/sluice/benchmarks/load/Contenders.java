package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The proxies, set up for one task: everything to one upstream with kept connections, WebSockets to another. */
final class Contenders {

    /** One collector thread and a heap that a small deployment would give; see docs/performance.md. */
    private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xms256m", "-Xmx256m");

    private static final String NGINX = """
            upstream pages { server 127.0.0.1:%2$d; keepalive 512; keepalive_requests 1000000000; }
            upstream tunnels { server 127.0.0.1:%3$d; keepalive 512; keepalive_requests 1000000000; }
            server {
              listen 127.0.0.1:%1$d backlog=4096;
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
              maxconn 9000
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
              bind 127.0.0.1:%1$d backlog 4096
              use_backend tunnels if { path_beg /ws } || { path_beg /up }
              default_backend pages
            backend pages
              server pages 127.0.0.1:%2$d pool-max-conn 512
            backend tunnels
              server tunnels 127.0.0.1:%3$d pool-max-conn 512
            """;

    private static final String SLUICE = """
            listen { port = %1$d }
            pool { idle-per-upstream = 512, requests = 1000000000 }
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

    private Contenders() {}

    static List<Contender> all(Lab lab) throws IOException {
        List<Contender> all = new ArrayList<>();
        all.add(new Contender(Contender.BASE, lab.nginx("nginx", ports(NGINX, ""))));
        all.add(new Contender(
                "nginx, 64 KiB buffers",
                lab.nginx(
                        "nginx-64k",
                        ports(
                                NGINX,
                                "proxy_buffer_size 64k; proxy_buffers 8 64k; proxy_busy_buffers_size 128k;"
                                        + " client_body_buffer_size 64k;"))));
        Path haproxy = lab.write("haproxy.conf", ports(HAPROXY));
        all.add(new Contender("HAProxy", List.of("haproxy", "-db", "-f", haproxy.toString())));
        all.add(new Contender(
                "bare Netty",
                java(
                        "lib",
                        BareForwarder.class.getName(),
                        Integer.toString(Lab.PROXY_PORT),
                        Integer.toString(Lab.HTTP_PORT),
                        Integer.toString(Lab.TUNNEL_PORT))));
        Path config = lab.write("sluice.conf", ports(SLUICE));
        String main = "dev.sluice.engine.launch.Main";
        all.add(new Contender("Sluice", java("lib", main, "--config", config.toString())));
        if (Files.isDirectory(target().resolve("lib-natives"))) {
            all.add(new Contender(
                    "Sluice, epoll, Netty 4.2.18", java("lib-natives", main, "--config", config.toString())));
        }
        return all;
    }

    private static String ports(String template, Object... more) {
        List<Object> values = new ArrayList<>(List.of(Lab.PROXY_PORT, Lab.HTTP_PORT, Lab.TUNNEL_PORT));
        values.addAll(List.of(more));
        return template.formatted(values.toArray());
    }

    /** This JVM's own, with the jars of {@code lib} and this module's. */
    private static List<String> java(String lib, String main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", target().resolve(lib) + "/*:" + target().resolve("benchmarks.jar"), main));
        command.addAll(List.of(arguments));
        return command;
    }

    private static Path target() {
        return Objects.requireNonNull(
                Path.of(System.getProperty("java.class.path")).toAbsolutePath().getParent());
    }
}
