/** The runtime. */
module dev.lantern.core {
    requires transitive dev.lantern.agent;
    requires transitive dev.lantern.api;
    requires static org.jspecify;

    exports dev.lantern.core.memory;
}
