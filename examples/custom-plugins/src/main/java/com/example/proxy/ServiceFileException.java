package com.example.proxy;

/** A file of services that cannot be used. The message says what was found where, and what was expected. */
final class ServiceFileException extends Exception {

    private static final long serialVersionUID = 1L;

    ServiceFileException(String message) {
        super(message);
    }
}
