import { context, propagation, trace } from '@opentelemetry/api';
import { node } from '@opentelemetry/sdk-node';
import { currentContext, inSpan } from './tracing';

const traceparentOf = (trace: string): string => `00-${trace.repeat(32)}-${'1'.repeat(16)}-01`;
const traceIdOf = (traceparent = ''): string => traceparent.slice(3, 35);

describe('the context of what a handler sends', () => {
  beforeAll(() => new node.NodeTracerProvider().register());
  afterAll(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });

  it('continues the trace of the one request that is handled', async () => {
    const given = { correlationId: 'r', traceparent: traceparentOf('a') };
    const sent = await inSpan('one', 'event', [given], () => Promise.resolve(currentContext(given)));
    expect(sent).toMatchObject({ correlationId: 'r' });
    expect(traceIdOf(sent!.traceparent)).toBe('a'.repeat(32));
    expect(sent!.traceparent).not.toBe(given.traceparent);
  });

  it('keeps the trace of each request when a batch is handled', async () => {
    const causes = ['a', 'b', 'c'].map((name) => ({ traceparent: traceparentOf(name) }));
    const sent = await inSpan('many', 'event', causes, () => Promise.resolve(causes.map(currentContext)));
    expect(sent).toEqual(causes);
    const unknown = await inSpan('many', 'event', causes, () => Promise.resolve(currentContext(undefined)));
    expect(causes.map(({ traceparent }) => traceIdOf(traceparent))).not.toContain(
      traceIdOf(unknown?.traceparent),
    );
  });
});
