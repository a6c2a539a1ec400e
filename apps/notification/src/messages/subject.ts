import { oneLine } from '../rendering/one-line';

const longest = 200;

/** The subject of a mail, on one line; where it would say nothing, the first line of the text that says something. */
export function subjectOf(subject: string | null | undefined, text: string): string {
  const line = oneLine(subject ?? '');
  if (line !== '') return line;
  const first =
    text
      .split('\n')
      .map(oneLine)
      .find((each) => each !== '') ?? '';
  return oneLine(first.slice(0, longest));
}
