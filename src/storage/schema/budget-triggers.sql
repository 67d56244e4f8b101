-- The alerts of a budget that its use has reached in this period. Told as a number that only grows, each is told once.
CREATE TRIGGER budget_windows_opened AFTER INSERT ON budget_windows
BEGIN
  UPDATE budget_windows SET told = reached FROM (
    SELECT max(a.value) AS reached FROM budgets b, json_each(b.alerts) a
    WHERE b.id = NEW.budget_id AND NEW.used * 100 >= a.value * b.limit_amount
  )
  WHERE budget_id = NEW.budget_id AND window_start_ms = NEW.window_start_ms AND reached > told;
END;
--> statement-breakpoint
CREATE TRIGGER budget_windows_grown AFTER UPDATE OF used ON budget_windows WHEN NEW.used > OLD.used
BEGIN
  UPDATE budget_windows SET told = reached FROM (
    SELECT max(a.value) AS reached FROM budgets b, json_each(b.alerts) a
    WHERE b.id = NEW.budget_id AND NEW.used * 100 >= a.value * b.limit_amount
  )
  WHERE budget_id = NEW.budget_id AND window_start_ms = NEW.window_start_ms AND reached > told;
END;
--> statement-breakpoint
-- What a send counted goes back into the periods in which it was counted.
CREATE TRIGGER budgets_given_back AFTER UPDATE OF budgets ON sends
WHEN OLD.budgets IS NOT NULL AND NEW.budgets IS NULL
BEGIN
  UPDATE budget_windows SET used = used - iif(
    (SELECT unit FROM budgets WHERE id = budget_id) = 'sends', 1, OLD.price_micros
  )
  WHERE (budget_id, window_start_ms) IN (SELECT value ->> 0, value ->> 1 FROM json_each(OLD.budgets));
END;
--> statement-breakpoint
-- A send whose price was not earned: its money went back to the balance, its segments to packages or away with them.
CREATE TRIGGER budgets_released AFTER INSERT ON ledger_entries
WHEN NEW.send_id IS NOT NULL AND NEW.amount_micros > 0 AND substr(NEW.posting_key, 1, 6) = 'close:'
  AND (substr(NEW.account, 1, 8) IN ('prepaid:', 'package:') OR substr(NEW.account, 1, 7) = 'lapsed:')
BEGIN
  UPDATE sends SET budgets = NULL WHERE id = NEW.send_id AND budgets IS NOT NULL;
END;
--> statement-breakpoint
-- A free send has no posting that would tell.
CREATE TRIGGER budgets_released_free AFTER UPDATE OF status ON sends
WHEN NEW.budgets IS NOT NULL AND NEW.price_micros = 0 AND NEW.status IN ('failed', 'undelivered')
  AND NOT (OLD.status = 'sent' AND NEW.bill_on = 'accepted')
BEGIN
  UPDATE sends SET budgets = NULL WHERE id = NEW.id;
END;
