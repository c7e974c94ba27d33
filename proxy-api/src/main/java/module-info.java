/** What a Sluice plugin sees: three SPIs, the decisions they return, the values they exchange. */
module dev.sluice.api {
    requires static transitive org.jspecify;

    exports dev.sluice.api;
    exports dev.sluice.api.spi;
}
