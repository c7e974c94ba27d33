package dev.sluice.sso;

/**
 * The paths that the plugin answers itself, at every host. Nothing under the prefix is ever forwarded.
 *
 * @param prefix starts with a slash and does not end with one
 */
record OwnPaths(String prefix) {

    boolean contains(String target) {
        return target.startsWith(prefix)
                && (target.length() == prefix.length()
                        || target.charAt(prefix.length()) == '/'
                        || target.charAt(prefix.length()) == '?');
    }

    String callback() {
        return prefix + "/callback";
    }

    String login() {
        return prefix + "/login";
    }

    String enter() {
        return prefix + "/enter";
    }

    String logout() {
        return prefix + "/logout";
    }

    String loggedOut() {
        return prefix + "/logged-out";
    }

    String keys() {
        return prefix + "/jwks";
    }
}
