import type { Attributes, AttributeValue, Link, SpanContext } from '@opentelemetry/api';
import type { tracing } from '@opentelemetry/sdk-node';
import { redactText, withoutLiterals } from '../privacy/redact-text';

type Span = tracing.ReadableSpan;

/** What the HTTP instrumentation reads from an incoming request, in its present and its former names. */
export const personalAttributes = [
  'url.path',
  'url.query',
  'url.full',
  'http.target',
  'http.url',
  'client.address',
  'http.client_ip',
  'network.peer.address',
  'net.peer.ip',
  'user_agent.original',
  'http.user_agent',
] as const;

const ofRequests = new Set<string>(personalAttributes);
const serverKind = 1;

/**
 * The last thing that spans pass before they leave: whatever recorded them, their names, attributes, events and status
 * go out without people's data and secrets.
 */
export class RedactingExporter implements tracing.SpanExporter {
  constructor(private readonly exporter: tracing.SpanExporter) {}

  export(spans: Span[], resultCallback: Parameters<tracing.SpanExporter['export']>[1]): void {
    this.exporter.export(spans.map(redactSpan), resultCallback);
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }
}

export function redactSpan(span: Span): Span {
  const { status, events, links } = span;
  const spanContext = withoutPersonalState(span.spanContext());
  // A view of the span: what is not named here is read from it.
  return Object.create(span, {
    name: { value: isOfRoute(span) ? span.name : redactText(span.name) },
    attributes: { value: redactAttributes(span.attributes, span.kind === serverKind) },
    status: { value: status.message ? { ...status, message: redactText(status.message) } : status },
    events: {
      value: events.map((event) => ({
        ...event,
        name: redactText(event.name),
        attributes: event.attributes && redactAttributes(event.attributes),
      })),
    },
    links: {
      value: links.map((link): Link => ({
        ...link,
        context: withoutPersonalState(link.context),
        attributes: link.attributes && redactAttributes(link.attributes),
      })),
    },
    spanContext: { value: () => spanContext },
  }) as Span;
}

/** Named after its route's template, which holds nothing but is written as an address is. */
const isOfRoute = ({ name, attributes }: Span): boolean =>
  typeof attributes['http.route'] === 'string' && name.endsWith(` ${attributes['http.route']}`);

function redactAttributes(attributes: Attributes, ofServer = false): Attributes {
  const kept = Object.entries(attributes).flatMap(([name, value]): [string, AttributeValue | undefined][] => {
    // Of an outgoing call: where it went, which is a provider.
    if (!ofServer && (name === 'url.full' || name === 'http.url')) return [[name, originOf(value)]];
    if (ofServer ? ofRequests.has(name) : /^(url\.(path|query)|http\.target)$/.test(name)) return [];
    if (name === 'db.postgresql.values') return [];
    if (name === 'http.route') return [[name, value]];
    if (name === 'db.query.text' || name === 'db.statement') return [[name, withoutLiterals(String(value))]];
    return [[name, redactAttribute(value)]];
  });
  return Object.fromEntries(kept);
}

const redactAttribute = (value: AttributeValue | undefined): AttributeValue | undefined =>
  typeof value === 'string'
    ? redactText(value)
    : Array.isArray(value)
      ? value.map((each: unknown) => (typeof each === 'string' ? redactText(each) : each) as string)
      : value;

function originOf(value: AttributeValue | undefined): string | undefined {
  const url = String(value);
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** A caller writes its `tracestate` freely; one that could name a person is not handed on to the collector. */
function withoutPersonalState(context: SpanContext): SpanContext {
  const state = context.traceState?.serialize();
  return !state || redactText(state) === state ? context : { ...context, traceState: undefined };
}
