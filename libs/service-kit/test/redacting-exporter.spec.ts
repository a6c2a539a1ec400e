import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { core, tracing } from '@opentelemetry/sdk-node';
import { RedactingExporter } from '../src/tracing/redacting.exporter';

const kept = new tracing.InMemorySpanExporter();
const provider = new tracing.BasicTracerProvider({
  spanProcessors: [new tracing.SimpleSpanProcessor(new RedactingExporter(kept))],
});
const tracer = provider.getTracer('test');
beforeEach(() => kept.reset());
afterAll(() => provider.shutdown());

/** As it left. */
function exported(): tracing.ReadableSpan {
  const [span] = kept.getFinishedSpans();
  return span;
}

describe('a span that leaves', () => {
  it('of a request is known by its route, not by who asked for what', () => {
    const attributes = {
      'http.request.method': 'GET',
      'url.path': '/v1/contacts/kim',
      'url.query': 'phone=1',
      'http.target': '/v1/contacts/kim?phone=1',
      'client.address': '203.0.113.9',
      'network.peer.address': '203.0.113.9',
      'user_agent.original': 'Kim’s phone',
    };
    const span = tracer.startSpan('GET', { kind: SpanKind.SERVER, attributes });
    span.setAttribute('http.route', '/v1/contacts/:contact').updateName('GET /v1/contacts/:contact').end();
    expect(exported()).toMatchObject({ name: 'GET /v1/contacts/:contact' });
    expect(exported().attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/v1/contacts/:contact',
    });
  });

  it('of a call outwards names the server alone', () => {
    const attributes = { 'url.full': 'https://me:x@push.example/3/device/0a0b?key=1', 'server.port': 443 };
    tracer.startSpan('POST', { kind: SpanKind.CLIENT, attributes }).end();
    expect(exported().attributes).toEqual({ 'url.full': 'https://push.example', 'server.port': 443 });
  });

  it('of a failed query says what failed, without values', () => {
    const span = tracer.startSpan('pg.query:INSERT', {
      attributes: { 'db.query.text': `insert into t values ($1, 'Kim')`, 'db.postgresql.values': ['Kim'] },
    });
    const message = 'invalid input syntax for type uuid: "Kim"';
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    span.recordException(new Error('Key (phone)=(+447400123456) already exists.'));
    span.addEvent('to kim@example.com', { to: 'kim@example.com', list: ['kim@example.com'] });
    span.end();
    const { status, events, attributes } = exported();
    expect(attributes).toEqual({ 'db.query.text': `insert into t values ($1, '…')` });
    expect(status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'invalid input syntax for type uuid: "[hidden]"',
    });
    expect(events[0].attributes).toMatchObject({
      'exception.message': 'Key (phone)=([hidden]) already exists.',
      'exception.stacktrace': expect.not.stringContaining('447400123456'),
    });
    expect(events[1]).toMatchObject({
      name: 'to [hidden]',
      attributes: { to: '[hidden]', list: ['[hidden]'] },
    });
  });

  it("hands on a caller's tracestate unless it could name a person", () => {
    const context = (state: string) => ({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
      traceState: new core.TraceState(state),
    });
    const links = ['ot=th:8', 'crm=kim@example.com'].map((state) => ({ context: context(state) }));
    tracer.startSpan('linked', { links }).end();
    expect(exported().links.map((link) => link.context.traceState?.serialize())).toEqual([
      'ot=th:8',
      undefined,
    ]);
  });
});
