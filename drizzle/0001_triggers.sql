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
CREATE TRIGGER traffic_hours_asked AFTER INSERT ON verifications
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
CREATE TRIGGER traffic_ips_asked AFTER INSERT ON verifications WHEN NEW.ip_hash IS NOT NULL
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
