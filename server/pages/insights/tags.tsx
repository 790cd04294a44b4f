import type { VNode } from 'preact';
import type { ListedInsight } from '../../../services/insight-service.js';
import { statusWords, worded } from './words.js';

export function PriorityTag({ priority }: { priority: ListedInsight['priority'] }): VNode {
  return <span class={`tag priority-${priority}`}>{worded({}, priority)} priority</span>;
}

export function StatusTag({ insight }: { insight: Pick<ListedInsight, 'status' | 'snoozed_until'> }): VNode {
  const until = insight.snoozed_until === null ? '' : ` until ${insight.snoozed_until}`;
  return (
    <span class="tag">
      {worded(statusWords, insight.status)}
      {until}
    </span>
  );
}
