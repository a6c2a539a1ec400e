import { EventEmitter } from 'node:events';
import type { ConfirmChannel, RecoveringChannelModel } from 'amqplib';
import { eventually } from '@tearoff/testing';
import { RecoveringChannel } from '../src/rabbitmq/recovering-channel';

const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

class FakeChannel extends EventEmitter {
  close = () => Promise.resolve();
}

/** A connection whose i-th channel is set up by `setUps[i]`; channels after the last have no setup. */
function recoveringChannel(
  setUps: ((channel: FakeChannel, recovering: RecoveringChannel) => Promise<void> | void)[],
) {
  const made: FakeChannel[] = [];
  const connection = {
    createConfirmChannel: () => {
      made.push(new FakeChannel());
      return Promise.resolve(made.at(-1));
    },
  } as unknown as RecoveringChannelModel;
  const onLost = jest.fn();
  const setUp = async (channel: ConfirmChannel): Promise<void> => {
    await setUps[made.length - 1]?.(channel, recovering);
  };
  const recovering: RecoveringChannel = new RecoveringChannel(connection, 'test', setUp, silent, onLost);
  return { recovering, made, onLost };
}

const closes = (channel: FakeChannel): void => void channel.emit('close');
const isCancelled = (channel: FakeChannel, recovering: RecoveringChannel): void =>
  recovering.discard(channel as unknown as ConfirmChannel);

describe('a channel that', () => {
  it.each([
    ['closes', closes],
    ['has its consumer cancelled', isCancelled],
  ])('%s during setup is not used, but opened again', async (_, end) => {
    const { recovering, made } = recoveringChannel([end, end]);
    await recovering.open();
    expect(made).toHaveLength(3);
    expect(recovering.channel).toBe(made[2]);
    await recovering.close();
  });

  it.each([
    ['closes', closes],
    ['has its consumer cancelled', isCancelled],
  ])('%s during setup when it is reopened, is opened once more', async (_, end) => {
    const { recovering, made, onLost } = recoveringChannel([() => undefined, end]);
    await recovering.open();
    made[0].emit('close');
    expect(recovering.isOpen).toBe(false);
    await eventually(() => expect(made).toHaveLength(3));
    await eventually(() => expect(recovering.channel).toBe(made[2]));
    expect(onLost).toHaveBeenCalledTimes(1);
    await recovering.close();
  });

  it('cannot be set up at first rejects `open`, and is not tried again', async () => {
    const { recovering, made } = recoveringChannel([() => Promise.reject(new Error('no such queue'))]);
    await expect(recovering.open()).rejects.toThrow('no such queue');
    expect(made).toHaveLength(1);
  });

  it('is closed while it is being set up stays closed', async () => {
    const { recovering, made } = recoveringChannel([(_, opening) => void opening.close(), () => undefined]);
    await recovering.open();
    expect([made.length, recovering.isOpen]).toEqual([1, false]);
  });
});
