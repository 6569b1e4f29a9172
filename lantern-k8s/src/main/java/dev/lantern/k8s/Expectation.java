package dev.lantern.k8s;

import dev.lantern.gate.Placement;

/**
 * What an instance's pod must be from the moment at which it is let go.
 *
 * @param bound what the API server must say of it once a node has it
 * @param images what its containers must run
 * @param place where the gate admitted it
 * @param podName the pod that was compared
 * @param podUid the same
 */
record Expectation(ExpectedPod bound, RunningImages images, Placement.InCluster place, String podName, String podUid) {}
