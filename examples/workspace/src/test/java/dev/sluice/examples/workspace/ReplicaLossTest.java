package dev.sluice.examples.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a person sees of it when replicas end while she works. Each is ended once, so that it hits every connection. */
@ExtendWith(StartedWorkspace.class)
class ReplicaLossTest {

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int DOWNLOADS = 4;

    /** More than the sockets between the browser and a replica can hold. */
    private static final int BYTES = 128 << 20;

    /** Downloads that stop after their first bytes, until the gate opens; and how many bytes each then had. */
    private static final String DOWNLOAD = """
            const gate = new Promise(open => { window.openGate = open })
            const download = async () => {
              const answer = await fetch('/sample/' + arguments[1], {cache: 'no-store'})
              const reader = answer.body.getReader()
              let bytes = (await reader.read()).value.length
              window.started++
              await gate
              for (let next = await reader.read(); !next.done; next = await reader.read()) bytes += next.value.length
              return bytes
            }
            window.started = 0
            window.downloads = Promise.all(Array.from({length: arguments[0]}, () => download().catch(e => 'cut-off')))
            window.ends = []
            window.noteEnd ??= end => window.ends.push(end.code) // one function: a socket takes it as a listener once
            kernel.addEventListener('close', window.noteEnd)
            """;

    /** Visits one after the other, and how many of them went wrong. */
    private static final String VISITS = """
            window.visits = {good: 0, bad: 0}
            const visit = () => fetch('/?visit').then(answer => answer.text().then(() => answer.ok), () => false)
              .then(good => { visits[good ? 'good' : 'bad']++; setTimeout(visit, 20) })
            visit()
            """;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Browser browser;

    @BeforeEach
    void work(Workspace started) throws IOException {
        workspace = started;
        browser = Browser.start(directory);
        browser.open(workspace.url().toString());
        browser.logIn("carol");
        browser.click("#open-notebook");
        browser.awaitText("#state", "connected");
        runCell("answer = 41", "");
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void replicaIsKilled_openConnectionsBreakVisiblyAndTheNextOnesWork() {
        startDownloads();
        for (int index = 0; index < 2; index++) {
            Part replica = workspace.replica(index);
            replica.process().destroyForcibly();
            awaitNext(index, replica);
        }
        browser.run("window.openGate()");
        assertThat(finished()).containsOnly("cut-off");
        assertThat(browser.run("return String(window.ends)")).isEqualTo("1006");

        browser.awaitText("#state", "connected");
        runCell("answer + 1", "42");
        browser.open(workspace.url().toString());
        browser.awaitText("#who", "carol");
    }

    @Test
    void replicaIsDrained_downloadsEndWholeAndNobodyIsTurnedAway() {
        browser.run(VISITS);
        for (int index = 0; index < 2; index++) {
            browser.awaitText("#state", "connected");
            startDownloads();
            Part replica = workspace.replica(index);
            replica.process().destroy();
            await().atMost(PATIENCE).until(() -> readiness(replica) != 200);
            browser.awaitText("#state", "connected");
            browser.run("window.openGate()");
            assertThat(finished()).containsOnly(String.valueOf(BYTES));
            awaitNext(index, replica);
        }
        // Wherever the notebook's WebSocket was at first, it was at the second replica when that was drained.
        assertThat(browser.run("return String(window.ends)")).isEqualTo("1001");
        assertThat(browser.run("return window.visits.bad")).isEqualTo("0");
        assertThat(browser.run("return window.visits.good")).isNotEqualTo("0");
        runCell("answer + 1", "42");
    }

    private void startDownloads() {
        browser.run(DOWNLOAD, DOWNLOADS, BYTES);
        await().atMost(PATIENCE)
                .until(() -> browser.run("return window.started").equals(String.valueOf(DOWNLOADS)));
    }

    private String[] finished() {
        return browser.call("window.downloads.then(all => arguments[0](all.join(' ')))")
                .split(" ");
    }

    private void runCell(String code, String result) {
        browser.type("#code", code);
        browser.click("#run");
        browser.awaitText(".out:last-child", result);
    }

    /** Waits until the replica that takes this one's place can serve. */
    private void awaitNext(int index, Part replica) {
        await().atMost(PATIENCE)
                .until(() -> workspace.replica(index) != replica && readiness(workspace.replica(index)) == 200);
    }

    private int readiness(Part replica) throws InterruptedException {
        try {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + replica.port() + "/readyz"));
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }
}
