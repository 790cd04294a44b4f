/** Figures, changes, moments and titles as the pages write them: all in one locale. */
import type { VNode } from 'preact';
import { shortNumber } from '../../charts/geometry.js';

const locale = 'en-GB';
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const threeDigits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });

/** Formats by their number of decimals, each made once: making one takes longer than a hundred uses. */
function byDecimals(
  optionsOf: (decimals: number) => Intl.NumberFormatOptions,
): (decimals: number) => Intl.NumberFormat {
  const made = new Map<number, Intl.NumberFormat>();
  return (decimals) => {
    const format = made.get(decimals) ?? new Intl.NumberFormat(locale, optionsOf(decimals));
    made.set(decimals, format);
    return format;
  };
}
const upTo = byDecimals((decimals) => ({ maximumFractionDigits: decimals }));
const exactly = byDecimals((decimals) => ({
  ...{ minimumFractionDigits: decimals, maximumFractionDigits: decimals },
}));

/** A metric's value, whatever its size: whole ones and large ones whole, small ones in three digits. */
export function numberText(value: number | null): string {
  if (value === null || Number.isInteger(value) || Math.abs(value) >= 1_000) return figure(value);
  return threeDigits.format(value).replace(/^-/, '−');
}

/** A share of whatever size, in three digits: `0.468 %`, `1,230 %`. */
export function percentText(share: number | null): string {
  return share === null ? '–' : `${threeDigits.format(share * 100).replace(/^-/, '−')} %`;
}

/** A figure in large: short, with the whole one for whoever asks. */
export function LargeFigure({ value }: { value: number }): VNode {
  const text = numberText(value);
  const short = Math.abs(value) >= 100_000 ? shortNumber(value) : text;
  return <span class="figure-value">{short === text ? text : <abbr title={text}>{short}</abbr>}</span>;
}

/** What changed, by an arrow, a share and a word. */
export function Change({ current, former }: { current: number; former: number | null }): VNode {
  if (former === null) return <span class="quiet">nothing to compare with</span>;
  if (former === 0) return <span class="quiet">{current === 0 ? 'as before: none' : 'none before'}</span>;
  const share = current / former - 1;
  if (Math.abs(share) < 0.0005) return <span class="quiet">→ unchanged</span>;
  const text = `${percentText(Math.abs(share))} ${share > 0 ? 'more' : 'less'}`;
  return share > 0 ? (
    <span class="change-up">{`↑ ${text}`}</span>
  ) : (
    <span class="change-down">{`↓ ${text}`}</span>
  );
}

/** `1,234`; up to so many decimals, none unless told; `–` for what is not known. */
export function figure(value: number | null | undefined, decimals = 0): string {
  if (value == null || !Number.isFinite(value)) return '–';
  const text = decimals === 0 ? whole.format(value) : upTo(decimals).format(value);
  return text.replace(/^-/, '−');
}

/** With exactly so many decimals, so that a column lines up. */
export function fixed(value: number | null | undefined, decimals: number): string {
  if (value == null || !Number.isFinite(value)) return '–';
  return exactly(decimals).format(value).replace(/^-/, '−');
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

/** An instant in the zone that the page is read in. */
export function momentText(at: Date, zone: string): string {
  return at.toLocaleString(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
    timeZoneName: 'short',
  });
}

/** A release by its title, in the direction that the title itself has. */
export function ReleaseLink({ id, title }: { id: number; title: string | undefined }): VNode {
  return (
    <a href={`/releases/${String(id)}`} dir="auto">
      {title ?? `Release ${String(id)}`}
    </a>
  );
}
