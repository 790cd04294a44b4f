import type { VNode } from 'preact';
import type { EntryPreview } from '../../../services/data-entry.js';
import { wordFor } from '../filter-bar.js';
import { figure, Instant } from '../parts/figures.js';
import { ActionForm } from '../parts/form.js';
import type { Viewer } from '../parts/viewer.js';
import type { EntryFields } from './entry-form.js';

/** What entering the value would mean, and the button that does it. */
export function Preview({
  preview,
  fields,
  title,
  viewer,
}: {
  preview: EntryPreview;
  fields: EntryFields;
  title: string;
  viewer: Viewer;
}): VNode {
  const {
    metric,
    metric_name: name,
    metric_value: value,
    platform,
    recorded_at: at,
    previous,
    expected,
  } = preview;
  return (
    <section aria-labelledby="look" class="panel">
      <h2 id="look">What would be entered</h2>
      <dl class="facts">
        <div>
          <dt>Release</dt>
          <dd dir="auto">{title}</dd>
        </div>
        <div>
          <dt>Value</dt>
          <dd>
            <strong>{figure(value, 6)}</strong> {name} on {wordFor(platform)}
            <span class="under">
              {metric === null ? 'unit and kind are not known' : `${metric.unit}, ${metric.kind}`}
            </span>
          </dd>
        </div>
        <div>
          <dt>At</dt>
          <dd>
            <Instant at={at} />
            {fields.zone === 'UTC' ? null : (
              <span class="under">
                {fields.at.replace('T', ' ')} in {fields.zone}
              </span>
            )}
          </dd>
        </div>
        <div>
          <dt>Last value before</dt>
          <dd>
            {previous === null ? (
              'none'
            ) : (
              <>
                {figure(previous.metric_value, 6)}
                <span class="under">
                  <Instant at={previous.recorded_at} />, {previous.source}
                </span>
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>Expected</dt>
          <dd>
            {expected === null
              ? 'too little is known to say'
              : `${figure(expected.low)} to ${figure(expected.high)}`}
            {expected === null ? null : (
              <span class="under">
                {expected.basis === 'forecast' ? 'by the forecast' : 'by the last 28 days'}, derived
              </span>
            )}
          </dd>
        </div>
      </dl>
      {preview.warnings.length === 0 ? (
        <p class="notice notice-done">Nothing speaks against it.</p>
      ) : (
        <div class="notice notice-warning" role="alert">
          <p>
            <strong>Look again:</strong>
          </p>
          <ul>
            {preview.warnings.map(({ code, message }) => (
              <li key={code}>{message}</li>
            ))}
          </ul>
        </div>
      )}
      <ActionForm action="/add-data" viewer={viewer}>
        <input type="hidden" name="release" value={String(preview.release_id)} />
        {Object.entries({ ...fields, platform, metric: name }).map(([field, told]) => (
          <input key={field} type="hidden" name={field} value={told} />
        ))}
        <button type="submit" class="button-main">
          {preview.warnings.length === 0 ? 'Enter it' : 'Enter it all the same'}
        </button>
      </ActionForm>
    </section>
  );
}
