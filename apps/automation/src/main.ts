import { runMain } from '@tearoff/service-kit';
import { start } from './start';

void runMain('automation', (env) => start({ env }));
