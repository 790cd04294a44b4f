-- A request under an Idempotency-Key whose answer was lost with its process meets what it made when it comes again.

-- When the key was first taken: whoever takes it over from a request that was never answered goes on under it.
alter table idempotent_requests add column first_at timestamptz not null default now();

-- The name of the request that asked for it; null where it came under no key.
alter table exports add column requested_as text constraint exports_requested_as_key unique;
alter table backfill_plans add column requested_as text constraint backfill_plans_requested_as_key unique;
-- Of the latest request that started it or opened its failed days again, where that came under a key.
alter table backfill_plans add column start_requested_as text;
