import { runMain } from '@tearoff/service-kit';
import { start } from './start';

void runMain('loyalty', (env) => start({ env }));
