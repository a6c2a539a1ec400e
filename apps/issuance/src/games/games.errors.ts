import { notFound, type DomainError } from '@tearoff/contracts';

export const playerNotFound = (): DomainError => notFound('player.not_found', 'There is no such player.');
