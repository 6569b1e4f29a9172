package dev.lantern.core.runtime;

import dev.lantern.LanternRuntime;
import dev.lantern.RuntimeProvider;
import dev.lantern.value.LanternException;

/** Found by the API through the service loader. */
public final class CoreProvider implements RuntimeProvider {

    /** For the service loader. */
    public CoreProvider() {}

    @Override
    public LanternRuntime.Builder builder() {
        return new CoreBuilder();
    }

    @Override
    public LanternRuntime embedded() {
        throw new LanternException("not wired");
    }
}
