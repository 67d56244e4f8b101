-- Tables tell what is; these tell what must stay true. Each stands between breakpoints, so that any driver can run it.
CREATE TRIGGER ledger_entries_are_final BEFORE UPDATE ON ledger_entries
BEGIN
  SELECT RAISE(ABORT, 'ledger entries are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER ledger_entries_stay BEFORE DELETE ON ledger_entries
BEGIN
  SELECT RAISE(ABORT, 'ledger entries are append-only');
END;
--> statement-breakpoint
-- Two steps, because an upsert checks its candidate row before it looks for the one that exists.
CREATE TRIGGER ledger_balances_follow AFTER INSERT ON ledger_entries
BEGIN
  INSERT INTO ledger_balances (account, currency, balance_micros)
  VALUES (NEW.account, NEW.currency, 0)
  ON CONFLICT DO NOTHING;
  UPDATE ledger_balances SET balance_micros = balance_micros + NEW.amount_micros
  WHERE account = NEW.account AND currency = NEW.currency;
END;
--> statement-breakpoint
CREATE TRIGGER ledger_months_follow AFTER INSERT ON ledger_entries
WHEN substr(NEW.account, 1, 8) = 'prepaid:' OR substr(NEW.account, 1, 5) = 'held:'
BEGIN
  INSERT INTO ledger_months (account, currency, month, net_micros)
  VALUES (NEW.account, NEW.currency, strftime('%Y-%m', NEW.at_ms / 1000, 'unixepoch'), NEW.amount_micros)
  ON CONFLICT DO UPDATE SET net_micros = net_micros + excluded.net_micros;
END;
--> statement-breakpoint
-- Counts what the balance paid for sends whose price has tiers; what packages paid counts towards no tier.
CREATE TRIGGER rated_months_follow AFTER INSERT ON ledger_entries
WHEN NEW.send_id IS NOT NULL AND substr(NEW.account, 1, 8) = 'revenue:' AND substr(NEW.posting_key, 1, 6) = 'close:'
BEGIN
  INSERT INTO rated_months (account_id, currency, month, meter, tiers, segments, settled_micros, rerated_segments)
  SELECT NEW.account_id, NEW.currency, strftime('%Y-%m', created_at_ms / 1000, 'unixepoch'),
    channel || ':' || country || ':' || kind, tiers, NEW.amount_micros / unit_micros, NEW.amount_micros, 0
  FROM sends WHERE id = NEW.send_id AND tiers IS NOT NULL
  ON CONFLICT DO UPDATE SET
    segments = segments + excluded.segments,
    settled_micros = settled_micros + excluded.settled_micros;
END;
--> statement-breakpoint
-- Requests of test numbers are no traffic.
CREATE TRIGGER traffic_hours_asked AFTER INSERT ON verifications WHEN NEW.reason <> 'test_number'
BEGIN
  INSERT INTO traffic_hours (
    account_id, hour_start_ms, service_id, country, range, asn, reason,
    requests, allowed, challenged, blocked, sends, saved_micros
  )
  VALUES (
    NEW.account_id, NEW.hour_start_ms, NEW.service_id, NEW.country, NEW.range, coalesce(NEW.asn, 0), NEW.reason,
    1, NEW.outcome = 'allow', NEW.outcome = 'challenge', NEW.outcome = 'block', NEW.sends,
    CASE WHEN NEW.state IN ('challenged', 'blocked') THEN NEW.price_micros ELSE 0 END
  )
  ON CONFLICT DO UPDATE SET
    requests = requests + 1,
    allowed = allowed + excluded.allowed,
    challenged = challenged + excluded.challenged,
    blocked = blocked + excluded.blocked,
    sends = sends + excluded.sends,
    saved_micros = saved_micros + excluded.saved_micros;
END;
--> statement-breakpoint
CREATE TRIGGER traffic_ips_asked AFTER INSERT ON verifications
WHEN NEW.ip_hash IS NOT NULL AND NEW.reason <> 'test_number'
BEGIN
  INSERT INTO traffic_ips (
    account_id, hour_start_ms, ip_hash, ip_sealed, requests, challenged, blocked, saved_micros
  )
  VALUES (
    NEW.account_id, NEW.hour_start_ms, NEW.ip_hash, NEW.ip_sealed,
    1, NEW.outcome = 'challenge', NEW.outcome = 'block',
    CASE WHEN NEW.state IN ('challenged', 'blocked') THEN NEW.price_micros ELSE 0 END
  )
  ON CONFLICT DO UPDATE SET
    requests = requests + 1,
    challenged = challenged + excluded.challenged,
    blocked = blocked + excluded.blocked,
    saved_micros = saved_micros + excluded.saved_micros;
END;
--> statement-breakpoint
CREATE TRIGGER traffic_hours_resent AFTER UPDATE OF sends ON verifications
BEGIN
  UPDATE traffic_hours SET sends = sends + NEW.sends - OLD.sends
  WHERE account_id = NEW.account_id AND hour_start_ms = NEW.hour_start_ms AND service_id = NEW.service_id
    AND country = NEW.country AND range = NEW.range AND asn = coalesce(NEW.asn, 0) AND reason = NEW.reason;
END;
--> statement-breakpoint
CREATE TRIGGER traffic_hours_verified AFTER UPDATE OF state ON verifications WHEN NEW.state = 'approved'
BEGIN
  UPDATE traffic_hours SET verified = verified + 1
  WHERE account_id = NEW.account_id AND hour_start_ms = NEW.hour_start_ms AND service_id = NEW.service_id
    AND country = NEW.country AND range = NEW.range AND asn = coalesce(NEW.asn, 0) AND reason = NEW.reason;
END;
--> statement-breakpoint
CREATE TRIGGER traffic_hours_spent AFTER INSERT ON ledger_entries
WHEN NEW.verification_id IS NOT NULL AND substr(NEW.account, 1, 8) = 'revenue:'
BEGIN
  UPDATE traffic_hours SET spent_micros = spent_micros + NEW.amount_micros
  WHERE (account_id, hour_start_ms, service_id, country, range, asn, reason) = (
    SELECT account_id, hour_start_ms, service_id, country, range, coalesce(asn, 0), reason
    FROM verifications WHERE account_id = NEW.account_id AND id = NEW.verification_id
  );
END;
--> statement-breakpoint
CREATE TRIGGER shadow_hours_asked AFTER INSERT ON verifications WHEN NEW.shadow IS NOT NULL
BEGIN
  INSERT INTO shadow_hours (account_id, hour_start_ms, kind, name, would, hits, sent, stopped_micros)
  SELECT NEW.account_id, NEW.hour_start_ms, value ->> 0, value ->> 1, value ->> 2,
    1, NEW.sends > 0, NEW.sends * NEW.price_micros
  FROM json_each(NEW.shadow) WHERE true
  ON CONFLICT DO UPDATE SET
    hits = hits + 1,
    sent = sent + excluded.sent,
    stopped_micros = stopped_micros + excluded.stopped_micros;
END;
--> statement-breakpoint
CREATE TRIGGER shadow_hours_resent AFTER UPDATE OF sends ON verifications WHEN NEW.shadow IS NOT NULL
BEGIN
  UPDATE shadow_hours SET stopped_micros = stopped_micros + (NEW.sends - OLD.sends) * NEW.price_micros
  WHERE account_id = NEW.account_id AND hour_start_ms = NEW.hour_start_ms
    AND (kind, name, would) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(NEW.shadow));
