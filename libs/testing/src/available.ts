/** A server or browser that some tests need; empty or absent when the machine has none. */
export function availableFrom(variable: string): string | undefined {
  return process.env[variable] || undefined;
}

/**
 * A `describe` for tests that need something the machine may lack. Missing, they are skipped aloud; with CI=true that
 * is a failure, for a green run that tested nothing is worse than a red one.
 */
export function describeWhen(available: boolean, need: string, name: string, tests: () => void): void {
  if (available) describe(name, tests);
  else if (process.env.CI === 'true') {
    describe(name, () => {
      it(`needs ${need}`, () => {
        throw new Error(`${need} was not found, and with CI=true nothing may be skipped.`);
      });
    });
  } else {
    process.stderr.write(`SKIPPED, no ${need}: ${name}\n`);
    describe.skip(`${name} (skipped: no ${need})`, tests);
  }
}
