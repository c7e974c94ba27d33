package dev.sluice.engine.config;

import dev.sluice.api.spi.PluginConfigException;
import dev.sluice.engine.CertificateFiles;
import dev.sluice.engine.ListenTls;
import dev.sluice.engine.ListenTls.ClientCertificates;
import dev.sluice.engine.UpstreamTls;
import dev.sluice.engine.builtin.HostPattern;
import dev.sluice.engine.tls.ClientTls;
import dev.sluice.engine.tls.ServerTls;
import dev.sluice.engine.tls.TlsFileException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The sections about TLS. Their files are tried at once, so that what cannot be used is a complaint about its key. */
final class TlsConfig {

    private enum Mode {
        REQUIRED,
        OPTIONAL
    }

    private interface Trial {
        void run() throws TlsFileException;
    }

    private final Complaints complaints;
    private final Map<Path, Function<String, PluginConfigException>> places = new HashMap<>();

    private TlsConfig(Complaints complaints) {
        this.complaints = complaints;
    }

    /** The section {@code tls} of {@code listen}. */
    static Optional<ListenTls> listen(Section listen) {
        return listen.complaints()
                .attempt(() -> listen.config().open("tls").map(tls -> new TlsConfig(listen.complaints()).listen(tls)));
    }

    private ListenTls listen(HoconConfig tls) {
        List<ListenTls.Certificate> certificates = new ArrayList<>();
        for (HoconConfig entry : tls.openAll("certificates")) {
            certificates.add(new ListenTls.Certificate(files(entry), hosts(new Section(entry, complaints))));
        }
        if (certificates.isEmpty()) {
            throw tls.wrong(
                    "certificates",
                    "none (expected: at least one, such as certificates = [ { certificate = "
                            + "\"proxy.pem\", key = \"proxy.key\" } ])");
        }
        List<ClientCertificates> rules = new ArrayList<>();
        for (HoconConfig entry : tls.openAll("client-certificates")) {
            rules.add(rule(entry));
        }
        ListenTls settings = new ListenTls(certificates, rules);
        attempt(() -> new ServerTls(settings));
        return settings;
    }

    private List<String> hosts(Section section) {
        List<String> hosts = new ArrayList<>();
        section.forEach("hosts", host -> hosts.add(HostPattern.of(host).toString()));
        return hosts;
    }

    private ClientCertificates rule(HoconConfig entry) {
        Path trust = file(entry, "trust");
        boolean required = entry.oneOf(Mode.class, "mode", Mode.REQUIRED) == Mode.REQUIRED;
        List<HostPattern> hosts = new ArrayList<>();
        complaints.attempt(() -> entry.open("when")).ifPresent(when -> {
            complaints.forEach(when, "hosts", host -> hosts.add(HostPattern.of(host)));
            if (hosts.isEmpty()) {
                complaints.add(
                        entry.wrong("when", "no hosts (expected: hosts, which is all that is known before a request)"));
            }
        });
        return new ClientCertificates(trust, required, hosts);
    }

    /** The section {@code upstream-tls}. */
    static UpstreamTls upstream(Section section) {
        return section.complaints()
                .or(UpstreamTls.DEFAULT, () -> new TlsConfig(section.complaints()).upstream(section.config()));
    }

    private UpstreamTls upstream(HoconConfig section) {
        Optional<Path> trust = section.optional("trust").map(text -> file(section, "trust"));
        boolean known = section.optional("certificate").isPresent()
                | section.optional("key").isPresent();
        UpstreamTls settings = new UpstreamTls(trust, known ? Optional.of(files(section)) : Optional.empty());
        attempt(() -> new ClientTls(settings));
        return settings;
    }

    private CertificateFiles files(HoconConfig section) {
        return new CertificateFiles(file(section, "certificate"), file(section, "key"));
    }

    private Path file(HoconConfig section, String key) {
        try {
            Path file = Path.of(section.string(key));
            places.putIfAbsent(file, problem -> section.wrongFile(key, problem));
            return file;
        } catch (InvalidPathException e) {
            throw section.wrongFile(key, "not a path (expected: a file in PEM)");
        }
    }

    private void attempt(Trial trial) {
        try {
            trial.run();
        } catch (TlsFileException e) {
            String problem = String.valueOf(e.getMessage());
            Function<String, PluginConfigException> place = places.get(e.file());
            complaints.add(place == null ? new PluginConfigException(problem) : place.apply(problem));
        }
    }
}
