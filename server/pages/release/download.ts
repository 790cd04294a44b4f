/** Exactly what the page of a release shows, as a file. */
import { readFileSync } from 'node:fs';
import type { FastifyReply } from 'fastify';
import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { ReleaseChart } from './chart.js';
import { viewedPoints, type ReleaseView } from './view.js';

export const downloadFormats = ['csv', 'json', 'svg'] as const;
type DownloadFormat = (typeof downloadFormats)[number];

const types: Readonly<Record<DownloadFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
};

export function sendDownload(reply: FastifyReply, model: ReleaseView, format: DownloadFormat): FastifyReply {
  const { release, metric, read } = model;
  const name = `release-${String(release.id)}-${metric.replaceAll(/[^a-z0-9_-]/gi, '_')}-${read.filter.from}.${format}`;
  return reply
    .type(types[format])
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(format === 'csv' ? csvOf(model) : format === 'json' ? jsonOf(model) : svgOf(model));
}

function rowsOf({ series, compared, view }: ReleaseView): {
  platform: string;
  t: string;
  value: number | null;
  compared: number | null;
  complete: boolean;
}[] {
  return series.series.flatMap(({ platform, points }) => {
    const former = compared.find((one) => one.platform === platform);
    const byTime = new Map(viewedPoints(former?.points ?? [], view).map(({ t, value }) => [t, value]));
    return viewedPoints(points, view).map(({ t, value, complete }) => ({
      platform,
      t,
      value,
      compared: byTime.get(t) ?? null,
      complete,
    }));
  });
}

/** Days, names of platforms and numbers: nothing that a spreadsheet could take for a formula. */
function csvOf(model: ReleaseView): string {
  const head = 'platform,t,metric,view,value,compared,complete';
  const metric = /^[\w-]+$/.test(model.metric) ? model.metric : `"${model.metric.replaceAll('"', '""')}"`;
  const lines = rowsOf(model).map(
    ({ platform, t, value, compared, complete }) =>
      `${platform},${t},${metric},${model.view},${value ?? ''},${compared ?? ''},${complete}`,
  );
  return `${[head, ...lines].join('\r\n')}\r\n`;
}

function jsonOf(model: ReleaseView): string {
  const { release, metric, view, read, happened } = model;
  return JSON.stringify(
    {
      release_id: release.id,
      title: release.title,
      metric,
      view,
      from: read.filter.from,
      to: read.filter.to,
      compare: read.filter.compare,
      points: rowsOf(model),
      events: happened.events,
      forecast: happened.trends.map(({ platform, predictions }) => ({ platform, predictions })),
    },
    null,
    2,
  );
}

const css = readFileSync(new URL('../assets/site.css', import.meta.url), 'utf8');
const chartCss = css.slice(css.indexOf('/* Charts */'));
// Programs that draw files know neither schemes nor a choice between two colours.
const colours = /:root \{[^}]*\}/
  .exec(css)![0]
  .replace(':root', 'svg')
  .replace(/\s*color-scheme:[^;]*;/, '')
  .replaceAll(/light-dark\(([^,]*),[^)]*\)/g, '$1');

/** The wide drawing by itself, with the light palette and its own styles. */
function svgOf(model: ReleaseView): string {
  const figure = renderToString(h(ReleaseChart, model));
  const drawing = /<svg class="plot chart-wide"[\s\S]*?<\/svg>/.exec(figure)![0];
  const style = `<style>${colours}${chartCss}</style><rect width="100%" height="100%" fill="#ffffff"/>`;
  return drawing
    .replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" font-family="system-ui, sans-serif" ')
    .replace('</title>', `</title>${style}`);
}
