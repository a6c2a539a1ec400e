import type { ServiceName } from '@tearoff/contracts';
import { inProcessTransport, rabbitTransport, type Transport } from '@tearoff/messaging';
import { describeWithBroker, testBroker } from './test-broker';

/** A transport that belongs to one test file. */
export interface TestTransport {
  transport: Transport;
  /** Removes what was declared on the broker; after everyone on it has closed. */
  cleanup: () => Promise<void>;
}

/** Opens another one each time. `hosted`: the services that a process without a broker runs, all by default. */
export type OpenTransport = (hosted?: readonly ServiceName[]) => TestTransport;

export const openInProcess: OpenTransport = (hosted) => ({
  transport: inProcessTransport(hosted),
  cleanup: () => Promise.resolve(),
});

const openOverRabbit: OpenTransport = () => {
  const { url, prefix, cleanup } = testBroker();
  return { transport: rabbitTransport({ url, prefix }), cleanup: () => cleanup() };
};

/** The same tests on each transport; over RabbitMQ they are skipped aloud without one, failed with CI=true. */
export function overBothTransports(tests: (means: OpenTransport) => void): void {
  describe('in-process', () => tests(openInProcess));
  describeWithBroker('over RabbitMQ', () => tests(openOverRabbit));
}

/** `overBothTransports` for a file that has one subject. */
export function describeOverBothTransports(name: string, tests: (means: OpenTransport) => void): void {
  describe(name, () => overBothTransports(tests));
}
