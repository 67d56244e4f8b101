CREATE TABLE `batch_messages` (
	`batch_id` text NOT NULL,
	`id` text NOT NULL,
	`phone_hash` text NOT NULL,
	`private_sealed` text NOT NULL,
	`country` text NOT NULL,
	`segments` integer NOT NULL,
	`withheld` text,
	`refusal` text,
	PRIMARY KEY(`batch_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `batch_messages_by_phone` ON `batch_messages` (`phone_hash`);--> statement-breakpoint
CREATE TABLE `batches` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`service_id` text NOT NULL,
	`kind` text NOT NULL,
	`template` text NOT NULL,
	`locale` text NOT NULL,
	`reference` text,
	`once` text,
	`currency` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`send_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`canceled_at_ms` integer,
	`finished_at_ms` integer,
	`held_micros` integer DEFAULT 0 NOT NULL,
	`held_segments` integer DEFAULT 0 NOT NULL,
	`settled_micros` integer DEFAULT 0 NOT NULL,
	`settled_segments` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`account_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `batches_by_id` ON `batches` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `batches_by_reference` ON `batches` (`account_id`,`reference`) WHERE reference is not null;--> statement-breakpoint
CREATE UNIQUE INDEX `batches_by_once` ON `batches` (`account_id`,`once`) WHERE once is not null;--> statement-breakpoint
CREATE TABLE `budget_windows` (
	`budget_id` text NOT NULL,
	`window_start_ms` integer NOT NULL,
	`ends_at_ms` integer NOT NULL,
	`account_id` text NOT NULL,
	`stop` text NOT NULL,
	`used` integer NOT NULL,
	`cap` integer,
	`told` integer NOT NULL,
	`counted_at_ms` integer NOT NULL,
	PRIMARY KEY(`budget_id`, `window_start_ms`),
	CONSTRAINT "over_account_hour_budget" CHECK("budget_windows"."stop" <> 'account_hour_budget' or "budget_windows"."used" <= "budget_windows"."cap"),
	CONSTRAINT "over_account_day_budget" CHECK("budget_windows"."stop" <> 'account_day_budget' or "budget_windows"."used" <= "budget_windows"."cap"),
	CONSTRAINT "over_account_month_budget" CHECK("budget_windows"."stop" <> 'account_month_budget' or "budget_windows"."used" <= "budget_windows"."cap"),
	CONSTRAINT "over_service_hour_budget" CHECK("budget_windows"."stop" <> 'service_hour_budget' or "budget_windows"."used" <= "budget_windows"."cap"),
	CONSTRAINT "over_service_day_budget" CHECK("budget_windows"."stop" <> 'service_day_budget' or "budget_windows"."used" <= "budget_windows"."cap"),
	CONSTRAINT "over_service_month_budget" CHECK("budget_windows"."stop" <> 'service_month_budget' or "budget_windows"."used" <= "budget_windows"."cap"),
	CONSTRAINT "over_country_hour_budget" CHECK("budget_windows"."stop" <> 'country_hour_budget' or "budget_windows"."used" <= "budget_windows"."cap"),
	CONSTRAINT "over_country_day_budget" CHECK("budget_windows"."stop" <> 'country_day_budget' or "budget_windows"."used" <= "budget_windows"."cap"),
	CONSTRAINT "over_country_month_budget" CHECK("budget_windows"."stop" <> 'country_month_budget' or "budget_windows"."used" <= "budget_windows"."cap")
);
--> statement-breakpoint
CREATE INDEX `budget_windows_by_end` ON `budget_windows` (`ends_at_ms`);--> statement-breakpoint
CREATE TABLE `budgets` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`service_id` text NOT NULL,
	`country` text NOT NULL,
	`period` text NOT NULL,
	`kind` text NOT NULL,
	`unit` text NOT NULL,
	`limit_amount` integer NOT NULL,
	`alerts` text NOT NULL,
	`stop` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `budgets_by_scope` ON `budgets` (`account_id`,`service_id`,`country`,`period`,`kind`,`unit`);--> statement-breakpoint
CREATE TABLE `sandbox_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`send_id` text NOT NULL,
	`phone_hash` text NOT NULL,
	`private_sealed` text NOT NULL,
	`channel` text NOT NULL,
	`provider_id` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sandbox_messages_by_phone` ON `sandbox_messages` (`phone_hash`,`id`);--> statement-breakpoint
CREATE TABLE `send_guards` (
	`day_all_left` integer NOT NULL,
	`day_left` integer NOT NULL,
	`hour_left` integer NOT NULL,
	`minute_left` integer NOT NULL,
	`resendable` integer NOT NULL,
	CONSTRAINT "phone_day_cap_all_accounts" CHECK("send_guards"."day_all_left" >= 0),
	CONSTRAINT "phone_day_cap" CHECK("send_guards"."day_left" >= 0),
	CONSTRAINT "phone_hour_cap" CHECK("send_guards"."hour_left" >= 0),
	CONSTRAINT "phone_minute_cap" CHECK("send_guards"."minute_left" >= 0),
	CONSTRAINT "not_resendable" CHECK("send_guards"."resendable" = 1)
);
--> statement-breakpoint
CREATE TABLE `service_spend` (
	`service_id` text NOT NULL,
	`period` text NOT NULL,
	`window_start_ms` integer NOT NULL,
	`spent_micros` integer NOT NULL,
	`limit_micros` integer NOT NULL,
	PRIMARY KEY(`service_id`, `period`, `window_start_ms`),
	CONSTRAINT "service_day_budget" CHECK("service_spend"."period" <> 'day' or "service_spend"."spent_micros" <= "service_spend"."limit_micros"),
	CONSTRAINT "service_hour_budget" CHECK("service_spend"."period" <> 'hour' or "service_spend"."spent_micros" <= "service_spend"."limit_micros")
);
--> statement-breakpoint
CREATE TABLE `shadow_hours` (
	`account_id` text NOT NULL,
	`hour_start_ms` integer NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`would` text NOT NULL,
	`hits` integer DEFAULT 0 NOT NULL,
	`sent` integer DEFAULT 0 NOT NULL,
	`verified` integer DEFAULT 0 NOT NULL,
	`reported` integer DEFAULT 0 NOT NULL,
	`stopped_micros` integer DEFAULT 0 NOT NULL,
	`good_micros` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`account_id`, `hour_start_ms`, `kind`, `name`, `would`)
);
--> statement-breakpoint
CREATE TABLE `spent_challenges` (
	`nonce` text PRIMARY KEY NOT NULL,
	`expires_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `spent_challenges_by_expiry` ON `spent_challenges` (`expires_at_ms`);--> statement-breakpoint
CREATE TABLE `traffic_hours` (
	`account_id` text NOT NULL,
	`hour_start_ms` integer NOT NULL,
	`service_id` text NOT NULL,
	`country` text NOT NULL,
	`range` text NOT NULL,
	`asn` integer NOT NULL,
	`reason` text NOT NULL,
	`requests` integer DEFAULT 0 NOT NULL,
	`allowed` integer DEFAULT 0 NOT NULL,
	`challenged` integer DEFAULT 0 NOT NULL,
	`blocked` integer DEFAULT 0 NOT NULL,
	`sends` integer DEFAULT 0 NOT NULL,
	`verified` integer DEFAULT 0 NOT NULL,
	`spent_micros` integer DEFAULT 0 NOT NULL,
	`saved_micros` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`account_id`, `hour_start_ms`, `service_id`, `country`, `range`, `asn`, `reason`)
);
--> statement-breakpoint
CREATE TABLE `traffic_ips` (
	`account_id` text NOT NULL,
	`hour_start_ms` integer NOT NULL,
	`ip_hash` text NOT NULL,
	`ip_sealed` text NOT NULL,
	`requests` integer DEFAULT 0 NOT NULL,
	`challenged` integer DEFAULT 0 NOT NULL,
	`blocked` integer DEFAULT 0 NOT NULL,
	`saved_micros` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`account_id`, `hour_start_ms`, `ip_hash`)
);
--> statement-breakpoint
CREATE TABLE `verifications` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`service_id` text NOT NULL,
	`state` text NOT NULL,
	`outcome` text NOT NULL,
	`reason` text NOT NULL,
	`channel` text NOT NULL,
	`purpose` text,
	`locale` text,
	`private_sealed` text NOT NULL,
	`phone_hash` text NOT NULL,
	`ip_hash` text,
	`ip_sealed` text,
	`code_length` integer NOT NULL,
	`key_id` text NOT NULL,
	`attempts` integer NOT NULL,
	`attempts_max` integer NOT NULL,
	`sends` integer NOT NULL,
	`sends_max` integer NOT NULL,
	`created_at_ms` integer NOT NULL,
	`hour_start_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`closed_at_ms` integer,
	`matured` integer NOT NULL,
	`decision` text NOT NULL,
	`subjects` text NOT NULL,
	`price_micros` integer NOT NULL,
	`currency` text NOT NULL,
	`country` text NOT NULL,
	`range` text NOT NULL,
	`asn` integer,
	`shadow` text,
	PRIMARY KEY(`account_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `verifications_by_id` ON `verifications` (`id`);--> statement-breakpoint
