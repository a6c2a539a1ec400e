import { conflict, type DomainError } from '@tearoff/contracts';

export const chunkOutOfOrder = (expected: number): DomainError =>
  conflict('distribution.chunk_out_of_order', `Chunk ${expected} is expected next.`, { expected });

export const listClosed = (): DomainError =>
  conflict('distribution.closed', 'The list has been finished, abandoned or cancelled.');
