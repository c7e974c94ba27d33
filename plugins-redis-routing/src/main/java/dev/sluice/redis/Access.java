package dev.sluice.redis;

import dev.sluice.api.Identity;
import dev.sluice.api.ProxyRequest;
import java.util.List;
import java.util.Set;

/**
 * Who may use a route.
 *
 * @param users ids of users
 * @param groups values of the claim that holds a user's groups
 * @param groupsClaim the name of that claim
 */
record Access(Set<String> users, Set<String> groups, String groupsClaim) {

    boolean allows(ProxyRequest request) {
        return request.identity().map(this::allows).orElse(false);
    }

    private boolean allows(Identity identity) {
        return users.contains(identity.userId()) || inGroup(identity.claims(groupsClaim));
    }

    private boolean inGroup(List<String> of) {
        for (int i = 0; i < of.size(); i++) {
            if (groups.contains(of.get(i))) {
                return true;
            }
        }
        return false;
    }
}
