import { gaussian, seeded } from './random.js';

export interface PlantedEvent {
  at: number;
  kind: 'spike' | 'drop' | 'level' | 'silence';
}

/**
 * A year of daily views as a content gains them: launch decay (or none) × week × noise with memory, counts on
 * top, and up to two events far enough apart.
 */
export function generateViews(seed: number): { values: Float64Array; events: PlantedEvent[] } {
  const uniform = seeded(seed);
  const normal = gaussian(uniform);
  const length = 365;
  const base = Math.exp(3 + 7 * uniform());
  const noise = 0.05 + 0.2 * uniform();
  const decay = uniform() < 0.5 ? 0.3 + 0.8 * uniform() : 0;
  const week = Array.from({ length: 7 }, () => Math.exp(0.2 * normal()));
  const memory = 0.5 * uniform();
  let state = 0;
  const level = Float64Array.from({ length }, (_, i) => {
    state = memory * state + Math.sqrt(1 - memory * memory) * normal();
    const launch = decay > 0 ? 1 + 20 * (1 + i) ** -decay : 1;
    return base * launch * week[i % 7]! * Math.exp(noise * state);
  });
  const events: PlantedEvent[] = [];
  for (let wanted = Math.floor(3 * uniform()); wanted > 0; wanted--) {
    const at = 40 + Math.floor(300 * uniform());
    const chance = uniform();
    if (events.some((event) => Math.abs(event.at - at) < 25)) continue;
    const kind = chance < 0.4 ? 'spike' : chance < 0.7 ? 'drop' : chance < 0.85 ? 'level' : 'silence';
    events.push({ at, kind });
    if (kind === 'spike') {
      const factor = Math.exp(1.2 + 1.2 * uniform());
      level[at] = level[at]! * factor;
      level[at + 1] = level[at + 1]! * (1 + 0.3 * (factor - 1));
    } else if (kind === 'drop') level[at] = level[at]! * (0.05 + 0.2 * uniform());
    else if (kind === 'level') {
      const factor = Math.exp((uniform() < 0.5 ? -1 : 1) * (1 + 0.8 * uniform()));
      for (let i = at; i < length; i++) level[i] = level[i]! * factor;
    }
  }
  const values = level.map((value) => Math.max(0, Math.round(value + Math.sqrt(value) * normal())));
  for (const { at, kind } of events) if (kind === 'silence') values.fill(0, at, at + 3);
  return { values, events };
}
