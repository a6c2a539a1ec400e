import * as contracts from './index';
import { queues, type CommandDefinition, type EventDefinition } from './index';

const all: unknown[] = [
  ...Object.values(contracts),
  ...Object.values(contracts.deadLetterCommands).flatMap((ofService) => Object.values(ofService)),
];
const commands = all.filter(
  (value): value is CommandDefinition => typeof value === 'object' && value !== null && 'reply' in value,
);
const events = all.filter(
  (value): value is EventDefinition => typeof value === 'object' && value !== null && 'item' in value,
);

describe('the contracts between services', () => {
  it('name who consumes what', () => {
    const bindings = queues.map(
      ({ name, mode, types }) => `${name} (${mode}): ${types.map(({ type }) => type).join(', ')}`,
    );
    expect(bindings).toMatchSnapshot();
  });

  it('give every command and every event a name of its own, and events a version and the past tense', () => {
    const names = [...commands.map(({ name }) => name), ...events.map(({ type }) => type)];
    expect(new Set(names).size).toBe(names.length);
    for (const { type } of events) expect(type).toMatch(/^[a-z]+\.[a-z_]+\.v[1-9]$/);
  });
});