CREATE INDEX `verifications_by_phone` ON `verifications` (`phone_hash`,`account_id`,`id`);--> statement-breakpoint
CREATE INDEX `verifications_unmatured` ON `verifications` (`created_at_ms`) WHERE matured = 0;--> statement-breakpoint
CREATE TABLE `ledger_balances` (
	`account` text NOT NULL,
	`currency` text NOT NULL,
	`balance_micros` integer NOT NULL,
	PRIMARY KEY(`account`, `currency`),
	CONSTRAINT "prepaid_covers" CHECK("ledger_balances"."balance_micros" >= 0 or substr("ledger_balances"."account", 1, 8) <> 'prepaid:'),
	CONSTRAINT "package_covers" CHECK("ledger_balances"."balance_micros" >= 0 or substr("ledger_balances"."account", 1, 8) <> 'package:')
);
--> statement-breakpoint
CREATE TABLE `ledger_entries` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`posting_id` text NOT NULL,
	`posting_key` text NOT NULL,
	`account` text NOT NULL,
	`amount_micros` integer NOT NULL,
	`currency` text NOT NULL,
	`at_ms` integer NOT NULL,
	`verification_id` text,
	`send_id` text,
	`note` text,
	PRIMARY KEY(`account_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ledger_entries_once` ON `ledger_entries` (`posting_key`,`account`);--> statement-breakpoint
CREATE TABLE `ledger_months` (
	`account` text NOT NULL,
	`currency` text NOT NULL,
	`month` text NOT NULL,
	`net_micros` integer NOT NULL,
	PRIMARY KEY(`account`, `currency`, `month`)
);
--> statement-breakpoint
CREATE TABLE `packages` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`market` text NOT NULL,
	`kind` text,
	`countries` text,
	`segments` integer NOT NULL,
	`valid_from_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`granted_at_ms` integer NOT NULL,
	`reference` text NOT NULL,
	`price_micros` integer NOT NULL,
	`currency` text NOT NULL,
	`lapsed_at_ms` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `packages_by_reference` ON `packages` (`account_id`,`reference`);--> statement-breakpoint
CREATE INDEX `packages_by_use` ON `packages` (`account_id`,`expires_at_ms`);--> statement-breakpoint
CREATE INDEX `packages_to_lapse` ON `packages` (`expires_at_ms`) WHERE lapsed_at_ms is null;--> statement-breakpoint
CREATE TABLE `rated_months` (
	`account_id` text NOT NULL,
	`currency` text NOT NULL,
	`month` text NOT NULL,
	`meter` text NOT NULL,
	`tiers` text NOT NULL,
	`segments` integer NOT NULL,
	`settled_micros` integer NOT NULL,
	`rerated_segments` integer NOT NULL,
	PRIMARY KEY(`account_id`, `currency`, `month`, `meter`, `tiers`)
);
--> statement-breakpoint
CREATE INDEX `rated_months_stale` ON `rated_months` (`account_id`,`currency`,`month`,`meter`) WHERE segments <> rerated_segments;--> statement-breakpoint
CREATE TABLE `early_receipts` (
	`provider_id` text NOT NULL,
	`name` text NOT NULL,
	`reference` text,
	`stage` integer NOT NULL,
	`delivery` text NOT NULL,
	`received_at_ms` integer NOT NULL,
	PRIMARY KEY(`provider_id`, `name`)
);
--> statement-breakpoint
CREATE INDEX `early_receipts_by_age` ON `early_receipts` (`received_at_ms`);--> statement-breakpoint
CREATE TABLE `message_parts` (
	`provider_id` text NOT NULL,
	`part_id` text NOT NULL,
	`whole_id` text NOT NULL,
	`has_arrived` integer NOT NULL,
	`kept_at_ms` integer NOT NULL,
	PRIMARY KEY(`provider_id`, `part_id`)
);
--> statement-breakpoint
CREATE INDEX `message_parts_of_whole` ON `message_parts` (`provider_id`,`whole_id`);--> statement-breakpoint
CREATE INDEX `message_parts_by_age` ON `message_parts` (`kept_at_ms`);--> statement-breakpoint
CREATE TABLE `sends` (
	`id` text PRIMARY KEY NOT NULL,
	`verification_id` text,
	`batch_id` text,
	`account_id` text NOT NULL,
	`service_id` text NOT NULL,
	`phone_hash` text NOT NULL,
	`channel` text NOT NULL,
	`generation` integer NOT NULL,
	`status` text NOT NULL,
	`price_micros` integer NOT NULL,
	`currency` text NOT NULL,
	`market` text NOT NULL,
	`kind` text NOT NULL,
	`country` text NOT NULL,
	`rated_segments` integer NOT NULL,
	`unit_micros` integer NOT NULL,
	`bill_on` text NOT NULL,
	`tiers` text,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`due_at_ms` integer,
	`tries` integer NOT NULL,
	`rounds` integer DEFAULT 0 NOT NULL,
	`provider_id` text,
	`provider_message_id` text,
	`asked_at_ms` integer,
	`query_at_ms` integer,
	`segments` integer,
	`cost_micros` integer,
	`cost_currency` text,
	`expected_cost_micros` integer,
	`expected_cost_currency` text,
	`error_kind` text,
	`error_code` text,
	`error_text` text,
	`settled_at_ms` integer,
	`changed_at_ms` integer,
	`tried` text,
	`unsent` text,
	`falls_at_ms` integer,
	`taken_by` text,
	`budgets` text,
	`ended_at_ms` integer,
	CONSTRAINT "send_has_one_subject" CHECK(("sends"."verification_id" is null) <> ("sends"."batch_id" is null))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sends_by_generation` ON `sends` (`verification_id`,`generation`);--> statement-breakpoint
CREATE INDEX `sends_by_phone` ON `sends` (`phone_hash`,`kind`,`created_at_ms`);--> statement-breakpoint
CREATE INDEX `sends_by_batch` ON `sends` (`batch_id`,`country`) WHERE batch_id is not null;--> statement-breakpoint
CREATE INDEX `sends_not_ended` ON `sends` (`batch_id`) WHERE batch_id is not null and ended_at_ms is null;--> statement-breakpoint
CREATE INDEX `sends_unheard_of_batches` ON `sends` (`created_at_ms`) WHERE batch_id is not null and ended_at_ms is null and status = 'sent';--> statement-breakpoint
CREATE INDEX `sends_free` ON `sends` (`account_id`,`created_at_ms`) WHERE price_micros = 0;--> statement-breakpoint
CREATE INDEX `sends_due` ON `sends` (`kind`,`due_at_ms`) WHERE due_at_ms is not null;--> statement-breakpoint
CREATE INDEX `sends_unsent` ON `sends` (`account_id`,`id`) WHERE unsent is not null;--> statement-breakpoint
CREATE INDEX `sends_fallen` ON `sends` (`falls_at_ms`) WHERE falls_at_ms is not null;--> statement-breakpoint
CREATE INDEX `sends_to_query` ON `sends` (`query_at_ms`) WHERE query_at_ms is not null;--> statement-breakpoint
CREATE INDEX `sends_unheard` ON `sends` (`created_at_ms`) WHERE bill_on = 'delivered' and status = 'sent' and settled_at_ms is null;--> statement-breakpoint
CREATE UNIQUE INDEX `sends_by_provider` ON `sends` (`provider_id`,`provider_message_id`) WHERE provider_message_id is not null;--> statement-breakpoint
CREATE TABLE `provider_paces` (
	`provider_id` text PRIMARY KEY NOT NULL,
	`full_at_ms` real NOT NULL,
	`drawn` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `customers` (
	`subject` text PRIMARY KEY NOT NULL,
	`since_ms` integer NOT NULL,
	`seen_day` integer NOT NULL,
	`codes` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `customers_by_day` ON `customers` (`seen_day`);--> statement-breakpoint
CREATE TABLE `fraud_reports` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`label` text NOT NULL,
	`verification_id` text,
	`phone_hash` text,
	`phone_sealed` text,
	`range` text,
	`ip_hash` text,
	`ip_sealed` text,
	`note_sealed` text,
	`author` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `fraud_reports_by_phone` ON `fraud_reports` (`phone_hash`);--> statement-breakpoint
CREATE INDEX `fraud_reports_by_verification` ON `fraud_reports` (`account_id`,`verification_id`);--> statement-breakpoint
CREATE TABLE `list_entries` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`list` text NOT NULL,
	`kind` text NOT NULL,
	`value` text,
	`value_sealed` text,
	`digest` text NOT NULL,
	`note_sealed` text,
	`author` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`expires_at_ms` integer,
	PRIMARY KEY(`account_id`, `list`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `list_entries_by_value` ON `list_entries` (`account_id`,`list`,`kind`,`digest`);--> statement-breakpoint
CREATE INDEX `list_entries_by_digest` ON `list_entries` (`digest`);--> statement-breakpoint
CREATE TABLE `list_versions` (
	`account_id` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `own_scores` (
	`account_id` text NOT NULL,
	`model_version` text NOT NULL,
	`day` integer NOT NULL,
	`bin` integer NOT NULL,
	`requests` integer NOT NULL,
	PRIMARY KEY(`account_id`, `model_version`, `day`, `bin`)
);
--> statement-breakpoint
CREATE INDEX `own_scores_by_day` ON `own_scores` (`day`);--> statement-breakpoint
CREATE TABLE `range_blocks` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`range` text NOT NULL,
	`state` text NOT NULL,
	`since_ms` integer NOT NULL,
	`until_ms` integer NOT NULL,
	`repeats` integer NOT NULL,
	`probed_at_ms` integer NOT NULL,
	`good` integer NOT NULL,
	`bad` integer NOT NULL,
	`evidence` text NOT NULL,
	PRIMARY KEY(`account_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `range_blocks_by_range` ON `range_blocks` (`account_id`,`kind`,`range`);--> statement-breakpoint
CREATE TABLE `range_cells` (
	`cell` text PRIMARY KEY NOT NULL,
	`is_wide` integer NOT NULL,
	`seen_day` integer NOT NULL,
	`first_ms` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`price_mean` real NOT NULL,
	`last_numbers` text,
	`asks_hour` real NOT NULL,
	`asks_day` real NOT NULL,
	`asks_past` real NOT NULL,
	`unanswered` real NOT NULL,
	`expected` real NOT NULL,
	`variance` real NOT NULL,
	`outcomes` real NOT NULL,
	`unanswered_past` real NOT NULL,
	`outcomes_past` real NOT NULL,
	`drift` real NOT NULL,
	`typed` real NOT NULL,
	`typed_elsewhere` real NOT NULL,
	`delay_sum` real NOT NULL,
	`delay_squares` real NOT NULL,
	`neighbours` real NOT NULL,
	`passes` real NOT NULL,
	`passes_unanswered` real NOT NULL
);
--> statement-breakpoint
CREATE INDEX `range_cells_by_day` ON `range_cells` (`is_wide`,`seen_day`);--> statement-breakpoint
CREATE TABLE `rule_sets` (
	`version` text PRIMARY KEY NOT NULL,
	`rules` text NOT NULL,
	`first_seen_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `kept_statements` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`account_id` text NOT NULL,
	`month` text NOT NULL,
	`shape` integer NOT NULL,
	`statement` text,
	`begun_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `kept_statements_by_month` ON `kept_statements` (`account_id`,`month`);--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`currency` text NOT NULL,
	`default_service_id` text NOT NULL,
	`created_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`allowed_ips` text,
	`secret_hash` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`revoked_at_ms` integer
);
--> statement-breakpoint
CREATE INDEX `api_keys_by_account` ON `api_keys` (`account_id`,`id`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`account_id` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`state` text NOT NULL,
	`status` integer,
	`body` text,
	`content_type` text,
	`created_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_age` ON `idempotency_keys` (`created_at_ms`);--> statement-breakpoint
CREATE TABLE `services` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`settings` text NOT NULL,
	`test_numbers_sealed` text,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `velocity_buckets` (
	`subject` text NOT NULL,
	`grain` integer NOT NULL,
	`start_minute` integer NOT NULL,
	`asks` integer NOT NULL,
	`sends` integer NOT NULL,
	`verified` integer NOT NULL,
	`unverified` integer NOT NULL,
	`challenges` integer NOT NULL,
	`reports` integer NOT NULL,
	`mistyped` integer NOT NULL,
	`spend_micros` integer NOT NULL,
	PRIMARY KEY(`subject`, `grain`, `start_minute`)
);
--> statement-breakpoint
CREATE INDEX `velocity_buckets_by_age` ON `velocity_buckets` (`grain`,`start_minute`);--> statement-breakpoint
CREATE TABLE `velocity_subjects` (
	`subject` text PRIMARY KEY NOT NULL,
	`seen_day` integer NOT NULL,
	`last_ask_ms` integer NOT NULL,
	`previous_ask_ms` integer,
	`phones` text,
	`phones_level` integer DEFAULT 0 NOT NULL,
	`ips` text,
	`ips_level` integer DEFAULT 0 NOT NULL,
	`countries` text,
	`countries_level` integer DEFAULT 0 NOT NULL,
	`accounts` text,
	`accounts_level` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE INDEX `velocity_subjects_by_day` ON `velocity_subjects` (`seen_day`);--> statement-breakpoint
CREATE TABLE `webhook_attempts` (
	`event_id` text NOT NULL,
	`webhook_id` text NOT NULL,
	`id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`took_ms` integer NOT NULL,
	`status` integer,
	`answer_sealed` text,
	`error` text,
	PRIMARY KEY(`event_id`, `webhook_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`event_id` text NOT NULL,
	`webhook_id` text NOT NULL,
	`status` text NOT NULL,
	`tries` integer NOT NULL,
	`due_at_ms` integer,
	`give_up_at_ms` integer NOT NULL,
	PRIMARY KEY(`event_id`, `webhook_id`)
);
--> statement-breakpoint
CREATE INDEX `webhook_deliveries_by_webhook` ON `webhook_deliveries` (`webhook_id`,`event_id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`webhook_id`,`due_at_ms`) WHERE due_at_ms is not null;--> statement-breakpoint
CREATE TABLE `webhook_events` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`type` text NOT NULL,
	`once` text NOT NULL,
	`at_ms` integer NOT NULL,
	`verification_id` text,
	`send_id` text,
	`batch_id` text,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_events_once` ON `webhook_events` (`account_id`,`once`);--> statement-breakpoint
CREATE TABLE `webhook_watches` (
	`expires_at_ms` integer NOT NULL,
	`verification_id` text NOT NULL,
	`account_id` text NOT NULL,
	PRIMARY KEY(`expires_at_ms`, `verification_id`)
);
--> statement-breakpoint
CREATE TABLE `webhooks` (
	`account_id` text NOT NULL,
	`id` text NOT NULL,
	`url_sealed` text NOT NULL,
	`description` text,
	`types` text NOT NULL,
	`disabled_reason` text,
	`disabled_at_ms` integer,
	`failing_since_ms` integer,
	`failures` integer NOT NULL,
	`secret_sealed` text NOT NULL,
	`old_secret_sealed` text,
	`old_secret_until_ms` integer,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `webhooks_by_id` ON `webhooks` (`id`);