/**
 * Keeps at most so many points of a longer series: the lowest and the highest of each stretch, in their order, so
 * that no peak is lost. A stretch without any value keeps its first point, which is a gap.
 */
export function thinned<Point extends { value: number | null }>(
  points: readonly Point[],
  most: number,
): Point[] {
  if (points.length <= most) return [...points];
  const stretches = Math.max(1, Math.floor(most / 2));
  const kept: Point[] = [];
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const first = Math.floor((stretch * points.length) / stretches);
    const end = Math.floor(((stretch + 1) * points.length) / stretches);
    let lowest = -1;
    let highest = -1;
    for (let index = first; index < end; index += 1) {
      const { value } = points[index]!;
      if (value === null) continue;
      if (lowest < 0 || value < points[lowest]!.value!) lowest = index;
      if (highest < 0 || value > points[highest]!.value!) highest = index;
    }
    const chosen = lowest < 0 ? [first] : [...new Set([lowest, highest])].sort((a, b) => a - b);
    kept.push(...chosen.map((index) => points[index]!));
  }
  return kept;
}
