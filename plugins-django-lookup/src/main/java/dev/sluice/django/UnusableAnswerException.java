package dev.sluice.django;

/** Django answered, but with nothing that can be acted on. The message holds nothing of the answer but its kind. */
final class UnusableAnswerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnusableAnswerException(String message) {
        super(message, null, false, false);
    }
}
