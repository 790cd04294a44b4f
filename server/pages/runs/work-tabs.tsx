import type { VNode } from 'preact';

const tabs = [
  { path: '/runs', name: 'Runs' },
  { path: '/schedules', name: 'Schedules' },
  { path: '/backfills', name: 'Backfills' },
] as const;

/** The three pages about work that is done by itself. */
export function WorkTabs({ here }: { here: (typeof tabs)[number]['path'] }): VNode {
  return (
    <nav aria-label="Runs, schedules and backfills">
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
