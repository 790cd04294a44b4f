import type { VNode } from 'preact';
import { addDays, daysBetween } from '../../analytics/calendar.js';
import type { ReleaseEvent } from '../../services/release-events.js';
import type { SeriesPoint } from '../../services/release-series.js';
import {
  TimeChart,
  type ChartBand,
  type ChartLine,
  type ChartMark,
  type ChartRule,
} from '../charts/time-chart.js';
import { metricName, numberText } from './figures.js';
import { wordFor } from './filter-bar.js';
import { periodInWords } from './filter.js';
import { viewedPoints, type ReleaseView } from './release-view.js';

type Colour = ChartLine['colour'];

/** A forecast shows no more ahead than half of what stands behind it, and four weeks at most. */
const mostAheadDays = 28;

/** Name and period of the chart, which its download bears too. */
export function chartTitle({ metric, view, series, read, release }: ReleaseView): {
  name: string;
  period: string;
} {
  const by = series.interval === 'hour' ? 'at each hour' : `a ${series.interval}`;
  const what =
    view === 'cumulative' ? 'in total' : series.adds_up === 'sum' ? by : `by the ${series.interval}`;
  return {
    name: `${metricName(metric)} ${what} of ${release.title}`,
    period: periodInWords(read.filter.from, read.filter.to),
  };
}

export function ReleaseChart(model: ReleaseView): VNode {
  const { read, view, series, compared, happened } = model;
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
  const last = end ?? addDays(filter.to, -1);
  return (
    <TimeChart
      id="release"
      name={name}
      period={period}
      range={[new Date(filter.from), new Date(last)]}
      lines={lines}
      bands={bands}
      marks={marksOf(happened.events, shownPoints)}
      rules={rulesOf(happened.events)}
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

export function eventText(event: ReleaseEvent): string {
  const where = event.platform === null ? '' : ` on ${wordFor(event.platform)}`;
  const value = event.value === null ? '' : `: ${numberText(event.value)}`;
  const expected =
    event.lower === null || event.upper === null
      ? ''
      : `, expected ${numberText(event.lower)} to ${numberText(event.upper)}`;
  return `${event.day}, ${event.text}${where}${value}${expected}`;
}

const markShapes: Readonly<Partial<Record<ReleaseEvent['kind'], ChartMark['shape']>>> = {
  spike: 'diamond',
  drop: 'diamond',
  level: 'diamond',
  silence: 'diamond',
  platform_correction: 'correction',
  annotation: 'flag',
};

function marksOf(
  events: readonly ReleaseEvent[],
  shown: ReadonlyMap<string, readonly SeriesPoint[]>,
): ChartMark[] {
  return events.flatMap((event) => {
    const shape = markShapes[event.kind];
    if (shape === undefined) return [];
    const points = event.platform === null ? [] : (shown.get(event.platform) ?? []);
    const value = points.find(({ t }) => t === event.day)?.value ?? (shape === 'flag' ? null : 0);
    return [{ at: new Date(event.day), value, shape, text: eventText(event) }];
  });
}

function rulesOf(events: readonly ReleaseEvent[]): ChartRule[] {
  return events.flatMap((event): ChartRule[] => {
    if (event.kind === 'change_point')
      return [{ at: new Date(event.day), kind: 'change', text: eventText(event) }];
    if (event.kind === 'definition_change')
      return [{ at: new Date(event.day), kind: 'definition', text: eventText(event) }];
    return [];
  });
}
