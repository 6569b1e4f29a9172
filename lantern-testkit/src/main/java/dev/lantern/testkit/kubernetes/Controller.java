package dev.lantern.testkit.kubernetes;

/** A part of the cluster that moves things on when it is told to. */
@FunctionalInterface
interface Controller {

    /** Looks at everything once and does what is due. */
    void step();
}
