-- What each metric is and how its values combine. A metric that is not listed is accepted all the same.
insert into metrics (name, kind, unit, adds_up, never_falls, wide, description)
values
  ('views', 'counter', 'count', 'sum', true, true, 'Times the content was watched, as its platform counts them.'),
  ('likes', 'counter', 'count', 'sum', true, true, 'Likes; those taken back again are a correction.'),
  ('comments', 'counter', 'count', 'sum', true, true, 'Comments; those deleted later are a correction.'),
  ('shares', 'counter', 'count', 'sum', true, true, 'Times the content was passed on.'),
  ('saves', 'counter', 'count', 'sum', true, true, 'Times the content was saved to a list or library.'),
  ('engagement_rate', 'ratio', 'fraction', 'mean', false, true, 'Engagement rate as told, a fraction of 1.'),
  ('watch_time', 'counter', 'minutes', 'sum', true, true, 'Time watched.'),
  ('listen_time', 'counter', 'minutes', 'sum', true, true, 'Time listened to.'),
  ('followers', 'gauge', 'count', 'last', false, true, 'Followers at the instant.'),
  ('popularity', 'gauge', 'index 0 to 100', 'mean', false, true, 'Spotify''s own index of recent popularity.'),
  ('streams', 'counter', 'count', 'sum', true, true, 'Streams of a track.'),
  ('engagement_rate_computed', 'ratio', 'fraction', 'mean', false, false,
    '(likes + comments + shares) / views of the same row.'),
  ('engaged_views', 'increment', 'count', 'sum', false, false,
    'Views that lasted: the basis of views before they were counted at playback start.'),
  ('red_views', 'increment', 'count', 'sum', false, false, 'Views by YouTube Premium members.'),
  ('red_watch_time', 'increment', 'minutes', 'sum', false, false, 'Time watched by YouTube Premium members.'),
  ('dislikes', 'increment', 'count', 'sum', false, false, 'Dislikes given, less those taken back.'),
  ('average_view_duration', 'ratio', 'seconds', 'mean', false, false, 'Mean length of a view.'),
  ('average_view_percentage', 'ratio', 'percent', 'mean', false, false,
    'Mean share of the video watched in a view; past 100 where it is watched again.'),
  ('subscribers_gained', 'increment', 'count', 'sum', false, false, 'Subscribers won through the content.'),
  ('subscribers_lost', 'increment', 'count', 'sum', false, false, 'Subscribers lost through the content.'),
  ('playlist_additions', 'increment', 'count', 'sum', false, false, 'Times the video was added to a playlist.'),
  ('playlist_removals', 'increment', 'count', 'sum', false, false, 'Times the video was removed from a playlist.'),
  ('impressions', 'increment', 'count', 'sum', false, false, 'Times the content was shown to be chosen.'),
  ('impressions_click_through_rate', 'ratio', 'fraction', 'mean', false, false,
    'Share of the impressions that became views.'),
  ('listeners', 'gauge', 'count', 'last', false, false, 'Different listeners in the period; they do not add up over days.'),
  ('reach', 'gauge', 'count', 'last', false, false, 'Different people reached; they do not add up over days.');

-- What a platform counts, and since when. A break is a day from which values cannot be set against earlier
-- ones; the days of a gradual change stand between two breaks of their own.
insert into metric_definitions (platform, metric, format, valid_from, definition, breaks_series)
values
  ('youtube', 'views', 'short', '2025-03-31',
    'Shorts are counted at each start or replay, without a minimum of time watched.', true),
  ('youtube', 'engaged_views', null, '2025-03-31',
    'Views of Shorts on the basis that held for views before 31 March 2025.', false),
  ('youtube', 'views', null, '2026-08-24',
    'Counted at playback start; introduced gradually from 24 to 27 August 2026, values of these days mix both.', true),
  ('youtube', 'views', null, '2026-08-28',
    'Counted at playback start for every format.', true),
  ('youtube', 'engaged_views', null, '2026-08-24',
    'Views on the basis that held for views before 24 August 2026, for every format.', false);
