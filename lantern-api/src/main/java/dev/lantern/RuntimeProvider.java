package dev.lantern;

import dev.lantern.value.LanternException;
import java.util.ServiceLoader;

/** How the core offers itself to this API. Implemented by {@code lantern-core} and by nobody else. */
public interface RuntimeProvider {

    /** What {@link Lantern#runtime()} answers. */
    LanternRuntime.Builder builder();

    /** What {@link Lantern#open()} answers. */
    LanternRuntime embedded();

    /**
     * The one on the class or module path.
     *
     * @throws LanternException if there is none
     */
    static RuntimeProvider installed() {
        return ServiceLoader.load(RuntimeProvider.class, RuntimeProvider.class.getClassLoader())
                .findFirst()
                .or(() -> ServiceLoader.load(RuntimeProvider.class).findFirst())
                .orElseThrow(() ->
                        new LanternException("no runtime on the class or module path: add dev.lantern:lantern-core"));
    }
}
