package dev.sluice.engine.exchange;

import dev.sluice.api.Upstream;

/** What exchanges with one upstream share. */
public record KnownUpstream(Upstream upstream, UpstreamPlaces places, UpstreamHealth health) {}
