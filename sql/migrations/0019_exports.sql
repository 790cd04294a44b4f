-- Exports that are made in the background: what was asked for, how far it is, and the link that fetches it.

create table exports (
  id bigint generated always as identity constraint exports_pkey primary key,
  dataset text not null constraint exports_dataset_check
    check (dataset in ('overview', 'content', 'series', 'insights', 'sources', 'runs')),
  format text not null constraint exports_format_check check (format in ('json', 'csv', 'xlsx')),
  -- {"timeframe": "30d", "platforms": null, "content_ids": null, "include_metadata": false}
  parameters jsonb not null,
  -- Where the timeframe ends, so that a second attempt exports the same days.
  as_of timestamptz not null,
  -- Whose rows go into it: what whoever asked may see; null is every artist's and what is no artist's.
  artist_ids integer[] constraint exports_artist_ids_check check (artist_ids <> '{}'),
  state text not null default 'waiting' constraint exports_state_check
    check (state in ('waiting', 'running', 'ready', 'failed', 'cancelled')),
  rows bigint not null default 0,
  bytes bigint,
  -- What whoever fetches it gets to see; in the directory of exports it goes by its id.
  file_name text not null,
  -- The link's token itself is told once and kept nowhere.
  token_sha256 bytea not null constraint exports_token_sha256_key unique,
  requested_by text not null,
  run_id bigint,
  failure text,
  created_at timestamptz not null,
  finished_at timestamptz,
  expires_at timestamptz not null
);
create index exports_expires_at_idx on exports (expires_at); -- those to be removed

select secure_table('exports',
  '(select session_sees_every_artist()) or artist_ids <@ (select session_artists())::integer[]',
  'select, insert, update');
