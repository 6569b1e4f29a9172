package dev.lantern.k8s;

/** What an object says that it is. */
final class Kinds {
    private Kinds() {}

    static void require(View object, String apiVersion, String kind) throws UnreadableException {
        String found = object.optionalText("apiVersion").orElse("") + " "
                + object.optionalText("kind").orElse("");
        if (!found.equals(apiVersion + " " + kind)) {
            throw new UnreadableException(object.what() + " is "
                    + (found.isBlank() ? "of no kind" : "a " + found.strip()) + " where a " + apiVersion + " " + kind
                    + " was asked for");
        }
    }
}
