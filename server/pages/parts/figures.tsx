/** Figures, moments and titles as the pages write them. */
import type { VNode } from 'preact';

const locale = 'en-GB';
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });

/** `1,234`; up to so many decimals, none unless told; `–` for what is not known. */
export function figure(value: number | null | undefined, decimals = 0): string {
  if (value == null || !Number.isFinite(value)) return '–';
  const text =
    decimals === 0
      ? whole.format(value)
      : new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }).format(value);
  return text.replace(/^-/, '−');
}

/** With exactly so many decimals, so that a column lines up. */
export function fixed(value: number | null | undefined, decimals: number): string {
  if (value == null || !Number.isFinite(value)) return '–';
  return new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
    .format(value)
    .replace(/^-/, '−');
}

/** `+0.42`, `−1.30`. */
export function signed(value: number, decimals: number): string {
  return value > 0 ? `+${fixed(value, decimals)}` : fixed(value, decimals);
}

/** A fraction as `12.5 %`. */
export function percent(fraction: number | null | undefined, decimals = 1): string {
  return fraction == null || !Number.isFinite(fraction) ? '–' : `${figure(fraction * 100, decimals)} %`;
}

/** A probability in at most three digits; a tiny one as `< 0.001`. */
export function probability(p: number | null | undefined): string {
  if (p == null || !Number.isFinite(p)) return '–';
  return p < 0.001 ? '< 0.001' : figure(p, 3);
}

/** `3 releases`, `1 release`. */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${figure(count)} ${count === 1 ? one : several}`;
}

/** A stretch of time in its largest two units. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 60) return `${figure(seconds, 1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min ${String(Math.floor(seconds % 60))} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48
    ? `${String(hours)} h ${String(minutes % 60)} min`
    : `${String(Math.floor(hours / 24))} days`;
}

/** A moment in UTC, to the minute; in the machine's form beside it. */
export function Instant({ at }: { at: Date | string | null }): VNode {
  if (at === null) return <span class="quiet">–</span>;
  const iso = typeof at === 'string' ? at : at.toISOString();
  return <time dateTime={iso}>{`${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`}</time>;
}

/** A release by its title, in the direction that the title itself has. */
export function ReleaseLink({ id, title }: { id: number; title: string | undefined }): VNode {
  return (
    <a href={`/releases/${String(id)}`} dir="auto">
      {title ?? `Release ${String(id)}`}
    </a>
  );
}
