import type { VNode } from 'preact';
import type { LinkWarning } from '../../../services/link-content.js';
import type { ListedContent } from '../../../store/content-list.js';
import type { FoundRelease } from '../../../store/release-search.js';
import type { Release } from '../../../store/releases.js';
import { wordFor } from '../filter-bar.js';
import { Instant } from '../parts/figures.js';
import { ActionForm, Field } from '../parts/form.js';
import { Allowed, Empty } from '../parts/notices.js';
import { withQuery } from '../parts/query.js';
import type { Viewer } from '../parts/viewer.js';
import { MoreReleases, ReleaseChoices } from './release-choices.js';

const path = '/add-data/unlinked';

export function UnlinkedList({
  contents,
  words,
  next,
  viewer,
}: {
  contents: readonly ListedContent[];
  words: string | undefined;
  /** Where the next page begins; undefined on the last one. */
  next: number | undefined;
  viewer: Viewer;
}): VNode {
  return (
    <section aria-label="Contents without a release">
      <form method="get" action={path} class="filters" role="search" aria-label="Find a content">
        <Field id="q" label="Part of its title or id">
          <input id="q" name="q" type="search" value={words} maxLength={200} dir="auto" />
        </Field>
        <button type="submit">Find</button>
        {words === undefined ? null : <a href={path}>Clear</a>}
      </form>
      <Allowed viewer={viewer} scope="write" to="link contents">
        {null}
      </Allowed>
      {contents.length === 0 ? (
        <Empty>
          {words === undefined ? (
            <>
              Every content belongs to a release. What a <a href="/runs">collection</a> or an{' '}
              <a href="/add-data/uploads">upload</a> finds anew comes here first.
            </>
          ) : (
            <>
              No unlinked content is called so. <a href="/add-data/unlinked">Show all of them</a>
            </>
          )}
        </Empty>
      ) : (
        <div class="table-scroll" tabIndex={0} role="group" aria-label="Unlinked contents">
          <table>
            <thead>
              <tr>
                <th scope="col">Content</th>
                <th scope="col">Platform</th>
                <th scope="col">Account</th>
                <th scope="col">Published</th>
                <th scope="col">Release</th>
              </tr>
            </thead>
            <tbody>
              {contents.map((content) => (
                <tr key={content.id}>
                  <th scope="row">
                    <ContentName content={content} />
                  </th>
                  <td>
                    {wordFor(content.platform)}, {content.kind}
                  </td>
                  <td>{content.account ?? <span class="quiet">none</span>}</td>
                  <td>
                    <Instant at={content.published_at} />
                  </td>
                  <td>
                    {viewer.may('write') ? (
                      <a href={withQuery(path, { content: content.content_id })}>
                        Link<span class="visually-hidden"> {content.content_id}</span>
                      </a>
                    ) : (
                      <span class="quiet">unlinked</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {next === undefined ? null : (
        <p>
          <a class="button" href={withQuery(path, { q: words, after: next })} rel="next">
            Next
          </a>
        </p>
      )}
    </section>
  );
}

function ContentName({ content }: { content: ListedContent }): VNode {
  return (
    <>
      <span dir="auto">{content.title ?? 'Without a title'}</span>
      <span class="under">{content.content_id}</span>
    </>
  );
}

/** Which release? Found by words of its title; choosing one leads to a look. */
export function LinkChoice({
  content,
  releases,
  hasMore,
  words,
}: {
  content: ListedContent;
  releases: readonly FoundRelease[];
  hasMore: boolean;
  words: string;
}): VNode {
  const address = withQuery(path, { content: content.content_id });
  return (
    <section aria-labelledby="choose">
      <h2 id="choose">
        To which release does <span dir="auto">{content.title ?? content.content_id}</span> belong?
      </h2>
      <p class="quiet">
        {content.content_id}, <a href={path}>take another content</a>
      </p>
      <form method="get" action={path} class="filters" role="search" aria-label="Find a release">
        <input type="hidden" name="content" value={content.content_id} />
        <Field id="q" label="Words of the release’s title">
          <input id="q" name="q" type="search" value={words} maxLength={200} dir="auto" />
        </Field>
        <button type="submit">Find</button>
        {words === '' ? null : <a href={address}>Clear</a>}
      </form>
      {releases.length === 0 ? (
        <Empty>No approved release has these words in its title.</Empty>
      ) : (
        <ReleaseChoices
          releases={releases}
          hrefOf={(release) => withQuery(path, { content: content.content_id, release })}
        />
      )}
      {hasMore ? <MoreReleases shown={releases.length} /> : null}
    </section>
  );
}

/** What linking would mean, and the button that does it. */
export function LinkLook({
  content,
  release,
  warnings,
  viewer,
}: {
  content: ListedContent;
  release: Release;
  warnings: readonly LinkWarning[];
  viewer: Viewer;
}): VNode {
  return (
    <section aria-labelledby="look" class="panel">
      <h2 id="look">What would be linked</h2>
      <dl class="facts">
        <div>
          <dt>Content</dt>
          <dd>
            <ContentName content={content} />
          </dd>
        </div>
        <div>
          <dt>Release</dt>
          <dd dir="auto">{release.title}</dd>
        </div>
      </dl>
      {warnings.length === 0 ? (
        <p class="notice notice-done">Nothing speaks against it.</p>
      ) : (
        <div class="notice notice-warning" role="alert">
          <p>
            <strong>To know before:</strong>
          </p>
          <ul>
            {warnings.map(({ code, message }) => (
              <li key={code}>{message}</li>
            ))}
          </ul>
        </div>
      )}
      <ActionForm action={`${path}/link`} viewer={viewer}>
        <input type="hidden" name="content" value={content.content_id} />
        <input type="hidden" name="release" value={String(release.id)} />
        <button type="submit" class="button-main">
          {warnings.length === 0 ? 'Link it' : 'Link it all the same'}
        </button>
      </ActionForm>
      <p>
        <a href={withQuery(path, { content: content.content_id })}>Take another release</a>
      </p>
    </section>
  );
}
