import type { Flow } from './definition';

/** In place of a parameter's name: the person an event is about. */
export const byContact = '@contact';

/** What a definition's runs may wait for: events, each with the names of what it is known by. */
export const waitsOf = ({ nodes }: Flow): string[] => [
  ...new Set(
    [...nodes.values()].flatMap((node) =>
      node.kind === 'waitFor'
        ? [
            JSON.stringify([
              node.spec.event,
              ...(node.match === 'contact' ? [byContact] : Object.keys(node.match.by).sort()),
            ]),
          ]
        : [],
    ),
  ),
];
