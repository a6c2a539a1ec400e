import { Type, type Static } from '@sinclair/typebox';
import { readEnv, serviceVariables } from '@tearoff/service-kit';

const Environment = Type.Object(serviceVariables);
export type Environment = Static<typeof Environment>;

/** The only reader of the environment; throws EnvironmentError naming every fault. */
export const readEnvironment = (source: NodeJS.ProcessEnv): Environment => readEnv(Environment, source);
