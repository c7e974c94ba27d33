package dev.sluice.engine.admin;

/** What one path of the admin listener shows. */
@FunctionalInterface
public interface AdminPage {

    /**
     * An answer as it goes out.
     *
     * @param status 100 to 599
     * @param contentType the media type of {@code body}
     */
    record Answer(int status, String contentType, String body) {
        static Answer text(int status, String body) {
            return new Answer(status, "text/plain; charset=utf-8", body);
        }
    }

    /** Called on the admin listener's one thread for each request: quick, and of bounded size. */
    Answer show();
}
