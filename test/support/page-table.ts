/** Every page in every state that it knows, and where each is to be seen. */
import { addDays } from '../../analytics/calendar.js';
import type { Places } from './furnish.js';
import type { SiteName } from './stage.js';

export type PageState = 'loaded' | 'empty' | 'filtered-empty' | 'partial' | 'error' | 'stale' | 'forbidden';

export interface Sight {
  state: PageState;
  site: SiteName;
  path: (places: Places) => string;
  /** What the page has to say beside its heading. */
  says?: RegExp;
  /** The heading, where it is another than the page's own. */
  heading?: RegExp;
  /** 200 unless told. */
  status?: number;
}

export interface PageOfTable {
  name: string;
  heading: RegExp;
  sights: readonly Sight[];
}

type Path = string | ((places: Places) => string);
const pathOf = (path: Path): Sight['path'] => (typeof path === 'string' ? () => path : path);

const badge = /Stale: Data through/;
const unreachable = { heading: /^Not reachable at the moment$/, status: 503, says: /database/i };
const unknown = { heading: /^Not found$/, status: 404 };
const unallowed = { heading: /^Not allowed$/, status: 403, says: /scope “read”/ };

interface States {
  /** The page, and what it says once there is something on it. */
  loaded: readonly [path: Path, says: RegExp];
  /** How it looks where nothing was ever told; a single thing is not there. */
  empty?: readonly [path: Path, says: RegExp, status?: number];
  /** What is asked for and matches nothing. */
  none?: readonly [path: Path, says: RegExp];
  /** It is shown to whoever made it, and for a while. */
  isOwn?: true;
  /** While Temporal is away. */
  partial?: RegExp;
  /** What is asked for wrongly: answered by the page itself. */
  wrong?: readonly [path: Path, says: RegExp, status: number];
  /** A viewer sees it, without the controls. */
  viewer?: RegExp;
  /** A viewer of another artist sees nothing of it. */
  stranger?: RegExp | 'not found';
}

function page(name: string, heading: RegExp, states: States): PageOfTable {
  const [path, says] = states.loaded;
  const at = pathOf(path);
  const { empty, none, isOwn, partial, wrong, viewer, stranger } = states;
  return {
    name,
    heading,
    sights: [
      { state: 'loaded', site: 'demo', path: at, says },
      ...(empty === undefined
        ? [{ state: 'empty' as const, site: 'bare' as const, path: at, ...unknown }]
        : [
            {
              ...{ state: 'empty' as const, site: 'bare' as const, path: pathOf(empty[0]) },
              ...{ says: empty[1], status: empty[2] ?? 200 },
            },
          ]),
      ...(none === undefined
        ? []
        : [
            { state: 'filtered-empty' as const, site: 'demo' as const, path: pathOf(none[0]), says: none[1] },
          ]),
      ...(partial === undefined
        ? []
        : [{ state: 'partial' as const, site: 'alone' as const, path: at, says: partial }]),
      { state: 'error', site: 'broken', path: at, ...unreachable },
      ...(wrong === undefined
        ? []
        : [
            {
              ...{ state: 'error' as const, site: 'demo' as const, path: pathOf(wrong[0]) },
              ...{ says: wrong[1], status: wrong[2] },
            },
          ]),
      // An upload waits for a day, and for whoever sent it alone.
      ...(isOwn
        ? [{ state: 'forbidden' as const, site: 'blind' as const, path: at, ...unknown }]
        : [
            { state: 'stale' as const, site: 'late' as const, path: at, says: badge },
            { state: 'forbidden' as const, site: 'blind' as const, path: at, ...unallowed },
          ]),
      ...(viewer === undefined
        ? []
        : [{ state: 'forbidden' as const, site: 'viewer' as const, path: at, says: viewer }]),
      ...(stranger === undefined
        ? []
        : [
            {
              ...{ state: 'forbidden' as const, site: 'stranger' as const, path: at },
              ...(stranger === 'not found' ? unknown : { says: stranger }),
            },
          ]),
    ],
  };
}

const preview = ({ today }: Places, report = 'counters', days = 20): string =>
  `/backfills/new?account=youtube%2Fmain&report=${report}&from=${addDays(today, -days)}&to=${addDays(today, -1)}&mode=all&order=newest&concurrency=2`;
const plan = {
  ...{ name: 'Face', hypothesis: 'Clicked more.', artist: '1', metric: 'clicks', kind: 'proportion' },
  ...{ goal: 'increase', variants: 'plain\nface', effect: '0.01', deviation: '', alpha: '0.05' },
  ...{ power: '0.8', age: '', step: 'plan' },
};
const planned = (baseline: string): string =>
  `/experiments/new?${new URLSearchParams({ ...plan, baseline }).toString()}`;
