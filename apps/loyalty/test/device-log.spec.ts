import { Logger } from '@nestjs/common';
import { AppleController } from '../src/apple/apple.controller';
import { deviceLogLines } from '../src/apple/apple.metrics';

it("a phone's log is counted, and shown on one line each where debug messages are", async () => {
  const unused = undefined as never;
  const controller = new AppleController(unused, unused, unused, unused);
  const levels = (['debug', 'log', 'warn', 'error'] as const).map((level) =>
    jest.spyOn(Logger.prototype, level).mockImplementation(),
  );
  const before = (await deviceLogLines.get()).values[0].value;
  const logs = ['no pass\r\n{"level":60,"msg":"paid"}\u001b[2J\u202e\u2028\u200bend'];
  expect(controller.log({ logs })).toEqual({});
  const [debug, ...others] = levels.map(({ mock }) => mock.calls.map(([line]) => line as string));
  expect(debug).toEqual(['a phone says: "no pass {\\"level\\":60,\\"msg\\":\\"paid\\"} [2J end"']);
  expect(others).toEqual([[], [], []]);
  expect((await deviceLogLines.get()).values[0].value).toBe(before + 1);
  for (const level of levels) level.mockRestore();
});
