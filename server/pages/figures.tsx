/** How figures, changes and moments are written on the pages. */
import type { VNode } from 'preact';
import { shortNumber } from '../charts/geometry.js';

/** Whole figures with their thousands set apart; small ones to three figures. */
export function numberText(value: number | null): string {
  if (value === null) return '–';
  if (Number.isInteger(value) || Math.abs(value) >= 1_000) return Math.round(value).toLocaleString('en');
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}

export function percentText(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toLocaleString('en', { maximumSignificantDigits: 3 })} %`;
}

/** A figure in large: short, with the whole one for whoever asks. */
export function LargeFigure({ value }: { value: number }): VNode {
  const whole = numberText(value);
  const short = Math.abs(value) >= 100_000 ? shortNumber(value) : whole;
  return <span class="figure-value">{short === whole ? whole : <abbr title={whole}>{short}</abbr>}</span>;
}

/** What changed, by an arrow, a share and a word. */
export function Change({ current, former }: { current: number; former: number | null }): VNode {
  if (former === null) return <span class="quiet">nothing to compare with</span>;
  if (former === 0) return <span class="quiet">{current === 0 ? 'as before: none' : 'none before'}</span>;
  const share = current / former - 1;
  if (Math.abs(share) < 0.0005) return <span class="quiet">→ unchanged</span>;
  const text = `${percentText(Math.abs(share))} ${share > 0 ? 'more' : 'less'}`;
  return share > 0 ? (
    <span class="change-up">{`↑ ${text}`}</span>
  ) : (
    <span class="change-down">{`↓ ${text}`}</span>
  );
}

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

/** An instant in the zone that the page is read in. */
export function momentText(at: Date, zone: string): string {
  return at.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  });
}
