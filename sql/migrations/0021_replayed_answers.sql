-- A replayed answer tells the place of what the first one made, too.

alter table idempotent_requests add column location text;

-- What is tracked over HTTP derives days as what workers load does, and with them the corrections that no longer
-- hold are withdrawn; no other revision is ever removed by the application.
grant delete on performance_revisions to tidemark_app;
create policy app_withdraws_corrections on performance_revisions as restrictive for delete to tidemark_app
  using (source = 4 and kind = 'correction');
