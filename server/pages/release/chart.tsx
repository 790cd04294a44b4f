import type { VNode } from 'preact';
import { addDays, dayBounds, daysBetween } from '../../../analytics/calendar.js';
import type { ReleaseEvent } from '../../../services/release-events.js';
import type { ReleaseSeries } from '../../../services/release-series.js';
import type { SeriesPoint } from '../../../services/series-points.js';
import { bucketStart } from '../../../services/series-buckets.js';
import type { ChartMark, ChartRule } from '../../charts/marks.js';
import { TimeChart, type ChartBand, type ChartLine } from '../../charts/time-chart.js';
import { metricName } from '../parts/metric-name.js';
import { wordFor } from '../filter-bar.js';
import { periodInWords } from '../filter.js';
import { eventText } from './events.js';
import { viewedPoints, type ReleaseView } from './view.js';

type Colour = ChartLine['colour'];

/** A forecast shows no more ahead than half of what stands behind it, and four weeks at most. */
const mostAheadDays = 28;

/** Name and period of the chart, which its download bears too. */
export function chartTitle({ metric, view, series, read, release }: ReleaseView): {
  name: string;
  period: string;
} {
  const by = series.interval === 'hour' ? `at each hour (${series.zone})` : `a ${series.interval}`;
  const what =
    view === 'cumulative' ? 'in total' : series.adds_up === 'sum' ? by : `by the ${series.interval}`;
  return {
    name: `${metricName(metric)} ${what} of ${release.title}`,
    period: periodInWords(read.filter.from, read.filter.to),
  };
}

export function ReleaseChart(model: ReleaseView): VNode {
  const { read, view, series, compared, happened, frame } = model;
  const { filter } = read;
  const several = series.series.length > 1;
  const lines: ChartLine[] = [];
  const shownPoints = new Map<string, SeriesPoint[]>();
  series.series.slice(0, 5).forEach(({ platform, points }, index) => {
    const viewed = viewedPoints(points, view);
    shownPoints.set(platform, viewed);
    lines.push({
      name: wordFor(platform),
      colour: ((index % 5) + 1) as Colour,
      style: 'solid',
      points: viewed.map(({ t, value, complete }) => ({ at: new Date(t), value, complete })),
    });
  });
  compared.slice(0, 2).forEach(({ platform, points, releases }, index) => {
    const name = releases === null ? wordFor(filter.compare) : `Typical of ${String(releases)} releases`;
    lines.push({
      name: several ? `${name}, ${wordFor(platform)}` : name,
      colour: index === 0 ? 2 : 4,
      style: 'dashed',
      points: viewedPoints(points, view).map(({ t, value }) => ({ at: new Date(t), value })),
    });
  });
  const { forecast, bands, end } = forecastOf(model, shownPoints);
  lines.push(...forecast);
  const { name, period } = chartTitle(model);
  return (
    <TimeChart
      id="release"
      name={name}
      period={period}
      range={end === null ? frame : [frame[0], new Date(end)]}
      zone={series.interval === 'hour' ? series.zone : undefined}
      lines={lines}
      bands={bands}
      marks={marksOf(happened.events, series, shownPoints)}
      rules={rulesOf(happened.events, series)}
    />
  );
}

/** What lies ahead: only by the day, and where what is shown reaches up to it. */
function forecastOf(
  { read, view, series, happened }: ReleaseView,
  shown: ReadonlyMap<string, readonly SeriesPoint[]>,
): { forecast: ChartLine[]; bands: ChartBand[]; end: string | null } {
  const nothing = { forecast: [], bands: [], end: null };
  if (series.interval !== 'day') return nothing;
  const trend = happened.trends.find(
    ({ predictions, platform }) => predictions.length > 0 && shown.has(platform),
  );
  const first = trend?.predictions[0]?.timestamp.slice(0, 10);
  if (
    trend === undefined ||
    first === undefined ||
    first > read.filter.to ||
    first < addDays(read.filter.to, -8)
  )
    return nothing;
  const ahead = Math.min(mostAheadDays, Math.ceil(daysBetween(read.filter.from, read.filter.to) / 2));
  const shownAhead = trend.predictions.slice(0, ahead);
  const own = shown.get(trend.platform)!;
  const start = view === 'daily' ? 0 : ([...own].reverse().find(({ value }) => value !== null)?.value ?? 0);
  let sum = start;
  const points = shownAhead.map(({ timestamp, value }) => {
    sum += value;
    return { at: new Date(timestamp), value: view === 'daily' ? value : sum };
  });
  const band = (low: 'lower_80' | 'lower_95', high: 'upper_80' | 'upper_95'): ChartBand['points'] =>
    shownAhead.map((prediction) => ({
      at: new Date(prediction.timestamp),
      low: prediction[low],
      high: prediction[high],
    }));
  return {
    forecast: [{ name: 'Forecast', colour: 1, style: 'dotted', points }],
    // Bounds of single days do not add up to bounds of a total.
    bands:
      view === 'cumulative'
        ? []
        : [
            { name: '95 %', strength: 'weak', points: band('lower_95', 'upper_95') },
            { name: '80 %', strength: 'strong', points: band('lower_80', 'upper_80') },
          ],
    end: shownAhead.at(-1)!.timestamp.slice(0, 10),
  };
}

const markShapes: Readonly<Partial<Record<ReleaseEvent['kind'], ChartMark['shape']>>> = {
  spike: 'diamond',
  drop: 'diamond',
  level: 'diamond',
  silence: 'diamond',
  platform_correction: 'correction',
  annotation: 'flag',
};

/** Where a day stands in a chart by the hour: at its first one. */
function placeOf(day: string, { interval, zone }: ReleaseSeries): Date {
  return interval === 'hour' ? dayBounds(day, zone).start : new Date(day);
}

/** On the point of their day, week or month; without one at the foot, notes there always and hours at the top. */
function marksOf(
  events: readonly ReleaseEvent[],
  series: ReleaseSeries,
  shown: ReadonlyMap<string, readonly SeriesPoint[]>,
): ChartMark[] {
  return events.flatMap((event) => {
    const shape = markShapes[event.kind];
    if (shape === undefined) return [];
    const text = eventText(event);
    if (series.interval === 'hour') return [{ at: placeOf(event.day, series), value: null, shape, text }];
    const start = bucketStart(event.day, series.interval);
    const points = event.platform === null ? [] : (shown.get(event.platform) ?? []);
    const value = points.find(({ t }) => t === start)?.value ?? (shape === 'flag' ? null : 0);
    return [{ at: new Date(start), value, shape, text }];
  });
}

function rulesOf(events: readonly ReleaseEvent[], series: ReleaseSeries): ChartRule[] {
  return events.flatMap((event): ChartRule[] => {
    const at = placeOf(event.day, series);
    if (event.kind === 'change_point') return [{ at, kind: 'change', text: eventText(event) }];
    if (event.kind === 'definition_change') return [{ at, kind: 'definition', text: eventText(event) }];
    return [];
  });
}
