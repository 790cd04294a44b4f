-- Which key a rotated one takes the place of, so that a rotation that is repeated passes over what has a successor.
alter table api_keys
  add column replaces_id integer constraint api_keys_replaces_id_fkey references api_keys (id);
