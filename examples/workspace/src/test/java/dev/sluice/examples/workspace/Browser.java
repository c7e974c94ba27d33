package dev.sluice.examples.workspace;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A person at a browser: Debian's Chromium without a window, and with nothing remembered. */
final class Browser implements AutoCloseable {

    private static final Logger COMPLAINTS = Logger.getLogger("org.openqa.selenium.devtools");
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    /** By the package that they are in. */
    static final Map<String, Path> PROGRAMS = Map.of("chromium", CHROMIUM, "chromium-driver", DRIVER);

    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path SCREENSHOTS = Path.of("target/screenshots");

    static {
        // It looks for bindings of protocol versions, which nobody here uses, and complains.
        COMPLAINTS.setLevel(Level.SEVERE);
    }

    private final ChromeDriver driver;
    private final Path downloads;

    private Browser(ChromeDriver driver, Path downloads) {
        this.driver = driver;
        this.downloads = downloads;
    }

    /** @param directory for its profile and what it downloads */
    static Browser start(Path directory) throws IOException {
        Path downloads = Files.createDirectories(directory.resolve("downloads"));
        var options = new ChromeOptions()
                .setBinary(CHROMIUM.toFile())
                .addArguments("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
                .addArguments("--disable-background-networking", "--disable-component-update", "--disable-sync")
                .addArguments("--disable-dev-shm-usage", "--window-size=1100,720")
                .addArguments("--user-data-dir=" + Files.createDirectories(directory.resolve("profile")))
                .setExperimentalOption("prefs", Map.of("download.default_directory", downloads.toString()));
        var service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .build();
        return new Browser(new ChromeDriver(service, options), downloads);
    }

    Browser open(String url) {
        driver.get(url);
        return this;
    }

    String newTab(String url) {
        driver.switchTo().newWindow(WindowType.TAB);
        driver.get(url);
        return driver.getWindowHandle();
    }

    String tab() {
        return driver.getWindowHandle();
    }

    void switchTo(String tab) {
        driver.switchTo().window(tab);
    }

    void logIn(String name) {
        type("#id_username", name);
        type("#id_password", name);
        click("form button");
    }

    void click(String selector) {
        find(selector).click();
    }

    void type(String selector, String text) {
        find(selector).sendKeys(text);
    }

    void choose(String selector, File file) {
        find(selector).sendKeys(file.getAbsolutePath());
    }

    String url() {
        return driver.getCurrentUrl();
    }

    /** Waits until an element's text contains this, on whichever page that comes to be. */
    void awaitText(String selector, String part) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> selector + " with " + part + ", but " + driver.getCurrentUrl() + " shows "
                        + driver.findElement(By.tagName("body")).getText())
                .ignoring(StaleElementReferenceException.class)
                .until(there -> there.findElements(By.cssSelector(selector)).stream()
                        .anyMatch(found -> found.getText().contains(part)));
    }

    /** Waits until an expression of the page's own is true. */
    void awaitTrue(String expression) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(expression)
                .until(there -> run("return Boolean(" + expression + ")").equals("true"));
    }

    private WebElement find(String selector) {
        return new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> selector + " at " + driver.getCurrentUrl() + ": " + driver.getPageSource())
                .until(there -> there.findElements(By.cssSelector(selector)).stream()
                        .findFirst()
                        .orElse(null));
    }

    /** Runs a script whose last argument is to be called with the result. */
    String call(String script, Object... arguments) {
        driver.manage().timeouts().scriptTimeout(PATIENCE);
        return String.valueOf(driver.executeAsyncScript(script, arguments));
    }

    String run(String script, Object... arguments) {
        return String.valueOf(driver.executeScript(script, arguments));
    }

    /** Where a finished download is. */
    Path download(String name) {
        return downloads.resolve(name);
    }

    /** Keeps what is to be seen now, as one of the build's results. */
    void screenshot(String name) throws IOException {
        Files.createDirectories(SCREENSHOTS);
        Files.write(SCREENSHOTS.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
