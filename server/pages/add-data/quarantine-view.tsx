import type { VNode } from 'preact';
import { fieldsToMend } from '../../../services/replay-quarantine.js';
import type { StoredQuarantinedRow } from '../../../store/quarantine.js';
import { Instant } from '../parts/figures.js';
import { ActionForm, Field } from '../parts/form.js';
import { Empty } from '../parts/notices.js';
import { withQuery } from '../parts/query.js';
import type { Viewer } from '../parts/viewer.js';

/** Begins the names of the controls that stand for the file's columns, which may be called anything. */
export const fieldPrefix = 'set.';

export interface TypedFields {
  id: string;
  /** Value by column. */
  set: Readonly<Record<string, string>>;
}

export function QuarantinedRows({
  rows,
  next,
  mender,
  typed,
}: {
  rows: readonly StoredQuarantinedRow[];
  /** Where the next page begins; undefined on the last one. */
  next: string | undefined;
  /** Null for whoever may only look. */
  mender: Viewer | null;
  /** What was typed for one of them and refused. */
  typed: TypedFields | null;
}): VNode {
  return (
    <>
      {rows.length === 0 ? (
        <Empty>
          No row waits to be mended. What an <a href="/add-data/uploads">upload</a> or an import cannot take
          comes here.
        </Empty>
      ) : null}
      {rows.map((row) => (
        <section key={row.id} class="panel apart" aria-labelledby={`row-${row.id}`}>
          <h2 id={`row-${row.id}`}>
            Row {row.id}: {row.field ?? 'the line'} {row.reason}
          </h2>
          <p class="quiet">
            Line {row.line} of <span dir="auto">{row.origin}</span>, set aside{' '}
            <Instant at={row.quarantinedAt} />
          </p>
          <p>
            <code dir="auto">{row.raw}</code>
          </p>
          {mender === null ? null : (
            <Mend row={row} viewer={mender} set={typed?.id === row.id ? typed.set : {}} />
          )}
        </section>
      ))}
      {next === undefined ? null : (
        <p>
          <a class="button" href={withQuery('/add-data/quarantine', { after: next })} rel="next">
            Next
          </a>
        </p>
      )}
    </>
  );
}

function Mend({
  row,
  viewer,
  set,
}: {
  row: StoredQuarantinedRow;
  viewer: Viewer;
  set: TypedFields['set'];
}): VNode {
  const address = `/add-data/quarantine/${row.id}`;
  const fields = fieldsToMend(row);
  return (
    <>
      {fields === null ? (
        <p class="quiet">Its file’s header cannot be read: upload the line in a file of its own.</p>
      ) : (
        <ActionForm action={`${address}/replay`} viewer={viewer} class="filters">
          {fields.map(({ name, value }, index) => {
            const id = `row-${row.id}-${String(index)}`;
            const isBad = name === row.field;
            return (
              <Field key={name} id={id} label={name} {...(isBad ? { hint: row.reason } : {})}>
                <input
                  id={id}
                  name={`${fieldPrefix}${name}`}
                  value={set[name] ?? value}
                  maxLength={2_000}
                  dir="auto"
                  autocomplete="off"
                  aria-describedby={isBad ? `${id}-hint` : undefined}
                />
              </Field>
            );
          })}
          <button type="submit">
            Load it<span class="visually-hidden"> (row {row.id})</span>
          </button>
        </ActionForm>
      )}
      <ActionForm action={`${address}/dismiss`} viewer={viewer} class="filters">
        <Field id={`note-${row.id}`} label="Or let it be, with a note">
          <input id={`note-${row.id}`} name="note" maxLength={2_000} dir="auto" />
        </Field>
        <button type="submit">
          Let it be<span class="visually-hidden"> (row {row.id})</span>
        </button>
      </ActionForm>
    </>
  );
}
