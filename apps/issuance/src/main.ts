import { runMain } from '@tearoff/service-kit';
import { start } from './start';

void runMain('issuance', (env) => start({ env }));
