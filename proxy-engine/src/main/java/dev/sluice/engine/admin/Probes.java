package dev.sluice.engine.admin;

import dev.sluice.engine.admin.AdminPage.Answer;
import java.util.List;
import java.util.function.Supplier;

/** The pages that an orchestrator asks. */
public final class Probes {

    /** The process answers: everything that a restart would mend is in order. */
    public static final AdminPage LIVE = () -> Answer.text(200, "live\n");

    private Probes() {}

    /**
     * Whether requests should be sent here.
     *
     * @param obstacles why not, one line each; empty if they should
     */
    public static AdminPage ready(Supplier<List<String>> obstacles) {
        return () -> {
            List<String> lines = obstacles.get();
            return lines.isEmpty()
                    ? Answer.text(200, "ready\n")
                    : Answer.text(503, "not ready\n" + String.join("\n", lines) + "\n");
        };
    }
}
