/**
 * {@code VaultSecretStore} against a real server, with a real database behind it: what {@code FakeVault} only claims. Classes
 * named {@code …OnVaultTest} run when {@code LANTERN_TEST_VAULT} names the server's program, and are skipped otherwise.
 */
@NullMarked
package dev.lantern.vault;

import org.jspecify.annotations.NullMarked;
