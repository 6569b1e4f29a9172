package dev.lantern.agent.harness.loopback;

import dev.lantern.agent.clockwork.Clockwork;

/**
 * One instance behind the door.
 *
 * @param clockwork whose turns {@code api} is called in
 */
record Instance(LoopbackApi api, Clockwork clockwork) {}