END;
--> statement-breakpoint
CREATE TRIGGER shadow_hours_verified AFTER UPDATE OF state ON verifications
WHEN NEW.state = 'approved' AND NEW.shadow IS NOT NULL
BEGIN
  UPDATE shadow_hours SET verified = verified + 1, good_micros = good_micros + NEW.sends * NEW.price_micros
  WHERE account_id = NEW.account_id AND hour_start_ms = NEW.hour_start_ms
    AND (kind, name, would) IN (SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(NEW.shadow));
END;
--> statement-breakpoint
-- A second report of the same request says nothing new.
CREATE TRIGGER shadow_hours_reported AFTER INSERT ON fraud_reports
WHEN NEW.verification_id IS NOT NULL AND NEW.label = 'fraud' AND NOT EXISTS (
  SELECT 1 FROM fraud_reports
  WHERE account_id = NEW.account_id AND verification_id = NEW.verification_id AND label = 'fraud' AND id <> NEW.id
)
BEGIN
  UPDATE shadow_hours SET
    reported = reported + 1,
    good_micros = good_micros - (
      SELECT (state = 'approved') * sends * price_micros FROM verifications
      WHERE account_id = NEW.account_id AND id = NEW.verification_id
    )
  WHERE (account_id, hour_start_ms, kind, name, would) IN (
    SELECT v.account_id, v.hour_start_ms, vote.value ->> 0, vote.value ->> 1, vote.value ->> 2
    FROM verifications v, json_each(v.shadow) vote
    WHERE v.account_id = NEW.account_id AND v.id = NEW.verification_id
  );
END;
--> statement-breakpoint
-- A message counts in no month before that in which it was made. Of the running month nothing is kept, so this is one look at an index.
CREATE TRIGGER kept_statements_follow_sends
AFTER UPDATE OF status, provider_id, cost_micros, cost_currency, expected_cost_micros, expected_cost_currency ON sends
WHEN EXISTS (
  SELECT 1 FROM kept_statements
  WHERE account_id = NEW.account_id AND month >= strftime('%Y-%m', NEW.created_at_ms / 1000, 'unixepoch')
)
BEGIN
  DELETE FROM kept_statements
  WHERE account_id = NEW.account_id AND month >= strftime('%Y-%m', NEW.created_at_ms / 1000, 'unixepoch');
END;
--> statement-breakpoint
-- Later months begin with what this one ended with.
CREATE TRIGGER kept_statements_follow_ledger AFTER INSERT ON ledger_entries
WHEN EXISTS (
  SELECT 1 FROM kept_statements
  WHERE account_id = NEW.account_id AND month >= strftime('%Y-%m', NEW.at_ms / 1000, 'unixepoch')
)
BEGIN
  DELETE FROM kept_statements
  WHERE account_id = NEW.account_id AND month >= strftime('%Y-%m', NEW.at_ms / 1000, 'unixepoch');
END;
