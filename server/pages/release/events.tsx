import type { VNode } from 'preact';
import type { ReleaseEvent } from '../../../services/release-events.js';
import { wordFor } from '../filter-bar.js';
import { periodInWords } from '../filter.js';
import { numberText } from '../parts/figures.js';
import type { ReleaseView } from './view.js';

/** An event in one sentence. */
export function eventText(event: ReleaseEvent): string {
  const where = event.platform === null ? '' : ` on ${wordFor(event.platform)}`;
  const value = event.value === null ? '' : `: ${numberText(event.value)}`;
  const expected =
    event.lower === null || event.upper === null
      ? ''
      : `, expected ${numberText(event.lower)} to ${numberText(event.upper)}`;
  return `${event.day}, ${event.text}${where}${value}${expected}`;
}

/** What happened to it meanwhile, as a table. */
export function Events({ happened, read }: ReleaseView): VNode {
  const { events } = happened;
  return (
    <section aria-labelledby="events">
      <h2 id="events">What happened</h2>
      {events.length === 0 ? (
        <p class="empty">Nothing unusual from {periodInWords(read.filter.from, read.filter.to)}.</p>
      ) : (
        <div class="table-scroll" tabIndex={0} role="group" aria-labelledby="events">
          <table>
            <thead>
              <tr>
                <th scope="col">Day</th>
                <th scope="col">What</th>
                <th scope="col">Platform</th>
                <th scope="col" class="number">
                  Value
                </th>
                <th scope="col" class="number">
                  Expected
                </th>
                <th scope="col">Collected by</th>
                <th scope="col">Found by</th>
              </tr>
            </thead>
            <tbody>
              {events.map((event) => (
                <tr key={eventText(event)}>
                  <th scope="row">
                    <time dateTime={event.day}>{event.day}</time>
                  </th>
                  <td dir="auto">
                    {event.text}
                    {event.shared ? <span class="tag">as most that day</span> : null}
                  </td>
                  <td>{event.platform === null ? 'all' : wordFor(event.platform)}</td>
                  <td class="number">{numberText(event.value)}</td>
                  <td class="number">
                    {event.lower !== null && event.upper !== null
                      ? `${numberText(event.lower)} to ${numberText(event.upper)}`
                      : event.kind === 'platform_correction'
                        ? `was ${numberText(event.expected)}`
                        : numberText(event.expected)}
                  </td>
                  <td>
                    <RunLink id={event.collected_by} />
                  </td>
                  <td>
                    <RunLink id={event.run_id} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function RunLink({ id }: { id: string | null }): VNode {
  return id === null ? <>–</> : <a href={`/runs/${id}`}>run {id}</a>;
}
