import type { VNode } from 'preact';
import type { FoundRelease } from '../../../store/release-search.js';
import { Field } from '../parts/form.js';
import { Empty } from '../parts/notices.js';
import { MoreReleases, ReleaseChoices } from './release-choices.js';

/** Among thousands: by words of the title, looked up by the server. */
export function ReleasePicker({
  releases,
  hasMore,
  words,
}: {
  releases: readonly FoundRelease[];
  hasMore: boolean;
  words: string;
}): VNode {
  return (
    <section aria-labelledby="pick">
      <h2 id="pick">For which release?</h2>
      <form method="get" action="/add-data" class="filters" role="search" aria-label="Find a release">
        <Field id="q" label="Words of its title">
          <input id="q" name="q" type="search" value={words} maxLength={200} dir="auto" />
        </Field>
        <button type="submit">Find</button>
        {words === '' ? null : <a href="/add-data">Clear</a>}
      </form>
      {releases.length === 0 ? (
        words === '' ? (
          <Empty>
            There is no approved release yet. Add one with <code>tidemark release add</code>.
          </Empty>
        ) : (
          <Empty>
            No approved release has these words in its title. <a href="/add-data">Show the latest</a>
          </Empty>
        )
      ) : (
        <>
          <ReleaseChoices releases={releases} hrefOf={(id) => `/add-data?release=${String(id)}`} />
          {hasMore ? <MoreReleases shown={releases.length} /> : null}
        </>
      )}
    </section>
  );
}
