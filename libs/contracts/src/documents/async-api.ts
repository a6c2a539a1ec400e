import { definedCommands, definedEvents, type CommandDefinition, type EventDefinition } from '../definitions';
import { EventEnvelope } from '../envelope';
import { queues } from '../topology';
import { plainSchema, type JsonSchema } from './json-schemas';

const exchange = { name: 'tearoff.events', type: 'topic', durable: true, autoDelete: false };
const bindingVersion = '0.3.0';

/**
 * The messages between the services as an AsyncAPI 3.0.0 document: a channel an event (CloudEvents 1.0 on a topic
 * exchange) and a channel a command (request and reply on its service's queue), with the service that sends it and
 * those that receive it.
 */
export function asyncApiDocument({ version }: { version: string }): JsonSchema {
  const [commands, events] = [definedCommands(), definedEvents()];
  return plainSchema({
    asyncapi: '3.0.0',
    info: {
      title: 'Tearoff: messages between its services',
      version,
      description:
        'Events are CloudEvents 1.0 in structured JSON; one event carries 1 to 500 items of one shape. A service ' +
        'consumes an event once, by its id. Commands are answered or refused before their deadline.',
      license: { name: 'AGPL-3.0-only', url: 'https://www.gnu.org/licenses/agpl-3.0.html' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries([...events.map(channelOfEvent), ...commands.map(channelOfCommand)]),
    operations: Object.fromEntries([
      ...events.flatMap(operationsOfEvent),
      ...commands.map(operationOfCommand),
    ]),
    components: {
      messages: Object.fromEntries([...events.map(messageOfEvent), ...commands.flatMap(messagesOfCommand)]),
    },
  });
}

const ref = (...path: string[]) => ({
  $ref: `#/${path.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
});

const channelOfEvent = ({ type }: EventDefinition) => [
  type,
  {
    address: type,
    messages: { event: ref('components', 'messages', type) },
    bindings: { amqp: { is: 'routingKey', exchange, bindingVersion } },
  },
];

const channelOfCommand = ({ name, service }: CommandDefinition) => [
  name,
  {
    address: `tearoff.${service}.rpc`,
    messages: {
      request: ref('components', 'messages', `${name}.request`),
      reply: ref('components', 'messages', `${name}.reply`),
    },
    bindings: {
      amqp: {
        is: 'queue',
        queue: { name: `tearoff.${service}.rpc`, durable: true, autoDelete: true },
        bindingVersion,
      },
    },
  },
];

function operationsOfEvent({ type, source }: EventDefinition) {
  const channel = ref('channels', type);
  const messages = [ref('channels', type, 'messages', 'event')];
  const receivers = queues.filter(({ types }) => types.some((each) => each.type === type));
  return [
    [`${source}.sends.${type}`, { action: 'send', channel, messages, tags: [{ name: source }] }],
    ...receivers.map(({ name, service }) => [
      `${name}.receives.${type}`,
      { action: 'receive', channel, messages, tags: [{ name: service }] },
    ]),
  ];
}

const operationOfCommand = ({ name, service, batch, deadlineMs }: CommandDefinition) => [
  `${service}.answers.${name}`,
  {
    action: 'receive',
    channel: ref('channels', name),
    messages: [ref('channels', name, 'messages', 'request')],
    reply: { channel: ref('channels', name), messages: [ref('channels', name, 'messages', 'reply')] },
    tags: [{ name: service }],
    'x-batch': batch,
    'x-deadline-ms': deadlineMs,
  },
];

function messageOfEvent({ type, item }: EventDefinition) {
  const { data } = EventEnvelope.properties;
  const payload = {
    ...EventEnvelope,
    properties: {
      ...EventEnvelope.properties,
      type: { const: type },
      data: { ...data, properties: { ...data.properties, items: { ...data.properties.items, items: item } } },
    },
  };
  return [type, { name: type, contentType: 'application/cloudevents+json', payload }];
}

const messagesOfCommand = ({ name, request, reply }: CommandDefinition) => [
  [
    `${name}.request`,
    { name: `${name}.request`, summary: 'One of `items[].data` of a command message.', payload: request },
  ],
  [
    `${name}.reply`,
    { name: `${name}.reply`, summary: 'One of `results[].ok` of a reply message.', payload: reply },
  ],
];
