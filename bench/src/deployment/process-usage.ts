import { readFileSync } from 'node:fs';

export interface Memory {
  /** Megabytes now, and at most so far. */
  resident: number;
  peak: number;
}

/** From Linux' /proc; null elsewhere. */
export function memoryOf(pid: number): Memory | null {
  const text = read(`/proc/${pid}/status`);
  const megabytes = (name: string): number =>
    Math.round(Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1_024);
  return text ? { resident: megabytes('VmRSS'), peak: megabytes('VmHWM') } : null;
}

/** Starts counting the processor time that processes take; call the result for the words on it, a name each. */
export function meter(processes: readonly { name: string; pid: number }[]): (answers: number) => string {
  const before = processes.map(({ pid }) => processorSeconds(pid));
  return (answers) => {
    const costs = new Map<string, number>();
    processes.forEach(({ name, pid }, index) => {
      const microseconds = ((processorSeconds(pid) - before[index]) / answers) * 1e6;
      costs.set(name, (costs.get(name) ?? 0) + microseconds);
    });
    const words = [...costs].map(([name, microseconds]) => `${name} ${Math.round(microseconds)}`);
    return `    processor µs each: ${words.join(', ')}`;
  };
}

/** Seconds so far; NaN where /proc does not tell. */
function processorSeconds(pid: number): number {
  const fields = read(`/proc/${pid}/stat`).split(') ')[1]?.split(' ');
  // utime and stime, in hundredths of a second on every Linux there is.
  return fields ? (Number(fields[11]) + Number(fields[12])) / 100 : Number.NaN;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
