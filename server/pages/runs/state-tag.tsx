import type { VNode } from 'preact';

const marks: Readonly<Record<string, { sign: string; tone: string }>> = {
  running: { sign: '▸', tone: '' },
  planned: { sign: '·', tone: '' },
  succeeded: { sign: '✓', tone: 'tag-good' },
  ready: { sign: '✓', tone: 'tag-good' },
  finished: { sign: '✓', tone: 'tag-good' },
  partial: { sign: '◐', tone: 'tag-warning' },
  paused: { sign: '‖', tone: 'tag-warning' },
  parked: { sign: '‖', tone: 'tag-warning' },
  overdue: { sign: '!', tone: 'tag-warning' },
  expired: { sign: '!', tone: 'tag-warning' },
  failed: { sign: '×', tone: 'tag-bad' },
  cancelled: { sign: '–', tone: '' },
};

/** A state of a run, schedule or plan: a sign, a word and a colour that say the same. */
export function StateTag({ state }: { state: string }): VNode {
  const { sign, tone } = marks[state] ?? { sign: '·', tone: '' };
  return (
    <span class={`tag ${tone}`}>
      <span aria-hidden="true">{sign} </span>
      {state}
    </span>
  );
}
