import type { VNode } from 'preact';
import { Tabs } from '../parts/tabs.js';

const tabs = [
  { path: '/add-data', name: 'A value' },
  { path: '/add-data/uploads', name: 'A file' },
  { path: '/add-data/unlinked', name: 'Unlinked contents' },
  { path: '/add-data/quarantine', name: 'Rows set aside' },
] as const;

/** The ways to add or mend data, each on a page of its own. */
export function AddDataTabs({ here }: { here: (typeof tabs)[number]['path'] }): VNode {
  return (
    <Tabs
      label="Ways to add data"
      tabs={tabs.map(({ path, name }) => ({ href: path, name, isChosen: path === here }))}
    />
  );
}
