import {
  context,
  createContextKey,
  propagation,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { MessageContext } from '@tearoff/contracts';

const tracer = trace.getTracer('tearoff.messaging');
const ofMany = createContextKey('tearoff.messaging: a span of several requests');

/** Whether anyone has set tracing up: reading the contexts of a whole batch for no one is not free. */
function isTraced(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegateTracer('tearoff.messaging') !== undefined
  );
}

/**
 * The caller's context, with the trace that is active here (when tracing is on) in place of the one it came with; a
 * batch's span is no request's, and there each keeps its own.
 */
export function currentContext(given: MessageContext | undefined): MessageContext | undefined {
  if (!trace.getActiveSpan() || (given?.traceparent && context.active().getValue(ofMany))) return given;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ? { ...given, traceparent: carrier.traceparent } : given;
}

/**
 * Runs `work` in a span: the child of the one request that caused it, or, for a batch, a span linked to each
 * of them (OpenTelemetry messaging conventions).
 */
export async function inSpan<T>(
  name: string,
  kind: 'command' | 'event',
  causes: readonly (MessageContext | undefined | null)[],
  work: () => Promise<T>,
): Promise<T> {
  if (!isTraced()) return work();
  const remote = causes
    .filter((cause) => cause?.traceparent)
    .map((cause) => propagation.extract(ROOT_CONTEXT, { traceparent: cause!.traceparent }));
  const options = {
    kind: kind === 'command' ? SpanKind.SERVER : SpanKind.CONSUMER,
    attributes: { 'messaging.batch.message_count': causes.length, 'messaging.operation.name': name },
    links: remote
      .slice(remote.length === 1 ? 1 : 0, 128)
      .flatMap((parent) => trace.getSpanContext(parent) ?? [])
      .map((spanContext) => ({ context: spanContext })),
  };
  const parent = remote.length === 1 ? remote[0] : ROOT_CONTEXT.setValue(ofMany, remote.length > 1);
  return tracer.startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.recordException(error as Error);
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
