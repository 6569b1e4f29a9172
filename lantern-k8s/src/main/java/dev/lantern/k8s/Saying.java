package dev.lantern.k8s;

import com.google.gson.JsonObject;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is held of an event: the cluster's words about a Job or a pod. Nobody vouches for them, so they name what keeps a
 * pod from starting and never say that one has ended.
 *
 * @param place {@code namespace/name} of the Job that it concerns; empty if none that could be ours
 * @param id the UID of the event
 * @param about the UID of the object that it is about
 * @param reason in one word
 * @param message in a sentence
 */
record Saying(String place, String id, String about, String reason, String message) {
    private static final Saying FOREIGN = new Saying("", "", "", "", "");
    private static final Pattern OURS = Pattern.compile("(ln-[a-z2-7]{26})(?:-[a-z0-9-]*)?");
    private static final int LONGEST = 400;

    static Saying read(View event) throws UnreadableException {
        View about = event.child("involvedObject");
        Matcher name = OURS.matcher(about.optionalText("name").orElse(""));
        if (!name.matches()) {
            return FOREIGN;
        }
        String message = event.optionalText("message").orElse("");
        return new Saying(
                about.optionalText("namespace").orElse("") + "/" + name.group(1),
                event.child("metadata").text("uid"),
                about.optionalText("uid").orElse(""),
                event.optionalText("reason").orElse(""),
                message.length() > LONGEST ? message.substring(0, LONGEST) : message);
    }

    boolean concernsUs() {
        return !place.isEmpty();
    }

    /** The event, as far as it is kept. */
    JsonObject seen() {
        return Tree.object()
                .put("reason", reason)
                .put("message", message)
                .put("involvedObject", Tree.object().put("uid", about))
                .json();
    }
}
