import { availableFrom, describeWhen } from './available';

/** The Chromium to start with playwright-core's `executablePath`: TEST_CHROMIUM, filled in by Jest's set-up. */
export const chromiumPath = availableFrom('TEST_CHROMIUM');

/** Runs in a browser; skipped aloud without one, failed with CI=true. */
export function describeWithBrowser(name: string, tests: () => void): void {
  describeWhen(chromiumPath !== undefined, 'Chromium', name, tests);
}
