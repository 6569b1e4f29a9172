package dev.lantern.secrets;

import dev.lantern.value.internal.Names;

/**
 * Names a secret: whose it is, and what it is called there.
 *
 * <p>Both are 1 to 128 characters of {@code A-Z a-z 0-9 . _ -} and begin and end with a letter or a digit. So neither is
 * {@code ..} nor holds a separator, and a store can make a segment of a path of each without escaping. Whoever stood for
 * the run's own tenant in a spec, {@code __tenant__}, is resolved before, and is no tenant here.
 *
 * @param tenant whose it is
 * @param key its name there
 */
public record SecretPlace(String tenant, String key) {

    /** @throws dev.lantern.value.LanternException if either part breaks the rule above; the message names it */
    public SecretPlace {
        Names.checked("tenant of a secret", tenant);
        Names.checked("key of a secret", key);
    }

    /** {@code tenant/key}: an identifier, not a secret. */
    @Override
    public String toString() {
        return tenant + "/" + key;
    }
}
