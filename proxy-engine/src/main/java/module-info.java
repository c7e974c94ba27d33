/** The engine, its launcher and the built-in plugins. */
module dev.sluice.engine {
    requires transitive dev.sluice.api;
    requires static transitive org.jspecify;
    requires static com.google.auto.service;
    requires io.netty.buffer;
    requires io.netty.codec;
    requires io.netty.codec.http;
    requires io.netty.common;
    requires io.netty.handler;
    requires io.netty.resolver;
    requires io.netty.transport;
    requires static io.netty.transport.classes.epoll;
    requires static io.netty.transport.classes.io_uring;
    requires jdk.unsupported;
    requires static micrometer.commons;
    requires static micrometer.core;
    requires static micrometer.observation;
    requires static micrometer.registry.prometheus;
    requires org.slf4j;
    requires typesafe.config;

    exports dev.sluice.engine;
    exports dev.sluice.engine.access;
    exports dev.sluice.engine.admin;
    exports dev.sluice.engine.config;
    exports dev.sluice.engine.launch;

    uses dev.sluice.api.spi.AuthenticatorProvider;
    uses dev.sluice.api.spi.RouteResolverProvider;
    uses dev.sluice.api.spi.CookieMergerProvider;
    uses dev.sluice.engine.admin.ObservationRegistryProvider;

    provides dev.sluice.api.spi.AuthenticatorProvider with
            dev.sluice.engine.builtin.AnonymousProvider,
            dev.sluice.engine.builtin.IpAllowProvider;
    provides dev.sluice.api.spi.RouteResolverProvider with
            dev.sluice.engine.builtin.StaticProvider;
    provides dev.sluice.api.spi.CookieMergerProvider with
            dev.sluice.engine.builtin.DefaultCookieMergerProvider;
}
