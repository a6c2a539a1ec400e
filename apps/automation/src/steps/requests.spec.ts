import { Scope } from '../references/scope';
import type { RunState } from '../runs/run';
import { prepare } from './requests';

const state = { step: { effectId: 'eff_1' } } as unknown as RunState;

const prepared = (token: unknown) =>
  prepare(
    {
      id: 'call',
      kind: 'webhook',
      spec: {
        url: 'https://shop.example/hook',
        body: {},
        headers: { Authorization: 'Bearer ${params.token}' },
      },
    } as unknown as Parameters<typeof prepare>[0],
    state,
    new Scope({ event: 'x', key: 'k', params: { token }, contact: null, steps: {} }),
  );

describe('the headers of a webhook step', () => {
  it('are what the step says, without blanks around', () => {
    expect(prepared('abc\n')).toMatchObject({
      effect: { call: { headers: { authorization: 'Bearer abc' } } },
    });
  });

  it.each(['a\r\nx-forged: 1', 'řehoř', 'č\u0a0ax-forgedĺ1', 'a\0b', 'a\u0085b'])(
    'are refused where no header can hold them, and not cut: %j',
    (token) =>
      expect(prepared(token)).toEqual({
        code: 'step.invalid_input',
        message: '/headers/authorization holds what no header can',
      }),
  );
});
