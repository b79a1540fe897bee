// The process in which a worker's engine runs, see src/engine/EngineProcess.ts.
import { register } from 'tsx/esm/api';

register();
await import('./src/engine/answerRequests.ts');
