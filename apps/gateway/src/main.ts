import { runMain } from '@tearoff/service-kit';
import { start } from './start';

void runMain('gateway', (env) => start({ env }));
