/**
 * Instances on Kubernetes: what is written into a cluster, what is read back, and what both must agree on.
 *
 * <p>What lives here: the Job and its pod as a pure function of a request, the comparison of what the API server
 * persisted with it, and the manifests a namespace needs. JSON is a tree ({@code JsonObject}), never the client's typed
 * model, which drops exactly the fields that a webhook injects. What may enter: whatever talks to the API server, at the
 * edge. What must not: the core, a second JSON library, client types in a public signature, retries and budgets (the
 * engine's).
 */
@NullMarked
package dev.lantern.k8s;

import org.jspecify.annotations.NullMarked;
