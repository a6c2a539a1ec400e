import { queues, type EventDefinition, type ServiceName } from '@tearoff/contracts';

/** Types of all that a service is told besides `handled`: a stand-in of it must have a handler for each. */
export const otherEventsOf = (service: ServiceName, ...handled: EventDefinition[]): string[] => {
  const told = queues.filter((queue) => queue.service === service && queue.mode === 'events');
  const types = new Set(told.flatMap((queue) => queue.types.map(({ type }) => type)));
  return [...types].filter((type) => !handled.some((event) => event.type === type));
};
