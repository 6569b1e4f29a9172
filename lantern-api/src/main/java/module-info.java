/** The types a host application sees. Depends on annotations only. */
module dev.lantern.api {
    requires static transitive org.jspecify;

    exports dev.lantern;
    exports dev.lantern.gate;
    exports dev.lantern.identity;
    exports dev.lantern.journal;
    exports dev.lantern.logs;
    exports dev.lantern.retention;
    exports dev.lantern.run;
    exports dev.lantern.spec;
    exports dev.lantern.substrate;
    exports dev.lantern.value;
    exports dev.lantern.value.internal to
            dev.lantern.agent,
            dev.lantern.core,
            dev.lantern.testkit;

    uses dev.lantern.RuntimeProvider;
    uses dev.lantern.journal.EmbeddedJournalProvider;
    uses dev.lantern.spec.SpecReader;
}
