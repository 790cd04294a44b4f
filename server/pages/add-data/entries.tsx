import type { VNode } from 'preact';
import type { ManualEntry } from '../../../store/manual-entries.js';
import { wordFor } from '../filter-bar.js';
import { figure, Instant, ReleaseLink } from '../parts/figures.js';
import { ActionForm } from '../parts/form.js';
import { Empty } from '../parts/notices.js';
import type { Viewer } from '../parts/viewer.js';

/** The last values that people entered, each with its way back. */
export function Entries({ entries, viewer }: { entries: readonly ManualEntry[]; viewer: Viewer }): VNode {
  const mayUndo = viewer.may('write');
  return (
    <section aria-labelledby="entries">
      <h2 id="entries">Last entries</h2>
      {entries.length === 0 ? (
        <Empty>Nobody has entered a value yet. The last ones stand here, and each can be taken back.</Empty>
      ) : (
        <div class="table-scroll" tabIndex={0} role="group" aria-label="Last entries">
          <table>
            <caption>The latest first; what was taken back stays in sight.</caption>
            <thead>
              <tr>
                <th scope="col">Release</th>
                <th scope="col">Platform and metric</th>
                <th scope="col" class="number">
                  Value
                </th>
                <th scope="col" class="number">
                  Before
                </th>
                <th scope="col">At</th>
                <th scope="col">Entered</th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={entry.id}>
                  <th scope="row">
                    {entry.release_id === null ? (
                      <span class="quiet">unlinked</span>
                    ) : (
                      <ReleaseLink id={entry.release_id} title={entry.release_title ?? undefined} />
                    )}
                  </th>
                  <td>
                    {wordFor(entry.platform)} {entry.metric_name}
                  </td>
                  <td class="number">{figure(entry.metric_value, 6)}</td>
                  <td class="number">{figure(entry.former_value, 6)}</td>
                  <td>
                    <Instant at={entry.recorded_at} />
                  </td>
                  <td>
                    <Instant at={entry.entered_at} />
                    <span class="under">{entry.entered_by}</span>
                  </td>
                  <td>
                    {entry.undone_at !== null ? (
                      <>
                        taken back <span class="under">{entry.undone_by}</span>
                      </>
                    ) : mayUndo ? (
                      <ActionForm action={`/add-data/entries/${entry.id}/undo`} viewer={viewer}>
                        <button type="submit" class="button-small">
                          Undo<span class="visually-hidden"> entry {entry.id}</span>
                        </button>
                      </ActionForm>
                    ) : (
                      'stands'
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
