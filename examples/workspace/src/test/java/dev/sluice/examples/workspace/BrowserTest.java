package dev.sluice.examples.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The workspace as people meet it. */
@ExtendWith(StartedWorkspace.class)
class BrowserTest {

    private static final String GIBIBYTE = "1073741824";

    private static final String PUT_NOTEBOOK = """
            const cell = {cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source: 'sum(range(101))'}
            const kernelspec = {name: 'python3', display_name: 'Python 3', language: 'python'}
            const content = {cells: [cell], metadata: {kernelspec}, nbformat: 4, nbformat_minor: 4}
            const xsrf = document.cookie.match(/_xsrf=([^;]+)/)[1]
            fetch('/api/contents/sum.ipynb', {
              method: 'PUT', headers: {'X-XSRFToken': xsrf}, body: JSON.stringify({type: 'notebook', content})
            }).then(answer => arguments[0](answer.status))
            """;

    @TempDir
    private Path directory;

    private Workspace workspace;
    private Browser browser;

    @BeforeEach
    void start(Workspace started) throws IOException {
        workspace = started;
        browser = Browser.start(directory);
    }

    @AfterEach
    void stop() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void analyst_logsInWorksInANotebookAndLogsOut() throws Exception {
        String notebook = tool("notebook", "1");
        browser.open(notebook + "/?deep=link");
        browser.awaitText("h1", "Example organisation");
        browser.screenshot("login");
        browser.logIn("alice");

        browser.awaitText("h1", "Starting Notebook");
        assertThat(browser.url()).isEqualTo(notebook + "/?deep=link");
        browser.awaitText("#countdown", "seconds left");
        browser.screenshot("spawning");

        browser.awaitText("#state", "connected");
        assertThat(browser.url()).isEqualTo(notebook + "/?deep=link");
        browser.type("#code", "import math\n[math.comb(4, n) for n in range(5)]");
        browser.click("#run");
        browser.awaitText(".out", "[1, 4, 6, 4, 1]");

        Path small = Files.writeString(directory.resolve("cities.csv"), "name,people\nLeeds,812000\n");
        browser.choose("#file", small.toFile());
        browser.awaitText("#uploaded", Files.size(small) + " bytes, SHA-256 " + sha256(small));
        browser.type("#code", "print(open('cities.csv').read())");
        browser.click("#run");
        browser.awaitText(".out", "Leeds,812000");
        browser.screenshot("notebook");

        browser.click("#download");
        Path sample = browser.download("sample-" + GIBIBYTE + ".bin");
        await().atMost(Duration.ofSeconds(120)).until(() -> Files.exists(sample));
        assertThat(sample).hasSize(Long.parseLong(GIBIBYTE));
        assertThat(sha256(sample))
                .isEqualTo(browser.call(
                        "fetch('/sample/' + arguments[0] + '/sha256').then(a => a.text()).then(arguments[1])",
                        GIBIBYTE));

        String first = browser.tab();
        browser.newTab(workspace.url().toString());
        browser.awaitText("#who", "alice");
        browser.screenshot("home");
        browser.click("#log-out");
        browser.awaitText("body", "You are logged out");

        browser.switchTo(first);
        browser.awaitText("#state", "closed: 1008");
        browser.screenshot("logged-out");
        browser.open(notebook);
        browser.awaitText("h1", "Example organisation");
    }

    @Test
    void jupyter_runsACell() throws Exception {
        StartedWorkspace.require(Packages.hasJupyter() ? List.of() : List.of("jupyter-notebook"));
        browser.open(tool("jupyter", "1"));
        browser.logIn("alice");
        browser.awaitText("body", "Clusters");
        // Jupyter sends the cookie that this needs with its first response, and with no other.
        assertThat(browser.call(PUT_NOTEBOOK)).isEqualTo("201");
        browser.open(tool("jupyter", "1") + "/notebooks/sum.ipynb");
        browser.awaitTrue("Jupyter.notebook.kernel && Jupyter.notebook.kernel.is_connected()");
        browser.run("Jupyter.notebook.execute_all_cells()");
        browser.awaitText(".output_text", "5050");
        browser.screenshot("jupyter");
    }

    @Test
    void stranger_isShownWhatIsNotForHim() throws Exception {
        browser.open(workspace.url().toString());
        browser.logIn("bob");
        browser.awaitText("main", "Nothing here is for you yet");
        browser.open(tool("notebook", "1"));
        browser.awaitText("h1", "Not for you");
        browser.screenshot("forbidden");
        browser.open(tool("nothing", "2"));
        browser.awaitText("h1", "Nothing here");
        browser.open(site("handbook"));
        browser.awaitText("body", "You may not use this.");
    }

    @Test
    void admin_endsAnothersSessions() throws Exception {
        try (Browser another = Browser.start(directory.resolve("another"))) {
            another.open(tool("notebook", "4"));
            another.logIn("dan");
            another.awaitText("#state", "connected");

            browser.open(workspace.url().toString());
            browser.logIn("carol");
            browser.click("#open-handbook");
            browser.awaitText("h1", "Handbook");
            browser.open(workspace.url() + "/admin/workspace/application/");
            browser.awaitText("td.field-who", "dan");
            browser.screenshot("admin");
            browser.open(workspace.url() + "/admin/auth/user/");
            browser.run("[...document.querySelectorAll('tr')].find(row => row.textContent.includes('dan@'))"
                    + ".querySelector('input').click()");
            browser.run("document.querySelector('select[name=action]').value = 'log_out'");
            browser.click("button[name=index]");
            browser.awaitText(".messagelist", "sessions ended");

            another.awaitText("#state", "closed: 1008");
        }
    }

    /** The host of a tool, for a user by the id that the provider gives. */
    private String tool(String name, String subject) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(subject.getBytes());
        return site(name + "-" + HexFormat.of().formatHex(digest, 0, 4));
    }

    private String site(String host) {
        return workspace.url().toString().replace("://", "://" + host + ".");
    }

    private static String sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] block = new byte[1 << 16];
            for (int n = in.read(block); n >= 0; n = in.read(block)) {
                digest.update(block, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
