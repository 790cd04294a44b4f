import type { VNode } from 'preact';
import { platforms } from '../../../contracts/vocabulary.js';
import type { MetricTraits } from '../../../store/entry-context.js';
import type { Release } from '../../../store/releases.js';
import { wordFor } from '../filter-bar.js';
import { Field, Select } from '../parts/form.js';
import { MomentFields } from '../parts/moment.js';

/** What the form holds, as it was typed. */
export interface EntryFields {
  platform: string;
  metric: string;
  value: string;
  at: string;
  zone: string;
}

/** The form that leads to a look at the value; nothing is written by it. */
export function EntryForm({
  release,
  metrics,
  fields,
}: {
  release: Release;
  metrics: readonly MetricTraits[];
  fields: EntryFields;
}): VNode {
  const known = metrics.find(({ name }) => name === fields.metric.trim());
  return (
    <section aria-labelledby="entry">
      <h2 id="entry">
        <span dir="auto">{release.title}</span>
      </h2>
      <p>
        <a href="/add-data">Take another release</a>
      </p>
      <form method="get" action="/add-data" class="filters" aria-label="A value">
        <input type="hidden" name="release" value={String(release.id)} />
        <Field id="platform" label="Platform">
          <Select
            id="platform"
            options={Object.fromEntries(platforms.map((platform) => [platform, wordFor(platform)]))}
            chosen={fields.platform}
          />
        </Field>
        <Field
          id="metric"
          label="Metric"
          hint={known === undefined ? 'its unit and kind stand in the list' : `${known.unit}, ${known.kind}`}
        >
          <input
            id="metric"
            name="metric"
            list="metrics"
            required
            maxLength={200}
            value={fields.metric}
            autocomplete="off"
            aria-describedby="metric-hint"
          />
          <datalist id="metrics">
            {metrics.map(({ name, unit, kind }) => (
              <option key={name} value={name}>
                {`${name}: ${unit}, ${kind}`}
              </option>
            ))}
          </datalist>
        </Field>
        <Field id="value" label="Value">
          <input id="value" name="value" inputMode="decimal" required value={fields.value} />
        </Field>
        <MomentFields id="entry" label="When it stood so" at={fields.at} zone={fields.zone} />
        <button type="submit" name="step" value="preview">
          Look at it
        </button>
      </form>
      <details>
        <summary>Metrics with their unit and kind</summary>
        <div class="table-scroll" tabIndex={0} role="group" aria-label="Metrics">
          <table>
            <thead>
              <tr>
                <th scope="col">Metric</th>
                <th scope="col">Unit</th>
                <th scope="col">Kind</th>
                <th scope="col">What it is</th>
              </tr>
            </thead>
            <tbody>
              {metrics.map(({ name, unit, kind, description }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{unit}</td>
                  <td>{kind}</td>
                  <td>{description}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
