import type { VNode } from 'preact';

const tabs = [
  { path: '/add-data', name: 'A value' },
  { path: '/add-data/uploads', name: 'A file' },
  { path: '/add-data/unlinked', name: 'Unlinked contents' },
  { path: '/add-data/quarantine', name: 'Rows set aside' },
] as const;

/** The ways to add or mend data, each on a page of its own. */
export function AddDataTabs({ here }: { here: (typeof tabs)[number]['path'] }): VNode {
  return (
    <nav aria-label="Ways to add data">
      <ul class="tabs">
        {tabs.map(({ path, name }) => (
          <li key={path}>
            <a href={path} aria-current={path === here ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
