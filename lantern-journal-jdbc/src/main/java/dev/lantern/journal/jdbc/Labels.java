package dev.lantern.journal.jdbc;

import dev.lantern.run.RunLabels;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** The rows by which runs are found under their labels. */
final class Labels {
    private Labels() {}

    /** A run without labels costs nothing here. */
    static void insert(Session session, long key, RunLabels labels) throws SQLException {
        if (labels.asMap().isEmpty()) {
            return;
        }
        PreparedStatement insert =
                session.prepare("insert into lantern_label (run_key, name, content) values (?, ?, ?)");
        for (Map.Entry<String, String> label : labels.asMap().entrySet()) {
            insert.setLong(1, key);
            insert.setString(2, label.getKey());
            insert.setString(3, label.getValue());
            insert.addBatch();
        }
        insert.executeBatch();
    }
}
