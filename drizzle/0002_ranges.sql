CREATE TABLE `customers` (
	`subject` text PRIMARY KEY NOT NULL,
	`since_ms` integer NOT NULL,
	`last_ms` integer NOT NULL,
	`codes` integer NOT NULL
);
--> statement-breakpoint
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
CREATE UNIQUE INDEX `range_blocks_by_range` ON `range_blocks` (`account_id`,`kind`,`range`);