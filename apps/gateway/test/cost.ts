/** Processor time of this process, in microseconds: other processes of a busy machine do not count. */
const now = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

/** The least of some tries: what else the process does can only add to it. */
async function costOf(act: () => Promise<unknown>, tries: number): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < tries; i++) {
    const begun = now();
    await act();
    least = Math.min(least, now() - begun);
  }
  return least;
}

/** Below this the clock and the rest of the process weigh as much as what is measured. */
const floor = 10_000;

/**
 * How many times as much processor time `act` takes for four times as much of something: up to 4 where the cost is
 * linear, 16 where it is quadratic.
 */
export async function growth(few: number, act: (size: number) => unknown, tries = 6): Promise<number> {
  const one = await costOf(async () => act(few), tries);
  const four = await costOf(async () => act(4 * few), tries);
  return four / Math.max(one, floor);
}

export const linear = 8;
