package dev.lantern.gate;

/**
 * One reason for a refusal.
 *
 * @param code what a program acts on; stable, lower case with dashes
 * @param path the field of the spec that it concerns, such as {@code spec.isolation}
 * @param found what was found
 * @param allowed what would be admitted
 * @param fix what to do about it
 */
public record Violation(String code, String path, String found, String allowed, String fix) {

    /** One line for a person. */
    @Override
    public String toString() {
        return path + ": found " + found + "; allowed: " + allowed + "; " + fix + " [" + code + "]";
    }
}
