import type { Clock } from '../contracts/ports.js';

/** The clock that TIDEMARK_CLOCK asks for: the system's, or one that stands at an instant. */
export function createClock(reading: 'system' | Date): Clock {
  if (reading === 'system') return { now: () => new Date() };
  const instant = reading.getTime();
  return { now: () => new Date(instant) };
}
