-- A replayed answer tells the place of what the first one made, too.

alter table idempotent_requests add column location text;
