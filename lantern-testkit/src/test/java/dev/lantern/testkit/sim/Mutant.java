package dev.lantern.testkit.sim;

/**
 * A defect that somebody might build in, put between the parts of a world.
 *
 * @param name what is wrong, as a person would say it
 * @param budget within how many seeds it must be found
 * @param seams makes the defect for one world
 */
record Mutant(String name, int budget, java.util.function.Supplier<Seams> seams) {

    @Override
    public String toString() {
        return name;
    }
}
