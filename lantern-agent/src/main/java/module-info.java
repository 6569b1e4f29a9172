/** What runs beside and inside an agent. Lean on purpose: it must start in a blink. */
module dev.lantern.agent {
    requires transitive dev.lantern.api;
    requires static org.jspecify;
    requires com.fasterxml.jackson.core;

    exports dev.lantern.agent;
    exports dev.lantern.agent.clockwork to
            dev.lantern.core,
            dev.lantern.testkit;
    exports dev.lantern.agent.harness to
            dev.lantern.core,
            dev.lantern.testkit;
    exports dev.lantern.agent.harness.loopback to
            dev.lantern.core,
            dev.lantern.testkit;
    exports dev.lantern.agent.harness.process to
            dev.lantern.core,
            dev.lantern.testkit;
    exports dev.lantern.agent.http to
            dev.lantern.core,
            dev.lantern.testkit;
    exports dev.lantern.agent.transport to
            dev.lantern.core,
            dev.lantern.testkit;
    exports dev.lantern.agent.wire to
            dev.lantern.core,
            dev.lantern.testkit;
}
