import { runMain } from '@tearoff/service-kit';
import { start } from './start';

void runMain('insights', (env) => start({ env }));
