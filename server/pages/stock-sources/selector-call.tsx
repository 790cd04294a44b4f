import type { VNode } from 'preact';
import type { RankingView } from './ranking-query.js';

const named = 3;

/** The call that a video selector makes for this very ranking, in each of the three ways there are. */
export function SelectorCall({ view, origin }: { view: RankingView; origin: string }): VNode {
  const { as_of: asOf, half_life: halfLife } = view.told;
  const query = new URLSearchParams({ top_n: String(named) });
  if (asOf !== undefined) query.set('as_of', asOf);
  if (halfLife !== undefined) query.set('half_life_days', String(halfLife));
  const flags = [
    `-n ${String(named)}`,
    ...(asOf === undefined ? [] : [`--as-of ${asOf}`]),
    ...(halfLife === undefined ? [] : [`--half-life ${String(halfLife)}`]),
    '--json',
  ].join(' ');
  const options = [
    ...(asOf === undefined ? [] : [`asOf: '${asOf}'`]),
    ...(halfLife === undefined ? [] : [`halfLifeDays: ${String(halfLife)}`]),
  ];
  const more = options.length === 0 ? '' : `, { ${options.join(', ')} }`;
  return (
    <section aria-labelledby="selector">
      <h2 id="selector">What a video selector calls</h2>
      <p>The first {named} of this ranking, best first, for a program:</p>
      <h3>HTTP</h3>
      <pre tabIndex={0} aria-label="HTTP call">
        <code>{`curl -H "Authorization: Bearer $TIDEMARK_KEY" "${origin}/api/v1/stock-sources?${query.toString()}"`}</code>
      </pre>
      <h3>Command line</h3>
      <pre tabIndex={0} aria-label="Command line">
        <code>{`tidemark source top ${flags}`}</code>
      </pre>
      <h3>Library</h3>
      <pre tabIndex={0} aria-label="Library call">
        <code>{`await new StockSuccessTracker({ pool, clock }).getTopSources(${String(named)}${more});`}</code>
      </pre>
    </section>
  );
}
