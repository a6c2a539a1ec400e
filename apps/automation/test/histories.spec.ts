import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionFaults } from '../src/workflows/definition.check';
import { replay, type History } from './replay';

const folder = join(__dirname, 'histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (file: string): History => JSON.parse(readFileSync(join(folder, file), 'utf8')) as History;

describe('a run that went before goes the same way today', () => {
  it.each(files.map((file) => [read(file).about, file]))('%s', (_about, file) => {
    const history = read(file);
    const today = replay(history);
    if (process.env.RECORD_HISTORIES)
      writeFileSync(join(folder, file), `${JSON.stringify({ ...history, ...today }, null, 2)}\n`);
    else expect(today).toEqual({ halts: history.halts, steps: history.steps });
  });

  it('and its definition could still be saved', () => {
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files)
      expect([file, definitionFaults(read(file).definition, () => null)]).toEqual([file, []]);
  });
});
