package dev.sluice.testkit.leak;

import com.google.auto.service.AutoService;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Installs the recorder before any test class is loaded, and so before the first buffer. */
@AutoService(LauncherSessionListener.class)
public final class LeakSessionListener implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        LeakRecorder.install();
    }
}
