import type { VNode } from 'preact';
import { ActionForm, Field, Select } from '../parts/form.js';
import type { Viewer } from '../parts/viewer.js';

const formats = {
  'long-csv': 'one value a row: platform, external_id, metric, value, recorded_at',
  'daily-streams': 'streams of a day: STREAMS_2026_01_05.csv',
};

/** The fields stand before the file, so that they are known when it comes. */
export function UploadForm({ viewer }: { viewer: Viewer }): VNode {
  return (
    <section aria-labelledby="upload">
      <h2 id="upload">A CSV</h2>
      <ActionForm
        action={`/add-data/uploads?_csrf=${encodeURIComponent(viewer.csrfToken)}`}
        viewer={viewer}
        enctype="multipart/form-data"
        class="filters"
      >
        <Field id="format" label="Form of the file">
          <Select id="format" options={formats} chosen="long-csv" />
        </Field>
        <Field id="account" label="Account" hint="such as youtube/main; empty for none">
          <input
            id="account"
            name="account"
            maxLength={200}
            autocomplete="off"
            spellcheck={false}
            aria-describedby="account-hint"
          />
        </Field>
        <Field id="file" label="File">
          <input id="file" name="file" type="file" accept=".csv,text/csv" required />
        </Field>
        <button type="submit">Look through it</button>
      </ActionForm>
    </section>
  );
}
