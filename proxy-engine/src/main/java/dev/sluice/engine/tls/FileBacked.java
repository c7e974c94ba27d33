package dev.sluice.engine.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was read from files, and is read anew when they change. Files that cannot be used leave in place what there is:
 * so do those of which one has been replaced already and the other has not. What needs no files has nothing to complain of
 * at the start, and is made when it is first asked for.
 */
final class FileBacked<T> {

    private static final Logger LOG = LoggerFactory.getLogger(FileBacked.class);

    /** Reads all files; where there are none, it cannot fail. */
    interface Reading<T> {
        T read() throws TlsFileException;
    }

    private final String name;
    private final List<Path> files;
    private final Reading<T> reading;
    private volatile @Nullable T current;
    private List<Object> stamps;

    /** @param name what it is, for the log */
    FileBacked(String name, List<Path> files, Reading<T> reading) throws TlsFileException {
        this.name = name;
        this.files = files;
        this.reading = reading;
        this.stamps = stampsOf(files);
        this.current = files.isEmpty() ? null : reading.read();
    }

    T current() {
        T there = current;
        return there == null ? first() : there;
    }

    private synchronized T first() {
        T there = current;
        if (there == null) {
            try {
                there = reading.read();
            } catch (TlsFileException e) {
                throw new IllegalStateException(e);
            }
            current = there;
        }
        return there;
    }

    /** Reads anew if a file has changed since it was last read, and makes what has not been made yet. Blocks. */
    synchronized void refresh() {
        if (files.isEmpty()) {
            current();
            return;
        }
        List<Object> now = stampsOf(files); // before the files are read: a change meanwhile is one for the next time
        if (now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            current = reading.read();
            LOG.info("{}: the files have changed and are used from now on", name);
        } catch (TlsFileException e) {
            LOG.error(
                    "{}: the files have changed and cannot be used, what was read before stays: {}",
                    name,
                    e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("{}: the files have changed and cannot be used, what was read before stays", name, e);
        }
    }

    private static List<Object> stampsOf(List<Path> files) {
        return files.stream().map(FileBacked::stampOf).toList();
    }

    /** Of what a link leads to, as the secrets of an orchestrator are exchanged by their links. */
    private static Object stampOf(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(
                    attributes.lastModifiedTime(), attributes.size(), Objects.toString(attributes.fileKey(), ""));
        } catch (IOException e) {
            return "";
        }
    }
}
