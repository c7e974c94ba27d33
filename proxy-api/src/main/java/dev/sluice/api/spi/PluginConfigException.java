package dev.sluice.api.spi;

/** A configuration that cannot be used. The message is for the person who wrote it, and is shown without a stack trace. */
public class PluginConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public PluginConfigException(String message) {
        super(message);
    }
}
