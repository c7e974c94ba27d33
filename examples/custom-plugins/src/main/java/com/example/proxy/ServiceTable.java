package com.example.proxy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The routes of one version of the file, by host; never changed, so that every thread may ask it. */
final class ServiceTable {

    private final Map<String, List<ServiceRoute>> byHost = new HashMap<>();
    private final int size;

    ServiceTable(String name, List<ServiceRoute> routes) throws ServiceFileException {
        for (ServiceRoute route : routes) {
            List<ServiceRoute> ofHost = byHost.computeIfAbsent(route.host(), host -> new ArrayList<>());
            if (ofHost.stream().anyMatch(other -> other.path().equals(route.path()))) {
                throw new ServiceFileException(
                        name + ": " + route.host() + route.path() + " twice (expected: one Service for each)");
            }
            ofHost.add(route);
        }
        byHost.values()
                .forEach(ofHost -> ofHost.sort(Comparator.comparing(
                                (ServiceRoute route) -> route.path().length())
                        .reversed()));
        size = routes.size();
    }

    /** The route with the longest path that takes the request. */
    Optional<ServiceRoute> find(String host, String path) {
        return byHost.getOrDefault(host, List.of()).stream()
                .filter(route -> route.takes(path))
                .findFirst();
    }

    int size() {
        return size;
    }
}
