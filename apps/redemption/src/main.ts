import { runMain } from '@tearoff/service-kit';
import { start } from './start';

void runMain('redemption', (env) => start({ env }));
