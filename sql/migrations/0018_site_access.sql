-- Who uses the site and the HTTP API: sessions of the pages, and answers kept for repeated requests.

alter table api_keys
  add constraint api_keys_scopes_check check (scopes <@ array['read', 'write', 'operate', 'admin'] and scopes <> '{}'),
  add column created_by text;

-- A session of the pages, entered by a key; only the hash of its token is kept. It ends with its key.
create table web_sessions (
  id integer generated always as identity constraint web_sessions_pkey primary key,
  token_sha256 bytea not null constraint web_sessions_token_sha256_key unique,
  api_key_id integer not null constraint web_sessions_api_key_id_fkey references api_keys (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index web_sessions_expires_at_idx on web_sessions (expires_at); -- those to be tidied away

-- The first answer to a request with an Idempotency-Key; null status: it is being worked on.
create table idempotent_requests (
  actor text not null,
  key text not null,
  -- Of method, path and body: the same key with another request is refused.
  request_sha256 bytea not null,
  status integer,
  body jsonb,
  created_at timestamptz not null,
  constraint idempotent_requests_pkey primary key (actor, key)
);
create index idempotent_requests_created_at_idx on idempotent_requests (created_at); -- those to be tidied away

create index audit_log_at_idx on audit_log (at); -- the newest first

do $$
declare
  every_artist constant text := '(select session_sees_every_artist())';
begin
  perform secure_table('web_sessions', every_artist, 'select, insert, update, delete');
  perform secure_table('idempotent_requests', every_artist, 'select, insert, update, delete');
end
$$;
