/** Every forbidden import under `root`, as `file: why`. */
export function findViolations(root: string): string[];
