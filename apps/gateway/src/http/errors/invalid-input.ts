import { DomainError, type FieldError } from '@tearoff/contracts';

/** How many faults of one input are listed; of the others only their number is said. */
export const maxFaults = 20;

/** 400 with what is wrong where. `count`: how many faults there are in all, when those given are the first of them. */
export function invalidInput(
  faults: readonly FieldError[],
  count = faults.length,
  message = 'The body is not valid.',
): DomainError {
  const errors = faults.slice(0, maxFaults).map(withShortPath);
  const rest =
    count > errors.length
      ? ` It has ${count.toLocaleString('en')} faults, of which the first ${errors.length} are listed.`
      : '';
  return new DomainError('request.invalid', 'invalid', message + rest, { errors });
}

// A member's name may be as long as the body; what names a fault need not be.
const longestPath = 500;

const withShortPath = ({ path, message }: FieldError): FieldError => ({
  path: path.length > longestPath ? `${path.slice(0, longestPath)}…` : path,
  message,
});
