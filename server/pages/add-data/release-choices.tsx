import type { VNode } from 'preact';
import type { FoundRelease } from '../../../store/release-search.js';
import { counted } from '../parts/figures.js';

/** Releases to choose from, each with what tells it from others of its title. */
export function ReleaseChoices({
  releases,
  hrefOf,
}: {
  releases: readonly FoundRelease[];
  hrefOf: (releaseId: number) => string;
}): VNode {
  return (
    <ul class="pick-list">
      {releases.map(({ id, title, artist, releasedOn }) => (
        <li key={id}>
          <a href={hrefOf(id)} dir="auto">
            {title}
          </a>{' '}
          <span class="quiet">
            {artist}
            {releasedOn === null ? '' : `, ${releasedOn}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** That there are more of them than are shown. */
export function MoreReleases({ shown }: { shown: number }): VNode {
  return <p class="quiet">The latest {counted(shown, 'release')}; find others by their words.</p>;
}
