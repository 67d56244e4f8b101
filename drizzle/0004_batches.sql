-- What is set aside and paid for the messages of a batch. Codes name their verification, so they cost one comparison.
CREATE TRIGGER batches_paid AFTER INSERT ON ledger_entries
WHEN NEW.verification_id IS NULL AND NEW.send_id IS NOT NULL AND substr(NEW.posting_key, 1, 7) <> 'adjust:'
BEGIN
  UPDATE batches SET
    held_micros = held_micros + iif(substr(NEW.account, 1, 5) = 'held:', NEW.amount_micros, 0),
    held_segments = held_segments + iif(substr(NEW.account, 1, 9) = 'reserved:', NEW.amount_micros / 1000000, 0),
    settled_micros = settled_micros + iif(substr(NEW.account, 1, 8) = 'revenue:', NEW.amount_micros, 0),
    settled_segments = settled_segments + iif(substr(NEW.account, 1, 5) = 'used:', NEW.amount_micros / 1000000, 0)
  WHERE id = (SELECT batch_id FROM sends WHERE id = NEW.send_id);
END;
--> statement-breakpoint
-- A late `delivered` after another end is no second end.
CREATE TRIGGER batch_message_ended AFTER UPDATE OF status ON sends
WHEN NEW.batch_id IS NOT NULL AND NEW.ended_at_ms IS NULL AND NEW.status IN ('delivered', 'undelivered', 'failed')
BEGIN
  UPDATE sends SET ended_at_ms = coalesce(NEW.changed_at_ms, NEW.created_at_ms) WHERE id = NEW.id;
END;
--> statement-breakpoint
-- Whoever ends the last message finishes the batch, in the same statement, so it is finished once.
CREATE TRIGGER batches_finished AFTER UPDATE OF ended_at_ms ON sends
WHEN NEW.batch_id IS NOT NULL AND OLD.ended_at_ms IS NULL AND NEW.ended_at_ms IS NOT NULL
BEGIN
  UPDATE batches SET finished_at_ms = NEW.ended_at_ms
  WHERE id = NEW.batch_id AND finished_at_ms IS NULL AND NOT EXISTS (
    SELECT 1 FROM sends WHERE batch_id = NEW.batch_id AND ended_at_ms IS NULL
  );
END;
