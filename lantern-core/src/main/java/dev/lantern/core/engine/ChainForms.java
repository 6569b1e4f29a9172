package dev.lantern.core.engine;

import dev.lantern.core.event.EventData;
import dev.lantern.core.event.SpecForms;
import dev.lantern.core.format.ErasableCodec;

/**
 * The forms in which a host writes chains.
 *
 * @param specs specs and their canonical form
 * @param erasables how payloads stand beside events
 * @param cacheBytes how many bytes of payloads are kept for resuming agents
 */
public record ChainForms(SpecForms specs, ErasableCodec erasables, long cacheBytes) {

    ChainScribe scribe() {
        return new ChainScribe(new EventData(specs), erasables);
    }
}
