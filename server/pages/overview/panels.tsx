/** What asks for attention: what moved, what was unusual, which sources are worth drawing from, what failed. */
import type { VNode } from 'preact';
import type { RankedSource } from '../../../analytics/stock-ranking.js';
import type { OverviewMover } from '../../../services/overview.js';
import type { StoredAnomaly } from '../../../store/anomalies.js';
import type { Run } from '../../../store/runs.js';
import { Sparkline } from '../../charts/sparkline.js';
import type { ThingToNotice } from '../../dependencies.js';
import { Change, momentText, numberText } from '../parts/figures.js';
import { wordFor } from '../filter-bar.js';
import { queryOf, type Filter } from '../filter.js';

const shownSources = 3;

/** What somebody who sees the program for the first time is led to. */
export function ThingsToNotice({ things }: { things: readonly ThingToNotice[] }): VNode | null {
  if (things.length === 0) return null;
  return (
    <section class="panel" aria-labelledby="notice">
      <h2 id="notice">Things to notice in this demonstration</h2>
      <ol class="plain-list">
        {things.map(({ text, path }) => (
          <li key={path}>
            <a href={path}>{text}</a>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function Movers({ movers, filter }: { movers: readonly OverviewMover[]; filter: Filter }): VNode {
  return movers.length === 0 ? (
    <p class="empty">Nothing was told in these days.</p>
  ) : (
    <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="movers">
      <table>
        <thead>
          <tr>
            <th scope="col">Release</th>
            <th scope="col">Platform</th>
            <th scope="col" class="number">
              Gained
            </th>
            <th scope="col">Change</th>
            <th scope="col">Course</th>
          </tr>
        </thead>
        <tbody>
          {movers.map((mover) => (
            <tr key={mover.contentId}>
              <th scope="row" dir="auto">
                {mover.releaseId === null ? (
                  mover.title
                ) : (
                  <a
                    href={`/releases/${String(mover.releaseId)}?${queryOf(filter, {}, { metric: mover.metric })}`}
                  >
                    {mover.title}
                  </a>
                )}
              </th>
              <td>{wordFor(mover.platform)}</td>
              <td class="number">{`${numberText(mover.current)} ${mover.metric}`}</td>
              <td>
                <Change current={mover.current} former={filter.compare === 'none' ? null : mover.former} />
              </td>
              <td>
                <Sparkline
                  points={mover.line.map(({ day, value }) => ({
                    at: new Date(day),
                    value,
                  }))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function Anomalies({ found, filter }: { found: readonly StoredAnomaly[]; filter: Filter }): VNode {
  if (found.length === 0) return <p class="empty">Nothing unusual on the completed days of this period.</p>;
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="anomalies">
      <table>
        <thead>
          <tr>
            <th scope="col">Day</th>
            <th scope="col">Release</th>
            <th scope="col">What</th>
            <th scope="col" class="number">
              Value
            </th>
            <th scope="col" class="number">
              Expected
            </th>
          </tr>
        </thead>
        <tbody>
          {found.map((anomaly) => (
            <tr key={`${String(anomaly.contentId)} ${anomaly.metric} ${anomaly.day} ${anomaly.method}`}>
              <th scope="row">
                <time dateTime={anomaly.day}>{anomaly.day}</time>
              </th>
              <td dir="auto">
                {anomaly.releaseId === null ? (
                  (anomaly.title ?? anomaly.contentKey)
                ) : (
                  <a
                    href={`/releases/${String(anomaly.releaseId)}?${queryOf(filter, {}, { metric: anomaly.metric })}`}
                  >
                    {anomaly.title ?? anomaly.contentKey}
                  </a>
                )}
              </td>
              <td>{`${anomaly.kind} in ${anomaly.metric} (${wordFor(anomaly.platform)})`}</td>
              <td class="number">{numberText(anomaly.value)}</td>
              <td class="number">{`${numberText(anomaly.lower)} to ${numberText(anomaly.upper)}`}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function BestSources({ ranking }: { ranking: readonly RankedSource[] }): VNode {
  return ranking.length === 0 ? (
    <p class="empty">
      No clip has been logged yet: see <a href="/stock-sources">how to tell of one</a>.
    </p>
  ) : (
    <ol class="ranking">
      {ranking.slice(0, shownSources).map((source) => (
        <li key={source.source_name}>
          <a href={`/stock-sources/${encodeURIComponent(source.source_name)}`}>{source.source_name}</a>{' '}
          <strong>{source.score.toFixed(1)}</strong>{' '}
          <span class="quiet">
            {`${source.lower.toFixed(1)} to ${source.upper.toFixed(1)}, ${String(source.releases)} releases`}
          </span>
          {source.low_evidence ? <span class="tag">low evidence</span> : null}
        </li>
      ))}
    </ol>
  );
}

export function FailedRuns({ failed, filter }: { failed: readonly Run[]; filter: Filter }): VNode {
  return failed.length === 0 ? (
    <p class="empty">No run has failed.</p>
  ) : (
    <ul class="plain-list">
      {failed.map((run) => (
        <li key={run.id}>
          <a href={`/runs/${run.id}`}>{run.workflowId}</a>{' '}
          <span class="quiet">{momentText(run.startedAt, filter.zone)}</span>
          <br />
          {run.failureMessage ?? 'No reason was given.'}
        </li>
      ))}
    </ul>
  );
}
