-- An event is written by the very statement that it tells of, so that neither can be lost without the other. Accounts
-- without webhooks cost one look into an index. An event's id is made of the instant, a number for its type, and the end
-- of the id that it is about; `once` keeps one happening from being told twice.
CREATE TRIGGER webhook_events_wanted BEFORE INSERT ON webhook_events
WHEN NEW.type <> 'webhook.test' AND NOT EXISTS (
  SELECT 1 FROM webhooks w, json_each(w.types) t WHERE w.account_id = NEW.account_id
  AND t.value IN ('*', NEW.type, substr(NEW.type, 1, instr(NEW.type, '.')) || '*')
)
BEGIN
  SELECT RAISE(IGNORE);
END;
--> statement-breakpoint
CREATE TRIGGER webhook_events_handed_out AFTER INSERT ON webhook_events WHEN NEW.type <> 'webhook.test'
BEGIN
  INSERT INTO webhook_deliveries (event_id, webhook_id, status, tries, due_at_ms, give_up_at_ms)
  SELECT NEW.id, w.id, iif(w.disabled_at_ms IS NULL, 'pending', 'skipped'), 0,
    iif(w.disabled_at_ms IS NULL, NEW.at_ms, NULL), NEW.at_ms + 86400000
  FROM webhooks w WHERE w.account_id = NEW.account_id AND EXISTS (
    SELECT 1 FROM json_each(w.types)
    WHERE value IN ('*', NEW.type, substr(NEW.type, 1, instr(NEW.type, '.')) || '*')
  );
END;
--> statement-breakpoint
CREATE TRIGGER webhook_verification_asked AFTER INSERT ON verifications
WHEN EXISTS (SELECT 1 FROM webhooks WHERE account_id = NEW.account_id)
BEGIN
  INSERT INTO webhook_events (id, account_id, type, once, at_ms, verification_id, data)
  SELECT
    printf('EV%012x', NEW.created_at_ms) || column2 || substr(NEW.id, -18),
    NEW.account_id, column3, NEW.id || ' ' || column3, NEW.created_at_ms, NEW.id,
    json_object('state', NEW.state, 'attempts', NEW.attempts, 'sends', NEW.sends)
  FROM (VALUES
    ('open', 'a0', 'verification.started'),
    ('challenged', 'a1', 'verification.challenged'),
    ('blocked', 'a2', 'verification.blocked')
  ) WHERE column1 = NEW.state
  ON CONFLICT DO NOTHING;
  INSERT INTO webhook_watches (expires_at_ms, verification_id, account_id)
  SELECT NEW.expires_at_ms, NEW.id, NEW.account_id WHERE NEW.state = 'open' AND EXISTS (
    SELECT 1 FROM webhooks w, json_each(w.types) t WHERE w.account_id = NEW.account_id
    AND t.value IN ('*', 'verification.*', 'verification.expired', 'verification.failed')
  );
END;
--> statement-breakpoint
CREATE TRIGGER webhook_verification_closed AFTER UPDATE OF state ON verifications
WHEN NEW.state IN ('approved', 'canceled') AND NEW.state <> OLD.state
  AND EXISTS (SELECT 1 FROM webhooks WHERE account_id = NEW.account_id)
BEGIN
  INSERT INTO webhook_events (id, account_id, type, once, at_ms, verification_id, data)
  VALUES (
    printf('EV%012x', NEW.closed_at_ms) || iif(NEW.state = 'approved', 'a3', 'a4') || substr(NEW.id, -18),
    NEW.account_id, 'verification.' || NEW.state, NEW.id || ' verification.' || NEW.state, NEW.closed_at_ms, NEW.id,
    json_object(
      'state', NEW.state, 'attempts', NEW.attempts, 'sends', NEW.sends, 'closed_at_ms', NEW.closed_at_ms
    )
  )
  ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER webhook_message_moved AFTER UPDATE OF status ON sends
WHEN NEW.status IN ('sent', 'delivered', 'undelivered', 'failed') AND NEW.status <> OLD.status
  AND EXISTS (SELECT 1 FROM webhooks WHERE account_id = NEW.account_id)
BEGIN
  INSERT INTO webhook_events (id, account_id, type, once, at_ms, verification_id, send_id, batch_id, data)
  SELECT
    printf('EV%012x', coalesce(NEW.changed_at_ms, NEW.created_at_ms)) || column2 || substr(NEW.id, -18),
    NEW.account_id, 'message.' || NEW.status, NEW.id || ' message.' || NEW.status,
    coalesce(NEW.changed_at_ms, NEW.created_at_ms), NEW.verification_id, NEW.id, NEW.batch_id,
    json_object(
      'status', NEW.status, 'service', NEW.service_id, 'channel', NEW.channel, 'segments', NEW.segments,
      'error_kind', NEW.error_kind, 'error_code', NEW.error_code, 'error_text', NEW.error_text,
      'created_at_ms', NEW.created_at_ms
    )
  FROM (VALUES ('sent', 'b0'), ('delivered', 'b1'), ('undelivered', 'b2'), ('failed', 'b3'))
  WHERE column1 = NEW.status
  ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
