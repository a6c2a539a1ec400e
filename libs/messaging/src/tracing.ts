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
const isBatchSpan = createContextKey('tearoff.messaging: a span of several requests');

/** Whether a tracer provider is registered: without one, extracting the contexts of a whole batch is wasted time. */
function isTracingEnabled(): boolean {
  const provider = trace.getTracerProvider();
  return (
    !(provider instanceof ProxyTracerProvider) ||
    provider.getDelegateTracer('tearoff.messaging') !== undefined
  );
}

/**
 * The caller's context with its `traceparent` replaced by the active span's, when tracing is on. In a span of several
 * requests each request keeps the `traceparent` it came with, because that span belongs to none of them.
 */
export function currentContext(given: MessageContext | undefined): MessageContext | undefined {
  if (!trace.getActiveSpan() || (given?.traceparent && context.active().getValue(isBatchSpan))) return given;
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ? { ...given, traceparent: carrier.traceparent } : given;
}

/**
 * Runs `work` in a span. The span is a child of the request that caused it; a batch's span is linked to each request
 * instead (OpenTelemetry messaging conventions).
 */
export async function inSpan<T>(
  name: string,
  kind: 'command' | 'event',
  causes: readonly (MessageContext | undefined | null)[],
  work: () => Promise<T>,
): Promise<T> {
  if (!isTracingEnabled()) return work();
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
  const parent = remote.length === 1 ? remote[0] : ROOT_CONTEXT.setValue(isBatchSpan, remote.length > 1);
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
