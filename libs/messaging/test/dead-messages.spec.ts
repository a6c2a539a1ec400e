import { markDriverError } from '@tearoff/contracts';
import { eventually } from '@tearoff/testing';
import { consumeDeadMessages } from '../src/inbox/dead-messages';
import type { Outbox } from '../src/outbox/outbox';
import type { DeadMessage, Link } from '../src/transport';

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };
const databaseUnavailable = markDriverError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }));

/** A broker that redelivers its one message whenever it is returned, and a database that fails with a given error. */
async function setUp({ first, max }: { first: number; max: number }) {
  const state = { failure: undefined as Error | undefined, tries: 0, nacks: 0, acks: 0 };
  let deliver: (message: DeadMessage) => void = () => undefined;
  let consuming = true;
  const message: DeadMessage = {
    queue: 'issuance.events',
    cause: 'rejected',
    body: '[]',
    read: () => ({ events: [], unreadable: [] }),
    ack: () => void state.acks++,
    nack: () => {
      state.nacks++;
      if (consuming) setImmediate(() => deliver(message));
    },
  };
  const link = {
    consumeDead: (_: string, onMessage: (given: DeadMessage) => void) => {
      deliver = onMessage;
      setImmediate(() => deliver(message));
      return Promise.resolve({ stop: () => Promise.resolve(void (consuming = false)) });
    },
  } as unknown as Link;
  const outbox = {
    transaction: () => {
      state.tries++;
      return state.failure ? Promise.reject(state.failure) : Promise.resolve();
    },
  } as unknown as Outbox;
  const failWith = (failure?: Error): void => void (state.failure = failure);
  failWith(databaseUnavailable);
  const consumer = await consumeDeadMessages('issuance', link, outbox, { first, max }, silent);
  return { state, failWith, stop: () => consumer.stop() };
}

describe('a dead message that cannot be recorded', () => {
  it('is held, not returned to the broker, while the database is unavailable', async () => {
    const { state, failWith, stop } = await setUp({ first: 1, max: 2 });
    await eventually(() => expect(state.tries).toBeGreaterThan(20));
    expect(state).toMatchObject({ nacks: 0, acks: 0 });
    failWith();
    await eventually(() => expect(state.acks).toBe(1));
    await stop();
  });

  it('is returned only after growing pauses when the database refuses it', async () => {
    const { state, failWith, stop } = await setUp({ first: 1, max: 64 });
    failWith(new Error('a check constraint'));
    await eventually(() => expect(state.nacks).toBe(2));
    // 1, 2, 4 … 64 ms: seven tries each time before it is returned.
    expect(state.tries).toBeGreaterThanOrEqual(13);
    await stop();
  });

  it('is returned immediately at a stop, however long the pause', async () => {
    const { state, stop } = await setUp({ first: 3_600_000, max: 3_600_000 });
    await eventually(() => expect(state.tries).toBe(1));
    await stop();
    expect(state).toMatchObject({ nacks: 1, acks: 0 });
  });
});
