/**
 * A server of secrets for tests.
 *
 * <p>What lives here: {@link dev.lantern.testkit.secrets.FakeVault}. What may enter: what the real server does and a store can
 * see. What must not: anything that a store decides.
 */
@NullMarked
package dev.lantern.testkit.secrets;

import org.jspecify.annotations.NullMarked;
