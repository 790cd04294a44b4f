/** Rank and priority of insights, and figures as words. */

export type Difficulty = 'easy' | 'moderate' | 'hard';

const ease: Record<Difficulty, number> = { easy: 1, moderate: 0.7, hard: 0.4 };

/**
 * Expected effect × confidence × ease; each 0..1. An effect of 1 (twice as much, or nothing left) and more
 * counts as 1.
 */
export function rankOf(effect: number, confidence: number, difficulty: Difficulty): number {
  const share = (value: number): number => Math.min(1, Math.max(0, value));
  return share(Math.abs(effect)) * share(confidence) * ease[difficulty];
}

export function priorityOf(rank: number): 'low' | 'medium' | 'high' {
  return rank >= 0.4 ? 'high' : rank >= 0.15 ? 'medium' : 'low';
}

/** 0.25 → `25 %`; the sign is the caller's to put in words. */
export function percent(fraction: number): string {
  return `${Math.round(Math.abs(fraction) * 100)} %`;
}

/** −0.1, 0.25 → `−10 % to +25 %`. */
export function percentRange(low: number, high: number): string {
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${percent(value)}`;
  return `${signed(low)} to ${signed(high)}`;
}

/** A figure as a reader wants it: three digits, thousands grouped. */
export function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