const value = ({ wild }: Places, told: string): string =>
  `/add-data?release=${wild}&step=preview&platform=tiktok&metric=views&at=2026-03-03T10%3A15&zone=Asia%2FKolkata&value=${told}`;

export const pageTable: readonly PageOfTable[] = [
  page('Overview', /^Overview$/, {
    loaded: ['/', /Latest anomalies/],
    empty: ['/', /There is nothing to show yet/],
    none: ['/?platform=linkedin', /Show everything/],
    wrong: ['/?range=soon&tz=Mars', /time zone/i, 200],
    viewer: /Latest anomalies/,
    stranger: /There is nothing to show yet/,
  }),
  page('Releases', /^Releases$/, {
    loaded: ['/releases', /Neap/],
    empty: ['/releases', /There is no approved release yet/],
    none: ['/releases?q=nosuchword', /No approved release has/],
    stranger: /Not yours/,
  }),
  page('Release', /./, {
    loaded: [({ release }) => `/releases/${release}?range=90d&metric=views`, /What happened/],
    none: [
      ({ release }) => `/releases/${release}?range=custom&from=2019-01-01&to=2019-01-31`,
      /Show all of it/,
    ],
    wrong: [({ release }) => `/releases/${release}?range=soon&tz=Mars`, /time zone/i, 200],
    viewer: /takes a key of an analyst/,
    stranger: 'not found',
  }),
  page('Release with a wild title', /<script>alert\(1\)<\/script> مدّ وجزر 🌊🎶/, {
    loaded: [({ wild }) => `/releases/${wild}?range=7d&metric=joy_per_beat&tz=Asia/Kolkata`, /Joy per beat/],
    stranger: 'not found',
  }),
  page('Trending', /^Trending$/, {
    loaded: ['/trending', /Velocity/],
    empty: ['/trending', /Nothing has moved/],
    none: ['/trending?platform=linkedin', /Show everything/],
    wrong: ['/trending?range=soon&tz=Mars', /time zone/i, 200],
    stranger: /Nothing has moved/,
  }),
  page('Stock sources', /^Stock sources$/, {
    loaded: ['/stock-sources', /Score/],
    empty: ['/stock-sources', /No stock source has been used yet/],
    none: ['/stock-sources?as_of=2015-01-01', /No clip had been used by that day/],
    stranger: /No stock source has been used yet/,
  }),
  page('Stock source', /./, {
    loaded: [({ source }) => `/stock-sources/${encodeURIComponent(source)}`, /Effect, points/],
    none: [
      ({ source }) => `/stock-sources/${encodeURIComponent(source)}?as_of=2015-01-01`,
      /Show it as of today/,
    ],
    stranger: 'not found',
  }),
  page('Insights', /^Insights$/, {
    loaded: ['/insights', /difficulty/i],
    empty: ['/insights', /No insight asks for attention/],
    none: ['/insights?status=dismissed', /No insight matches/],
    stranger: /No insight asks for attention/,
  }),
  page('Insight', /./, {
    loaded: [({ insight }) => `/insights/${insight}`, /Evidence/],
    viewer: /takes a key of an analyst/,
    stranger: 'not found',
  }),
  page('Experiments', /^Experiments$/, {
    loaded: ['/experiments', /Thumbnail with a face/],
    empty: ['/experiments', /There is no experiment yet/],
    none: ['/experiments?status=closed', /No experiment matches/],
    viewer: /takes a key of an analyst/,
    stranger: /There is no experiment yet/,
  }),
  page('A new experiment', /^A new experiment$/, {
    loaded: [planned('0.04'), /observations a variant/],
    empty: ['/experiments/new', /There is no artist yet/],
    wrong: [planned('4 %'), /the baseline is a number/, 400],
    viewer: /takes a key of an analyst/,
  }),
  page('Experiment without data', /^Thumbnail with a face$/, {
    loaded: [({ draft }) => `/experiments/${draft}`, /observations/],
    viewer: /takes a key of an analyst/,
    stranger: 'not found',
  }),
  page('Experiment under way', /^Title in lower case$/, {
    loaded: [({ running }) => `/experiments/${running}`, /face/],
    viewer: /takes a key of an analyst/,
    stranger: 'not found',
  }),
  page('Experiment decided', /^Lyrics in the description$/, {
    loaded: [({ decided }) => `/experiments/${decided}`, /Clear enough/],
    stranger: 'not found',
  }),
  page('Runs', /^Runs$/, {
    loaded: ['/runs', /succeeded/],
    empty: ['/runs', /Nothing has run yet/],
    none: ['/runs?state=cancelled&kind=import', /No run matches/],
    partial: /succeeded/,
  }),
  page('Run', /./, {
    loaded: [({ run }) => `/runs/${run}`, /history/],
    partial: /Temporal/,
    viewer: /./,
  }),
  page('Run that failed', /./, {
    loaded: [({ failedRun }) => `/runs/${failedRun}`, /./],
    partial: /Temporal/,
  }),
  page('Schedules', /^Schedules$/, {
    loaded: ['/schedules', /Until somebody has looked/],
    empty: ['/schedules', /tidemark schedule apply/],
    partial: /Temporal/,
    viewer: /takes a key of an operator/,
  }),
  page('Backfills', /^Backfills$/, {
    loaded: ['/backfills', /planned/],
    empty: ['/backfills', /No backfill has been planned yet/],
    partial: /./,
    viewer: /planned/,
  }),
  page('Preview of a backfill', /^Preview of a backfill$/, {
    loaded: [preview, /Days to collect/],
    empty: [preview, /account/, 404],
    none: [
      ({ today }) =>
        `/backfills/new?account=youtube%2Fmain&report=counters&from=${addDays(today, -40)}&to=${addDays(today, -30)}&mode=missing`,
      /./,
    ],
    partial: /Temporal/,
    wrong: [
      ({ today }) => `/backfills/new?account=youtube%2Fnobody&report=counters&from=${today}&to=${today}`,
      /nobody/,
      404,
    ],
    viewer: /takes a key of an operator/,
  }),
  page('Backfill that is planned', /./, {
    loaded: [({ plan: id }) => `/backfills/${id}`, /planned/],
    partial: /Temporal/,
    viewer: /takes a key of an operator/,
    stranger: 'not found',
  }),
  page('Backfill that is done', /./, {
    loaded: [({ done }) => `/backfills/${done}`, /finished/],
    partial: /./,
  }),
  page('Add data', /^Add data$/, {
    loaded: [(places) => value(places, '1200'), /2026-03-03 04:45 UTC/],
    empty: ['/add-data', /There is no approved release yet/],
    none: ['/add-data?q=nosuchword', /No approved release has these words/],
    wrong: [(places) => value(places, 'many'), /value/, 400],
    viewer: /takes a key of an analyst/,
    stranger: 'not found',
  }),
  page('Upload a file', /^Upload a file$/, {
    loaded: ['/add-data/uploads', /CSV/],
    empty: ['/add-data/uploads', /CSV/],
    viewer: /takes a key of an analyst/,
  }),
  page('Upload with rejects', /^march report\.csv$/, {
    loaded: [({ upload }) => `/add-data/uploads/${upload}`, /myspace/],
    isOwn: true,
  }),
  page('Upload that is loaded', /^march report\.csv$/, {
    loaded: [({ loadedUpload }) => `/add-data/uploads/${loadedUpload}`, /What was loaded/],
    isOwn: true,
  }),
  page('Unlinked contents', /^Unlinked contents$/, {
    loaded: ['/add-data/unlinked', /never-linked-1/],
    empty: ['/add-data/unlinked', /Every content belongs to a release/],
    none: ['/add-data/unlinked?q=nosuchword', /Show all of them/],
    viewer: /takes a key of an analyst/,
    stranger: /Every content belongs to a release/,
  }),
  page('Choice of a release', /^Unlinked contents$/, {
    loaded: [({ content }) => `/add-data/unlinked?content=${encodeURIComponent(content)}`, /Neap/],
    none: [({ content }) => `/add-data/unlinked?content=${encodeURIComponent(content)}&q=nosuchword`, /./],
    viewer: /takes a key of an analyst/,
  }),
  page('Look before a link', /^Unlinked contents$/, {
    loaded: [
      ({ content, release }) =>
        `/add-data/unlinked?content=${encodeURIComponent(content)}&release=${release}`,
      /./,
    ],
  }),
  page('Rows set aside', /^Rows set aside$/, {
    loaded: ['/add-data/quarantine', /is no platform that is known/],
    empty: ['/add-data/quarantine', /No row waits to be mended/],
    viewer: /takes a key of an analyst/,
  }),
  {
    name: 'Sign in',
    heading: /^Sign in$/,
    sights: [
      { state: 'loaded', site: 'demo', path: () => '/login', says: /Your key/ },
      { state: 'empty', site: 'bare', path: () => '/login', says: /Your key/ },
      { state: 'forbidden', site: 'nobody', path: () => '/', says: /Your key/ },
    ],
  },
  {
    name: 'Nowhere',
    heading: /^Not found$/,
    sights: [
      { state: 'error', site: 'demo', path: () => '/nowhere', status: 404, says: /overview/ },
      { state: 'error', site: 'bare', path: () => '/releases/999999', status: 404, says: /overview/ },
    ],
  },
];
