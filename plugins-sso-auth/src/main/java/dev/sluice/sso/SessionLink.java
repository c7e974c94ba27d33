package dev.sluice.sso;

/**
 * A record that stands for another session: a sibling host's own session, or the one-time ticket by which a browser
 * carries its login there. It dies with the session that it names.
 *
 * @param parent the text of the ticket of the session at the login host
 * @param host the only host at which this record counts
 * @param state the sibling's login transaction for a one-time ticket; empty for a session
 */
record SessionLink(String parent, String host, String state) {
    @Override
    public String toString() {
        return "SessionLink[" + host + "]";
    }
}
