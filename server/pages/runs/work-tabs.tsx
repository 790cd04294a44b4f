import type { VNode } from 'preact';
import { Tabs } from '../parts/tabs.js';

const tabs = [
  { path: '/runs', name: 'Runs' },
  { path: '/schedules', name: 'Schedules' },
  { path: '/backfills', name: 'Backfills' },
] as const;

/** The three pages about work that is done by itself. */
export function WorkTabs({ here }: { here: (typeof tabs)[number]['path'] }): VNode {
  return (
    <Tabs
      label="Runs, schedules and backfills"
      tabs={tabs.map(({ path, name }) => ({ href: path, name, isChosen: path === here }))}
    />
  );
}
