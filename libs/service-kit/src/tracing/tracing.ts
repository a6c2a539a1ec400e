import type { NodeSDK } from '@opentelemetry/sdk-node';
import type { Instrumentation } from '@opentelemetry/instrumentation';
import { personalAttributes, RedactingExporter } from './redacting.exporter';

/** Addresses hold tokens and people; a caller's IP and user agent are a person's. */
const notRecorded = Object.fromEntries(personalAttributes.map((name) => [name, undefined]));
const enabled = Boolean(process.env.OTEL_EXPORTER_OTLP_ENDPOINT);
// Made on import, not in startTracing: an instrumentation only reaches modules that are required after it.
// The packages cost 100 ms and 30 MB, so they are loaded by those who asked for traces alone.
const instrumentations = enabled ? createInstrumentations() : [];
let sdk: NodeSDK | undefined;

/**
 * Exports OpenTelemetry traces over OTLP/HTTP when OTEL_EXPORTER_OTLP_ENDPOINT is set; otherwise loads
 * nothing. Spans leave without people's data and secrets. The other OTEL_* variables are the SDK's own. Resolves what is to be called last of all.
 */
export function startTracing(service: string): () => Promise<void> {
  if (!enabled) return async () => undefined;
  if (!sdk) {
    const { NodeSDK: Sdk, core } =
      require('@opentelemetry/sdk-node') as typeof import('@opentelemetry/sdk-node');
    const { OTLPTraceExporter } =
      require('@opentelemetry/exporter-trace-otlp-http') as typeof import('@opentelemetry/exporter-trace-otlp-http');
    sdk = new Sdk({
      serviceName: process.env.OTEL_SERVICE_NAME ?? `tearoff-${service}`,
      traceExporter: new RedactingExporter(new OTLPTraceExporter()),
      // No baggage: what a stranger puts into that header would go on to every provider and webhook.
      ...(!process.env.OTEL_PROPAGATORS && { textMapPropagator: new core.W3CTraceContextPropagator() }),
      instrumentations,
    });
    sdk.start();
  }
  return async () => {
    const running = sdk;
    sdk = undefined;
    await running?.shutdown();
  };
}

function createInstrumentations(): Instrumentation[] {
  const { HttpInstrumentation } =
    require('@opentelemetry/instrumentation-http') as typeof import('@opentelemetry/instrumentation-http');
  const { PgInstrumentation } =
    require('@opentelemetry/instrumentation-pg') as typeof import('@opentelemetry/instrumentation-pg');
  const { AmqplibInstrumentation } =
    require('@opentelemetry/instrumentation-amqplib') as typeof import('@opentelemetry/instrumentation-amqplib');
  return [
    new HttpInstrumentation({
      // Probes and scrapes come every few seconds and tell nothing.
      ignoreIncomingRequestHook: ({ url }) => /^\/(health|metrics)\b/.test(url ?? ''),
      requireParentforOutgoingSpans: true,
      // In place of what the instrumentation reads from the request. The gateway adds the route's template.
      startIncomingSpanHook: () => notRecorded,
      startOutgoingSpanHook: ({ protocol, hostname, host }) => ({
        'url.full': `${protocol ?? 'http:'}//${hostname ?? host ?? 'localhost'}`,
      }),
    }),
    // Without a parent these are the relay's polls.
    new PgInstrumentation({ requireParentSpan: true }),
    new AmqplibInstrumentation(),
  ];
}
