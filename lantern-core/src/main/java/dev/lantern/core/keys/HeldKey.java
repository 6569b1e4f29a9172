package dev.lantern.core.keys;

import dev.lantern.identity.AuthorityKey;

/**
 * A key with both halves.
 *
 * @param key the public half and its times
 * @param seed the private half
 */
record HeldKey(AuthorityKey key, Seed seed) {}
