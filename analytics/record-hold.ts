/** By what factor a score must exceed those before it. */
const escalation = 1.3;

/** Admits a score that exceeds all admitted ones of the last points by the factor of an escalation. */
export class RecordHold {
  /** Admitted scores that nothing later exceeds, the earliest and largest first. */
  private readonly admitted: { index: number; score: number }[] = [];

  constructor(private readonly points: number) {}

  admits(index: number, score: number): boolean {
    const { admitted } = this;
    while (admitted.length > 0 && admitted[0]!.index < index - this.points) admitted.shift();
    if (!(score > escalation * (admitted[0]?.score ?? 0))) return false;
    admitted.length = 0;
    admitted.push({ index, score });
    return true;
  }
}
