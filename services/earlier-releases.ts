/** The first weeks of an artist's earlier releases, for the forecasts of the young ones. */
import { addDays, daysBetween, weekdayOf } from '../analytics/calendar.js';
import type { LaunchSeries } from '../analytics/launch-curve.js';
import { readEarlierContents } from '../store/earlier-releases.js';
import type { Queryable } from '../store/queryable.js';
import { readDailySeries, type ContentSeries } from '../store/series.js';

/** At this age a release's own days foretell it as well as others' do. */
const youngDays = 60;
/** An earlier release was seen so many days past the young one's age. */
const daysBefore = 7;
/** Read for a release; of those that were seen long enough the forecast takes the latest twelve. */
const most = 24;

/** Young content → metric → earlier releases, in order of publication. */
export type EarlierReleases = ReadonlyMap<number, ReadonlyMap<string, readonly LaunchSeries[]>>;

function isYoung({ publishedOn, startDay, metrics }: ContentSeries): boolean {
  const [values] = metrics.values();
  if (publishedOn === null || values === undefined) return false;
  return daysBetween(publishedOn, addDays(startDay, values.length)) < youngDays;
}

/**
 * Of the contents younger than 60 days: the same metrics of the releases that their artist published before on
 * the same platform in the same format, from publication on to as far as a forecast may look.
 * @param contents a batch's; one query for whom to ask and one for their days.
 */
export async function readEarlierReleases(
  db: Queryable,
  contents: readonly ContentSeries[],
  metrics: readonly string[],
  forecastDays: number,
): Promise<EarlierReleases> {
  const young = contents.filter(isYoung);
  if (young.length === 0) return new Map();
  const earlier = await readEarlierContents(
    db,
    young.map(({ contentId }) => contentId),
    { daysBefore, most },
  );
  const idsOf = new Map(earlier.map(({ contentId, earlierIds }) => [contentId, earlierIds]));
  const asked = [...new Set(earlier.flatMap(({ earlierIds }) => earlierIds))];
  const series = new Map((await readDailySeries(db, asked, metrics)).map((each) => [each.contentId, each]));
  return new Map(
    young.map(({ contentId }) => {
      const peers = (idsOf.get(contentId) ?? []).flatMap((id) => series.get(id) ?? []);
      const launches = metrics.map((metric): [string, LaunchSeries[]] => [
        metric,
        peers.flatMap((peer) => launchOf(peer, metric, youngDays + forecastDays)),
      ]);
      return [contentId, new Map(launches)];
    }),
  );
}

/** A content's first days of a metric; up to where the metric's definition changed. */
function launchOf(content: ContentSeries, metric: string, days: number): LaunchSeries[] {
  const { publishedOn, startDay } = content;
  const values = content.metrics.get(metric);
  if (publishedOn === null || values === undefined) return [];
  const ageAtStart = daysBetween(publishedOn, startDay);
  const ends = (content.breaks.get(metric) ?? [])
    .map((day) => daysBetween(startDay, day))
    .filter((index) => index > 0);
  const length = Math.min(values.length, days - ageAtStart, ...ends);
  if (length <= 0) return [];
  return [{ values: values.slice(0, length), ageAtStart, weekday: weekdayOf(startDay) - 1 }];
}
