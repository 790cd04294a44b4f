import type { VNode } from 'preact';

export interface Tab {
  href: string;
  name: string;
  isChosen: boolean;
}

/** Links side by side, of which one is what is shown. */
export function Tabs({
  label,
  tabs,
  chosenAs = 'page',
}: {
  label: string;
  tabs: readonly Tab[];
  /** `page` where each leads to a page or a view of its own, `true` where they only order what is shown. */
  chosenAs?: 'page' | 'true';
}): VNode {
  return (
    <nav aria-label={label}>
      <ul class="tabs">
        {tabs.map(({ href, name, isChosen }) => (
          <li key={href}>
            <a href={href} aria-current={isChosen ? chosenAs : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
