import type { VNode } from 'preact';
import type { PendingUpload } from '../../../services/pending-upload.js';
import { wordFor } from '../filter-bar.js';
import { counted, figure, Instant } from '../parts/figures.js';
import { ActionForm } from '../parts/form.js';
import type { Viewer } from '../parts/viewer.js';

const countNames = ['inserted', 'updated', 'unchanged', 'stale', 'quarantined'] as const;

/** What the file holds, and the button that loads it; once it was loaded, what came of it. */
export function UploadView({ pending, viewer }: { pending: PendingUpload; viewer: Viewer }): VNode {
  const { preview, committed } = pending;
  const address = `/add-data/uploads/${pending.id}`;
  return (
    <>
      <section aria-labelledby="result" class="panel">
        <h2 id="result">{committed === null ? 'What would be loaded' : 'What was loaded'}</h2>
        <dl class="facts">
          <Fact name="Rows" value={figure(preview.rows)} />
          <Fact name="Good" value={figure(preview.good)} />
          <Fact name="Bad" value={figure(preview.bad)} />
          <Fact name="Account" value={pending.account ?? 'none'} />
          {committed === null
            ? null
            : countNames.map((name) => (
                <Fact key={name} name={`Records ${name}`} value={figure(committed.counts[name])} />
              ))}
        </dl>
        {committed === null ? (
          preview.good === 0 ? (
            <p class="notice notice-warning">No row of it is good: there is nothing to load.</p>
          ) : (
            <ActionForm action={`${address}/commit`} viewer={viewer}>
              <button type="submit" class="button-main">
                Load {counted(preview.good, 'good row')}
              </button>
            </ActionForm>
          )
        ) : (
          <p>
            Loaded by <a href={`/runs/${committed.run_id}`}>run {committed.run_id}</a>. Its bad rows wait
            among the <a href="/add-data/quarantine">rows set aside</a>.
          </p>
        )}
        {preview.bad === 0 ? null : (
          <p>
            <a href={`${address}/rejects`} download>
              Download {counted(preview.bad, 'bad row')} as CSV
            </a>{' '}
            <span class="quiet">in the file’s own columns, to be mended and uploaded again</span>
          </p>
        )}
        <p class="quiet">
          {committed === null
            ? 'The file is kept for a day at most, and removed once it is loaded.'
            : 'The file is removed; its bad rows can be downloaded for a day.'}
        </p>
      </section>
      <BadRows preview={preview} />
      <GoodRows preview={preview} />
      <p>
        <a href="/add-data/uploads">Upload another file</a>
      </p>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function BadRows({ preview: { bad, bad_rows: rows } }: Pick<PendingUpload, 'preview'>): VNode | null {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="bad">
      <h2 id="bad">Bad rows</h2>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="Bad rows">
        <table>
          <caption>
            {rows.length < bad ? `The first ${figure(rows.length)} of ${figure(bad)}.` : 'All of them.'}
          </caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                Line
              </th>
              <th scope="col">Field</th>
              <th scope="col">Reason</th>
              <th scope="col">The line</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ line, field, reason, raw }) => (
              <tr key={line}>
                <th scope="row" class="number">
                  {figure(line)}
                </th>
                <td>{field ?? 'the whole line'}</td>
                <td>{reason}</td>
                <td>
                  <code dir="auto">{raw}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function GoodRows({ preview: { good_rows: rows } }: Pick<PendingUpload, 'preview'>): VNode | null {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="good">
      <h2 id="good">Good rows</h2>
      <div class="table-scroll" tabIndex={0} role="group" aria-label="Good rows">
        <table>
          <caption>The first {counted(rows.length, 'value')}, as they were read.</caption>
          <thead>
            <tr>
              <th scope="col">Content</th>
              <th scope="col">Metric</th>
              <th scope="col" class="number">
                Value
              </th>
              <th scope="col">At</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ platform, external_id: id, metric, value, recorded_at: at }, index) => (
              <tr key={index}>
                <th scope="row">
                  {wordFor(platform)} {id}
                </th>
                <td>{metric}</td>
                <td class="number">{figure(value, 6)}</td>
                <td>
                  <Instant at={at} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
