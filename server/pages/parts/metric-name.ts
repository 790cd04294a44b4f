const metricNames: Readonly<Record<string, string>> = {
  views: 'Views',
  likes: 'Likes',
  comments: 'Comments',
  shares: 'Shares',
  saves: 'Saves',
  engagement_rate: 'Engagement rate',
  engagement_rate_computed: 'Engagement rate (derived)',
  watch_time: 'Watch time',
  listen_time: 'Listening time',
  followers: 'Followers',
  popularity: 'Popularity',
  streams: 'Streams',
};

/** A metric as people call it; one never seen before keeps its name, with spaces. */
export function metricName(metric: string): string {
  const known = metricNames[metric];
  if (known !== undefined) return known;
  const words = metric.replaceAll('_', ' ').trim();
  return words === '' ? metric : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
