/**
 * A Kubernetes API server for tests: real HTTP on loopback, no container ever runs.
 *
 * <p>What lives here is {@link dev.lantern.testkit.kubernetes.FakeKubernetes} and its parts: a store, what the real
 * server writes into objects, admission, the controllers that make a pod of a Job, and faults. What must not: anything
 * that knows Lantern. It is judged by {@code kubectl} and the official clients alone.
 */
@NullMarked
package dev.lantern.testkit.kubernetes;

import org.jspecify.annotations.NullMarked;