-- Counts and money are read when it is told: the money of the last message follows in the same transaction.
CREATE TRIGGER webhook_batch_finished AFTER UPDATE OF finished_at_ms ON batches
WHEN NEW.finished_at_ms IS NOT NULL AND OLD.finished_at_ms IS NULL
  AND EXISTS (SELECT 1 FROM webhooks WHERE account_id = NEW.account_id)
BEGIN
  INSERT INTO webhook_events (id, account_id, type, once, at_ms, batch_id, data)
  VALUES (
    printf('EV%012x', NEW.finished_at_ms) || 'd0' || substr(NEW.id, -18),
    NEW.account_id, 'batch.finished', NEW.id || ' batch.finished', NEW.finished_at_ms, NEW.id, '{}'
  )
  ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER webhook_range_closed AFTER INSERT ON range_blocks
WHEN NEW.state = 'blocked' AND EXISTS (SELECT 1 FROM webhooks WHERE account_id = NEW.account_id)
BEGIN
  INSERT INTO webhook_events (id, account_id, type, once, at_ms, data)
  VALUES (
    printf('EV%012x', NEW.since_ms) || 'c0' || substr(NEW.id, -18),
    NEW.account_id, 'fraud.range_blocked', NEW.id || ' ' || NEW.since_ms, NEW.since_ms,
    json_object(
      'id', NEW.id, 'kind', NEW.kind, 'range', NEW.range, 'sinceMs', NEW.since_ms, 'untilMs', NEW.until_ms,
      'repeats', NEW.repeats, 'evidence', json(NEW.evidence)
    )
  )
  ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER webhook_range_closed_again AFTER UPDATE ON range_blocks
WHEN NEW.state = 'blocked' AND (OLD.state <> 'blocked' OR NEW.since_ms <> OLD.since_ms)
  AND EXISTS (SELECT 1 FROM webhooks WHERE account_id = NEW.account_id)
BEGIN
  INSERT INTO webhook_events (id, account_id, type, once, at_ms, data)
  VALUES (
    printf('EV%012x', NEW.since_ms) || 'c0' || substr(NEW.id, -18),
    NEW.account_id, 'fraud.range_blocked', NEW.id || ' ' || NEW.since_ms, NEW.since_ms,
    json_object(
      'id', NEW.id, 'kind', NEW.kind, 'range', NEW.range, 'sinceMs', NEW.since_ms, 'untilMs', NEW.until_ms,
      'repeats', NEW.repeats, 'evidence', json(NEW.evidence)
    )
  )
  ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
CREATE TRIGGER webhook_budget_reached AFTER UPDATE OF told ON budget_windows
WHEN NEW.told > OLD.told AND EXISTS (SELECT 1 FROM webhooks WHERE account_id = NEW.account_id)
BEGIN
  INSERT INTO webhook_events (id, account_id, type, once, at_ms, data)
  SELECT
    printf('EV%012xc1%02x', NEW.counted_at_ms, a.value) || substr(NEW.budget_id, -16),
    NEW.account_id, 'budget.reached', 'budget ' || NEW.budget_id || ' ' || NEW.ends_at_ms || ' ' || a.value,
    NEW.counted_at_ms,
    json_object(
      'budget', b.id, 'serviceId', nullif(b.service_id, ''), 'country', nullif(b.country, ''), 'period', b.period,
      'kind', b.kind, 'level', 'soft', 'percent', a.value, 'unit', b.unit, 'limit', b.limit_amount, 'used', NEW.used,
      'currency', (SELECT currency FROM accounts WHERE id = NEW.account_id), 'endsAtMs', NEW.ends_at_ms
    )
  FROM budgets b, json_each(b.alerts) a
  WHERE b.id = NEW.budget_id AND a.value > OLD.told AND a.value <= NEW.told
  ON CONFLICT DO NOTHING;
END;
--> statement-breakpoint
-- Whoever disables a webhook: what waits for it waits for a replay.
CREATE TRIGGER webhook_disabled AFTER UPDATE OF disabled_at_ms ON webhooks
WHEN NEW.disabled_at_ms IS NOT NULL AND OLD.disabled_at_ms IS NULL
BEGIN
  UPDATE webhook_deliveries SET status = 'skipped', due_at_ms = NULL
  WHERE webhook_id = NEW.id AND due_at_ms IS NOT NULL;
END;
--> statement-breakpoint
CREATE TRIGGER webhook_removed AFTER DELETE ON webhooks
BEGIN
  UPDATE webhook_deliveries SET status = 'skipped', due_at_ms = NULL
  WHERE webhook_id = OLD.id AND due_at_ms IS NOT NULL;
END;
