/** How long a sweeper that knows of nothing due waits at most: another instance may have made something due. */
export class SweepPace {
  constructor(readonly maxMs = 10_000) {}
}
