package dev.sluice.engine.tls;

import java.nio.file.Path;

/** A file of keys or certificates cannot be used. The message says why, and quotes nothing of what is in it. */
public final class TlsFileException extends Exception {

    private final transient Path file;

    TlsFileException(Path file, String problem) {
        super(file + ": " + problem);
        this.file = file;
    }

    public Path file() {
        return file;
    }
}
