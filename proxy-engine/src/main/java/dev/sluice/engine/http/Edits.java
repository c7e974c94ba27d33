package dev.sluice.engine.http;

import dev.sluice.api.HeaderEdits;
import dev.sluice.api.HeaderEdits.Add;
import dev.sluice.api.HeaderEdits.Edit;
import dev.sluice.api.HeaderEdits.Put;
import dev.sluice.api.HeaderEdits.Remove;
import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * Two lists of edits as one, the second applied after the first. An edit of a name goes for all of its spellings
 * ({@link FoldedNames}), so that a client cannot slip another value past a name that the proxy sets.
 */
record Edits(List<Edit> first, List<Edit> second) {

    private static final Edits NONE = new Edits(List.of(), List.of());

    static Edits of(HeaderEdits first, HeaderEdits second) {
        return first.isEmpty() && second.isEmpty() ? NONE : new Edits(first.edits(), second.edits());
    }

    /** Whether the received field lines of {@code name} give way. */
    boolean replace(CharSequence name) {
        return replacedFrom(0, name);
    }

    private boolean replacedFrom(int from, CharSequence name) {
        for (int i = from; i < size(); i++) {
            Edit edit = get(i);
            if (!(edit instanceof Add) && FoldedNames.same(edit.name(), name)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the field lines that are left when every edit has been applied in order. */
    void write(ByteBuf out) {
        for (int i = 0; i < size(); i++) {
            Edit edit = get(i);
            if (edit instanceof Remove || replacedFrom(i + 1, edit.name())) {
                continue;
            }
            HeadWriter.field(out, edit.name(), edit instanceof Put put ? put.value() : ((Add) edit).value());
        }
    }

    private int size() {
        return first.size() + second.size();
    }

    private Edit get(int i) {
        return i < first.size() ? first.get(i) : second.get(i - first.size());
    }
}
