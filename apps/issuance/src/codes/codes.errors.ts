import { conflict, invalid, type DomainError } from '@tearoff/contracts';

export const codesNotImported = (): DomainError =>
  conflict(
    'codes.not_imported',
    'The campaign makes its own codes; only one whose source is imported takes others.',
  );

export const codesNotGenerated = (): DomainError =>
  conflict('codes.not_generated', 'The campaign lives on imported codes alone; none are made for it.');

export const formatTooSmall = (count: number): DomainError =>
  invalid('codes.format_too_small', 'The format of its codes has too little room for so many.', {
    errors: [{ path: '/count', message: `${count} codes of this format would be too easy to guess` }],
  });

export const spaceExhausted = (): DomainError =>
  conflict('codes.space_exhausted', 'No further codes of this format could be found.');

export const chunkOutOfOrder = (expected: number): DomainError =>
  conflict('codes.chunk_out_of_order', `Chunk ${expected} is expected next.`, { expected });

export const importClosed = (): DomainError =>
  conflict('codes.import_closed', 'The import has been finished or abandoned.');
